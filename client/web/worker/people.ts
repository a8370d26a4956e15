/** Circles and their members. */
import type { PeopleApi } from './api.ts'
import { openedVault } from './current.ts'

export const peopleApi: PeopleApi = {
  circles: () => openedVault().groups.list(),
  foundCircle: name => openedVault().groups.found(name),
  /** Leads to this very client: all that joining needs stands behind the `#`. */
  async invite(group) {
    const link = await openedVault().groups.invite(group)
    return `${location.origin}/join${link.slice(link.indexOf('#'))}`
  },
  join: link => openedVault().groups.join(link),
  members: group => openedVault().groups.members(group),
  requests: group => openedVault().groups.requests(group),
  admit: async (group, webId) => void (await openedVault().groups.admit(group, webId)),
  removeMember: (group, webId) => openedVault().groups.remove(group, webId),
  check: webId => openedVault().people.words(webId),
  confirmPerson: async (webId, words) => void (await openedVault().people.confirm(webId, words)),
  reconfirmPerson: async (webId, words) => void (await openedVault().people.reconfirm(webId, words)),
}
