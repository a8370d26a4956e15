/** What a grant is named by: 16 bytes in the account and in keyrings, `urn:uuid:…` wherever people and programs see it. */
import { random, toHex } from '#crypto'
import type { GrantId } from '../types.ts'

/** RFC 9562 version 4. */
export function drawGrantId(): Uint8Array {
  const bytes = random(16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes
}

export const grantIri = (id: Uint8Array): GrantId =>
  `urn:uuid:${toHex(id).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}` as GrantId
