/** Where things stand in a pod (protocol §5). All URLs absolute; containers end in a slash. */
import { objectName, toBase64Url } from '#crypto'

export const MEDIA_TYPE = 'application/vnd.alveole'

export const vaultRoot = (storage: string): string => `${storage}alveole/`
export const identityUrl = (storage: string): string => `${vaultRoot(storage)}identity.alv`
export const accountUrl = (storage: string): string => `${vaultRoot(storage)}account.alv`
/** The container of the account's pages. */
export const accountPagesUrl = (storage: string): string => `${vaultRoot(storage)}account/`
export const inboxUrl = (storage: string): string => `${vaultRoot(storage)}inbox/`
/** The container of all collections. */
export const collectionsUrl = (storage: string): string => `${vaultRoot(storage)}c/`
export const collectionUrl = (storage: string, id: Uint8Array): string =>
  `${collectionsUrl(storage)}${toBase64Url(id)}/`
export const headUrl = (container: string): string => `${container}head.alv`
export const objectUrl = (container: string, sealId: Uint8Array): string => container + objectName(sealId)
/** Whether a server that lists a container may name this in it: nothing further down, up or elsewhere is fetched for it (A21). */
export const isChild = (container: string, url: string): boolean =>
  URL.canParse(url) &&
  new URL(url).href === url &&
  url.startsWith(container) &&
  /^[^/?#]+$/.test(url.slice(container.length))
/** What a circle's address looks like in any storage: nobody's WebID, and nothing else of a pod. */
export const isGroupUrl = (url: string): boolean =>
  URL.canParse(url) &&
  new URL(url).href === url &&
  /^https?:\/\/[^?#]+\/alveole\/groups\/[A-Za-z0-9_-]{22}\/$/.test(url)
export const groupUrl = (storage: string, random: Uint8Array): string =>
  `${vaultRoot(storage)}groups/${toBase64Url(random)}/`
