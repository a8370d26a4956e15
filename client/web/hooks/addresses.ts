/** Addresses of pages that are about an IRI: it stands in the query, since it has slashes of its own. */

export const circleAddress = (group: string): string => `/circle?${new URLSearchParams({ of: group })}`
export const personAddress = (of: string): string => `/person?${new URLSearchParams({ of })}`
/** For stewards. */
export const askAddress = (group: string): string => `/ask?${new URLSearchParams({ of: group })}`
export const receiptAddress = (offer: string): string => `/receipt?${new URLSearchParams({ of: offer })}`
export const sharedAddress = (of: string, name: string): string => `/shared?${new URLSearchParams({ of, name })}`
export const sharedItemAddress = (of: string, id: string): string => `/shared-item?${new URLSearchParams({ of, id })}`
export const shareAddress = (about: { folder?: string; circle?: string }): string =>
  `/share?${new URLSearchParams(about)}`
export const addAddress = (folder: string): string => `/add?${new URLSearchParams({ folder })}`
