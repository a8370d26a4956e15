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
  time: number
  author: string
  signer: Uint8Array
  body: Body
  hash: Uint8Array
}

const NOTHING = new Uint8Array(32)

/** The log with one more entry. */
export function append<Body>(
  log: readonly Uint8Array[],
  use: Label,
  codec: Codec<Body>,
  entry: { time: number; author: string; body: Body; signer: Signer },
): Uint8Array[] {
  const last = log.at(-1)
  const bytes = encode(format, {
    version: 1,
    index: log.length,
    previous: last ? hash(last) : NOTHING,
    time: entry.time,
    author: entry.author,
    body: encode(codec, entry.body),
  })
  return [...log, signBytes(entry.signer, use, bytes)]
}

/**
 * Walks the log from its first entry. `signerOf` sees each entry in order, gives the public key that must have signed it
 * (null: nobody may) and afterwards, through `accept`, changes what is known.
 */
export function walk<Body>(
  log: readonly Uint8Array[],
  use: Label,
  codec: Codec<Body>,
  rules: { signerOf(entry: ChainEntry<Body>): Uint8Array | null; accept(entry: ChainEntry<Body>): void },
): void {
  let previous: Uint8Array = NOTHING
  for (const [index, bytes] of log.entries()) {
    const entry = read(bytes, codec)
    if (entry.index !== index || !equal(entry.previous, previous)) tampered('a broken chain')
    verifySigned(bytes, use, () => rules.signerOf(entry))
    rules.accept(entry)
    previous = entry.hash
  }
}

function read<Body>(from: Uint8Array, codec: Codec<Body>): ChainEntry<Body> & { previous: Uint8Array } {
  const { signed, signer } = unsafeUnverified(from)
  const { index, previous, time, author, body } = decode(format, signed)
  return { index, previous, time, author, signer, body: decode(codec, body), hash: hash(from) }
}

/** The authors that entries name, unchecked. */
export const authors = (log: readonly Uint8Array[]): string[] =>
  log.map(entry => decode(format, unsafeUnverified(entry).signed).author)
