/** A function that opens something sealed, with the ways in which what it is given may be wrong. */
import { deviceKey, drawEpochKey, random, signerOf } from '#crypto'
import { decodeCbor } from '../../../crypto/cbor.ts'
import { person } from '../../crypto/support.ts'

/** First the right way; each of the others has one thing wrong. */
export interface Opener {
  right: () => unknown
  wrong: { [how: string]: () => unknown }
}

export const ENVELOPE = { commitment: 3, ciphertext: 40, tag: -1 }
/** Behind an X-Wing ciphertext, of which either half may be altered too. */
export const BEHIND_KEM = { 'ML-KEM': 7, X25519: 1100, commitment: 1123, ciphertext: 1160, tag: -1 }

export type Openers = { [name: string]: Opener }

/** The bytes with one bit another. */
export const alteredAt = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.with(at < 0 ? bytes.length + at : at, bytes.at(at)! ^ 4)

/** The same, in the item at the end of `path` through the arrays and byte strings that they spell. */
export function altered(bytes: Uint8Array, path: readonly number[], at: number): Uint8Array {
  const copy = bytes.slice()
  let item: unknown = copy
  for (const index of path)
    item = (item instanceof Uint8Array ? (decodeCbor(item) as unknown[]) : (item as unknown[]))[index]
  const within = item as Uint8Array // a view into the copy
  within[at < 0 ? within.length + at : at]! ^= 4
  return copy
}

/** One way for each place where the sealed bytes may be altered. */
export const alterations = (places: { [name: string]: number }, of: (at: number) => () => unknown): Opener['wrong'] =>
  Object.fromEntries(Object.entries(places).map(([name, at]) => [name, of(at)]))

export const ann = person('ann')
export const owner = ann.webId
export const signer = signerOf(ann.device)
export const keyOf = (of: Uint8Array): Uint8Array | null => deviceKey(ann.identity, of)
export const [collection, grant, other] = [random(16), random(16), random(16)]
export const epoch = { id: random(8), key: drawEpochKey(), opened: 0, of: [] as Uint8Array[] }
export const otherEpoch = drawEpochKey()
export const text = new TextEncoder().encode('what is sealed')
