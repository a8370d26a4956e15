/**
 * Invitation links: everything in the fragment, which no browser sends (A5). `…#join=` and base64url of
 * [group url, name, group id, steward, steward's root, invitation, secret, newest entry].
 */
import {
  AlveoleError,
  concat,
  decode,
  encode,
  fromBase64Url,
  fromHex,
  hash32,
  id16,
  kdf,
  key32,
  label,
  struct,
  text,
  toBase64Url,
  uint,
  utf8,
  type Of,
} from '#crypto'
import { isGroupUrl } from '../paths.ts'

const invitation = struct({
  url: text,
  name: text,
  group: hash32,
  steward: text,
  root: hash32,
  invitation: id16,
  secret: key32,
  /** The newest entry that who invites saw: a log without it is not the group's, or an old one (SPEC X7). */
  seen: struct({ index: uint, hash: hash32 }),
})
export type Invitation = Of<typeof invitation>

const MARK = 'join='

export const writeLink = (of: Invitation): string => `${of.url}#${MARK}${toBase64Url(encode(invitation, of))}`

/** Takes the link as it was written or under any other page's address. */
export function readLink(link: string): Invitation {
  const at = link.indexOf(`#${MARK}`)
  try {
    if (at >= 0) return checked(decode(invitation, fromBase64Url(link.slice(at + 1 + MARK.length).trim())))
  } catch (error) {
    throw new AlveoleError('usage', 'not an invitation, or not the whole of it', { cause: error })
  }
  throw new AlveoleError('usage', 'not an invitation')
}

/** X7: or a person's address, say, would from then on be taken for a circle's. */
function checked(of: Invitation): Invitation {
  if (!isGroupUrl(of.url)) throw new AlveoleError('usage', 'an invitation to what is no circle')
  return of
}

/** Shows that whoever asks holds the invitation, for this group and with this root and no other. */
export const joinMac = (secret: Uint8Array, group: Uint8Array, webId: string, root: string): Uint8Array =>
  kdf(secret, label.joinMac, concat(group, fromHex(root), utf8(webId)))
