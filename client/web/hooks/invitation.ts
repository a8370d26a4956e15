/** A link to a circle that somebody followed before having a vault open; it waits in this tab and nowhere else. */
const KEY = 'alveole-invitation'

export const keepInvitation = (link: string): void => sessionStorage.setItem(KEY, link)
export const waitingInvitation = (): string | null => sessionStorage.getItem(KEY)
export const forgetInvitation = (): void => sessionStorage.removeItem(KEY)
