/**
 * What a pod server noted of reads, sealed to the pod's owner (SPEC Y1–Y5): many reads in one batch, since sealing to a
 * public key is what costs.
 *
 *   batch  = [ header, X-Wing ciphertext ‖ envelope(header, body) ]
 *   header = [version, "access-batch", seal id, generation, index, hash of the batch before | zeros]
 *   body   = [ begun at (ms), reads lost before, [who, …], [application, …], [path, …], [[ms later, who, application, path], …] ]
 *   file   = ( length of the batch (4, most significant first) ‖ batch )*
 *
 * Texts stand once; reads name them by their place. An empty one is nobody signed in, or no application that is known.
 */
import { concat } from './bytes.ts'
import { bytes, decode, encode, list, literal, struct, text, uint } from './codec.ts'
import { isCode, tampered } from './errors.ts'
import { openWith, sealTo } from './kem.ts'
import { label, VERSION } from './labels.ts'
import { drawSealId, hash32, id16 } from './object.ts'
import { steps } from './padding.ts'
import { hash } from './primitives.ts'

const header = struct({
  version: literal(VERSION),
  type: literal('access-batch'),
  sealId: id16,
  generation: uint,
  index: uint,
  previous: hash32,
})
const read = struct({ later: uint, who: uint, application: uint, path: uint })
const body = struct({
  begun: uint,
  lost: uint,
  who: list(text),
  applications: list(text),
  paths: list(text),
  reads: list(read),
})
const object = struct({ header: bytes, sealed: bytes })
const padding = steps(512)

export interface AccessRead {
  /** Milliseconds since 1970. */
  at: number
  /** A WebID; empty: nobody signed in. */
  who: string
  /** A client identifier or a web origin; empty: not known. */
  application: string
  /** From the root of the pod. */
  path: string
}

/** Where a chain of batches has come to: the number of batches, and the hash of the last. */
export interface AccessChain {
  length: number
  last: Uint8Array
}

export const ACCESS_START: AccessChain = { length: 0, last: new Uint8Array(32) }

/** A table of texts, and the place of each. */
const places = (texts: readonly string[]): Map<string, number> =>
  new Map([...new Set(texts)].map((one, place) => [one, place]))

/** `reads` in order of time; `lost`: how many were not kept since the last batch. */
export function sealAccessBatch(
  to: { kem: Uint8Array; generation: number },
  { length, last }: AccessChain,
  reads: readonly AccessRead[],
  lost: number,
): Uint8Array {
  const head = encode(header, {
    version: 1,
    type: 'access-batch',
    sealId: drawSealId(),
    generation: to.generation,
    index: length,
    previous: last,
  })
  return encode(object, { header: head, sealed: sealTo(to.kem, label.accessBatch, head, bodyOf(reads, lost), padding) })
}

function bodyOf(reads: readonly AccessRead[], lost: number): Uint8Array {
  const begun = Math.min(...reads.map(({ at }) => at))
  const who = places(reads.map(one => one.who))
  const applications = places(reads.map(one => one.application))
  const paths = places(reads.map(one => one.path))
  return encode(body, {
    begun: reads.length ? begun : 0,
    lost,
    who: [...who.keys()],
    applications: [...applications.keys()],
    paths: [...paths.keys()],
    reads: reads.map(one => ({
      later: one.at - begun,
      who: who.get(one.who)!,
      application: applications.get(one.application)!,
      path: paths.get(one.path)!,
    })),
  })
}

export function openAccessBatch(seed: Uint8Array, from: Uint8Array): { reads: AccessRead[]; lost: number } {
  const { header: head, sealed } = decode(object, from)
  decode(header, head)
  const { begun, lost, who, applications, paths, reads } = decode(
    body,
    openWith(seed, label.accessBatch, head, sealed, padding),
  )
  const of = (texts: readonly string[], place: number): string =>
    texts[place] ?? tampered('a read of what is not listed') // Y2
  return {
    lost,
    reads: reads.map(one => ({
      at: begun + one.later,
      who: of(who, one.who),
      application: of(applications, one.application),
      path: of(paths, one.path),
    })),
  }
}

export interface AccessLink {
  generation: number
  /** Where the chain had come to before this batch. */
  before: AccessChain
  after: AccessChain
}

/** What a batch says of its place, unchecked. */
export function unsafeAccessLink(from: Uint8Array): AccessLink {
  const { generation, index, previous } = decode(header, decode(object, from).header)
  return { generation, before: { length: index, last: previous }, after: { length: index + 1, last: hash(from) } }
}

const LENGTH_BYTES = 4

export function frameAccessBatch(batch: Uint8Array): Uint8Array {
  const length = new Uint8Array(LENGTH_BYTES)
  new DataView(length.buffer).setUint32(0, batch.length)
  return concat(length, batch)
}

/** The whole batches that a file begins with, and how many of its bytes they are: a write that was cut leaves more (Y3). */
export function accessBatches(file: Uint8Array): { batches: Uint8Array[]; whole: number } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const batches: Uint8Array[] = []
  let whole = 0
  while (whole + LENGTH_BYTES <= file.length) {
    const end = whole + LENGTH_BYTES + view.getUint32(whole)
    const batch = file.subarray(whole + LENGTH_BYTES, end)
    if (end > file.length || !isBatch(batch)) break
    batches.push(batch)
    whole = end
  }
  return { batches, whole }
}

function isBatch(from: Uint8Array): boolean {
  try {
    unsafeAccessLink(from)
    return true
  } catch (error) {
    if (isCode(error, 'tampered')) return false
    throw error
  }
}
