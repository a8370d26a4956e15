/**
 * A page of the account: what is over, moved out of its state so that this stays small; immutable, named by the state with its hash
 * and key (SPEC A10).
 *
 *   [ header, envelope(page key, header, bytes of client/core), padded by Padmé ]
 *   header = [version, "account-page", owner, seal id]
 *
 * The caller has checked the page's hash against the state.
 */
import { bytes, decode, encode, struct } from './codec.ts'
import { open, seal } from './envelope.ts'
import { tampered } from './errors.ts'
import type { Reference } from './reference.ts'
import { label } from './labels.ts'
import { drawSealId, headerStart } from './object.ts'
import { padme } from './padding.ts'
import { hash, random } from './primitives.ts'

const page = struct({ header: bytes, sealed: bytes })
const header = struct(headerStart('account-page'))

export function sealAccountPage(owner: string, content: Uint8Array): { reference: Reference; bytes: Uint8Array } {
  const [sealId, key] = [drawSealId(), random(32)]
  const head = encode(header, { version: 1, type: 'account-page', owner, sealId })
  const sealed = encode(page, { header: head, sealed: seal(key, label.accountPage, head, content, padme) })
  return { reference: { sealId, hash: hash(sealed), size: sealed.length, key }, bytes: sealed }
}

export function openAccountPage(from: Uint8Array, owner: string, key: Uint8Array): Uint8Array {
  const { header: head, sealed } = decode(page, from)
  if (decode(header, head).owner !== owner) return tampered('a page of somebody else')
  return open(key, label.accountPage, head, sealed, padme)
}
