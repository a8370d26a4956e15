/**
 * Signed, hash-chained logs (SPEC L1–L4), under identity and group logs alike:
 *
 *   entry = signed( [version, index, previous entry's hash | zeros, time (ms), author's WebID, body] )
 *
 * What a body may say, and who may sign it, is for the log that uses the chain.
 */
import { equal } from './bytes.ts'
import { bytes, decode, encode, literal, struct, text, uint, type Codec } from './codec.ts'
import { tampered } from './errors.ts'
import { VERSION, type Label } from './labels.ts'
import { hash32 } from './object.ts'
import { hash } from './primitives.ts'
import { signBytes, unsafeUnverified, verifySigned, type Signer } from './signed.ts'

const format = struct({
  version: literal(VERSION),
  index: uint,
  previous: hash32,
  time: uint,
  author: text,
  body: bytes,
})

export interface ChainEntry<Body> {
  index: number
  previous: Uint8Array
  time: number
  author: string
  signer: Uint8Array
  body: Body
  hash: Uint8Array
}

const NOTHING = new Uint8Array(32)

/** Where in a chain something goes on: the newest entry. */
export interface ChainPoint {
  index: number
  hash: Uint8Array
}

/** The entry that follows `last`; null: the first. */
export function next<Body>(
  last: ChainPoint | null,
  use: Label,
  codec: Codec<Body>,
  entry: { time: number; author: string; body: Body; signer: Signer },
): Uint8Array {
  const bytes = encode(format, {
    version: 1,
    index: last ? last.index + 1 : 0,
    previous: last ? last.hash : NOTHING,
    time: entry.time,
    author: entry.author,
    body: encode(codec, entry.body),
  })
  return signBytes(entry.signer, use, bytes)
}

/**
 * Walks entries in order, from the first of a log, or from the one after `last`. `signerOf` sees each, gives the public key
 * that must have signed it (null: nobody may) and afterwards, through `accept`, changes what is known.
 */
export function walk<Body>(
  log: readonly Uint8Array[],
  use: Label,
  codec: Codec<Body>,
  rules: { signerOf(entry: ChainEntry<Body>): Uint8Array | null; accept(entry: ChainEntry<Body>): void },
  last: ChainPoint | null = null,
): void {
  let at = last
  for (const bytes of log) {
    const entry = readEntry(bytes, codec)
    if (!follows(entry, at)) tampered('a broken chain')
    verifySigned(bytes, use, () => rules.signerOf(entry))
    rules.accept(entry)
    at = entry
  }
}

const follows = ({ index, previous }: { index: number; previous: Uint8Array }, last: ChainPoint | null): boolean =>
  last ? index === last.index + 1 && equal(previous, last.hash) : index === 0 && equal(previous, NOTHING)

/** Where an entry stands, as it says itself; the hash is of its bytes. */
export function unsafePoint(from: Uint8Array): ChainPoint & { previous: Uint8Array } {
  const { index, previous } = decode(format, unsafeUnverified(from).signed)
  return { index, previous, hash: hash(from) }
}

/** Of entries that somebody vouches for the last of: whether each follows the one before (L2). */
export const isChain = (entries: readonly Uint8Array[]): boolean => {
  const points = entries.map(unsafePoint)
  return points.every((point, i) => i === 0 || follows(point, points[i - 1]!))
}

export function readEntry<Body>(from: Uint8Array, codec: Codec<Body>): ChainEntry<Body> {
  const { signed, signer } = unsafeUnverified(from)
  const { index, previous, time, author, body } = decode(format, signed)
  return { index, previous, time, author, signer, body: decode(codec, body), hash: hash(from) }
}

/** The authors that entries name, unchecked. */
export const authors = (log: readonly Uint8Array[]): string[] =>
  log.map(entry => decode(format, unsafeUnverified(entry).signed).author)
