/**
 * The head of a collection: its commit point (SPEC H1–H9).
 *
 *   signed( [ header, owner part, manifest part, tail ] )
 *   header   = [version, "head", owner, seal id, collection, epoch, generation, vector, identity head, keyring | null]
 *   owner    = envelope(account generation key, header, [epochs and their keys, holders of the newest, decided on, index])
 *   manifest = envelope(M of `epoch`, header ‖ owner part, [tail key, segments, pages, condemned])
 *   tail     = a segment (segment.ts) holding the newest sections, or empty
 *
 * The manifest is padded so that the four parts together fill a multiple of 8 KiB.
 */
import { concat, equal, fromHex, toHex } from './bytes.ts'
import { bytes, decode, encode, fixed, list, optional, struct, uint, type Of } from './codec.ts'
import { AlveoleError, tampered } from './errors.ts'
import { ENVELOPE_BYTES, open, seal } from './envelope.ts'
import { manifestKey, type Epoch, type EpochKey, type ManifestKey } from './facet-keys.ts'
import { label } from './labels.ts'
import { drawSealId, hash32, headerStart, id16, key32, type Unsealed } from './object.ts'
import { steps, type Padding } from './padding.ts'
import { hash } from './primitives.ts'
import { reference } from './reference.ts'
import { signBytes, unsafeUnverified, verifySigned, type Signer } from './signed.ts'
import { vector } from './vector.ts'

const header = struct({
  ...headerStart('head'),
  collection: id16,
  epoch: fixed(8),
  generation: uint,
  vector,
  identityHead: hash32,
  keyring: optional(struct({ sealId: id16, hash: hash32 })),
})
const parts = struct({ header: bytes, owner: bytes, manifest: bytes, tail: bytes })
const ownerPart = struct({
  /** Oldest first, the newest last. `of`: epochs it stands for, whose cells were sealed anew under it (K8). */
  epochs: list(struct({ id: fixed(8), key: key32, opened: uint, of: list(fixed(8)) })),
  /**
   * Whom the newest epoch was given to: a grant, and BLAKE2b of the public key it was sealed to, of the agreement beside it, and of
   * its facets, sorted (K6).
   */
  holders: list(struct({ grant: id16, to: hash32, agreement: hash32, facets: hash32 })),
  /** Epochs whose facet keys a grant does not get yet: its group could not be checked when they opened. */
  withheld: list(struct({ grant: id16, epoch: fixed(8) })),
  accountVector: vector,
  /** Index runs, each with what it covers no longer; and segments that none covers (Q1). */
  index: struct({ runs: list(struct({ run: reference, gone: list(id16) })), loose: list(id16) }),
})
export const segmentEntry = struct({ sealId: id16, hash: hash32, size: uint, key: key32, epochs: list(fixed(8)) })
export type SegmentEntry = Of<typeof segmentEntry>
const manifest = struct({
  tail: key32,
  segments: list(segmentEntry),
  pages: list(reference),
  condemned: list(id16),
})

export type HeadHeader = Of<typeof header>
export type OwnerPart = Of<typeof ownerPart>
export type Manifest = Of<typeof manifest>

const ownerPadding = steps(1024)
const manifestPadding =
  (rest: number): Padding =>
  length =>
    steps(8192)(length + rest + ENVELOPE_BYTES) - rest - ENVELOPE_BYTES

export function sealHead(
  of: { header: Unsealed<HeadHeader>; owner: OwnerPart; manifest: Manifest; tail: Uint8Array },
  generationKey: Uint8Array,
  signer: Signer,
): Uint8Array {
  const head = encode(header, { ...of.header, sealId: drawSealId() })
  const newest = of.owner.epochs.find(({ id }) => equal(id, of.header.epoch))
  if (!newest) throw new AlveoleError('usage', 'a head is sealed under one of its own epochs')
  const owner = seal(generationKey, label.headOwner, head, encode(ownerPart, of.owner), ownerPadding)
  const padding = manifestPadding(head.length + owner.length + of.tail.length)
  const sealed = seal(
    manifestKey(newest.key as EpochKey),
    label.headManifest,
    concat(head, owner),
    encode(manifest, of.manifest),
    padding,
  )
  return signBytes(signer, label.head, encode(parts, { header: head, owner, manifest: sealed, tail: of.tail }))
}

export interface SignedHead {
  header: HeadHeader
  /** Names this head in later vectors. */
  hash: Uint8Array
  signer: Uint8Array
  parts: Of<typeof parts>
}

/** The header before its signature is checked: only to know which identity log must be read first. */
export const unsafeHeadHeader = (from: Uint8Array): HeadHeader =>
  decode(header, decode(parts, unsafeUnverified(from).signed).header)

/** Checks the signature and that the head is the one of `owner` and `collection`. */
export function verifyHead(
  from: Uint8Array,
  owner: string,
  collection: Uint8Array,
  publicKeyOf: (signer: Uint8Array) => Uint8Array | null,
): SignedHead {
  const { signed, signer } = verifySigned(from, label.head, publicKeyOf)
  const split = decode(parts, signed)
  const read = decode(header, split.header)
  if (read.owner !== owner || !equal(read.collection, collection)) return tampered('a head of elsewhere')
  return { header: read, hash: hash(from), signer, parts: split }
}

export const openOwnerPart = (head: SignedHead, generationKey: Uint8Array): OwnerPart =>
  decode(ownerPart, open(generationKey, label.headOwner, head.parts.header, head.parts.owner, ownerPadding))

export function openManifest(head: SignedHead, key: ManifestKey): Manifest {
  const { header: clear, owner, manifest: sealed, tail } = head.parts
  const padding = manifestPadding(clear.length + owner.length + tail.length)
  return decode(manifest, open(key, label.headManifest, concat(clear, owner), sealed, padding))
}

export const epochName = (id: Uint8Array): Epoch => toHex(id) as Epoch
export const epochBytes = (name: Epoch): Uint8Array => fromHex(name)
