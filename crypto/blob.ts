/**
 * Blobs: a file as parts of at most 4 MiB, each an immutable object (SPEC B1–B7).
 *
 *   part   = length of header (2, big-endian) ‖ header ‖ commitment (32) ‖ chunks
 *   header = [version, "blob-part", blob id, seal id, index, plaintext size, padded size]
 *   chunk  = XChaCha20-Poly1305(aead key, nonce = counter (8, big-endian) ‖ last (1) ‖ zeros (15), ad, ≤ 256 KiB)
 *   aead key ‖ commitment from KDF(blob key, "blob part", header), as in every envelope
 *
 * No owner and no collection in it: a selection may hold the same ciphertext. The record's cell names the parts in
 * order, with their hashes; a part's hash is checked before any of it is shown.
 */
import { concat, equal, release } from './bytes.ts'
import { decode, encode, literal, struct, uint, type Of } from './codec.ts'
import { AlveoleError, tampered } from './errors.ts'
import { commit } from './envelope.ts'
import { label, VERSION } from './labels.ts'
import { drawSealId, id16 } from './object.ts'
import { padme } from './padding.ts'
import { aeadOpenBulk, aeadSealBulk, frame, hash, HASH_BYTES, NONCE_BYTES, TAG_BYTES } from './primitives.ts'

export const CHUNK_BYTES = 256 * 1024
export const PART_BYTES = 4 * 1024 * 1024

const header = struct({
  version: literal(VERSION),
  type: literal('blob-part'),
  blob: id16,
  sealId: id16,
  index: uint,
  size: uint,
  padded: uint,
})

function nonce(counter: number, last: boolean): Uint8Array {
  const bytes = new Uint8Array(NONCE_BYTES)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(counter))
  bytes[8] = last ? 1 : 0
  return bytes
}

export interface SealedPart {
  sealId: Uint8Array
  hash: Uint8Array
  bytes: Uint8Array
}

/**
 * Seals part `index` of blob `blob`; `plaintext` is at most 4 MiB, and is not to change meanwhile. Each call draws a new seal id (E3).
 * Several at a time are faster: while the platform's cipher is at one, another is hashed.
 */
export async function sealPart(
  blobKey: Uint8Array,
  blob: Uint8Array,
  index: number,
  plaintext: Uint8Array,
): Promise<SealedPart> {
  if (plaintext.length > PART_BYTES) throw new AlveoleError('usage', 'a part holds 4 MiB at most')
  const padded = Math.min(padme(plaintext.length), PART_BYTES)
  const sealId = drawSealId()
  const head = encode(header, { version: 1, type: 'blob-part', blob, sealId, index, size: plaintext.length, padded })
  const { aeadKey, commitment } = commit(blobKey, label.blobPart, head)
  const body = padded === plaintext.length ? plaintext : concat(plaintext, new Uint8Array(padded - plaintext.length))
  const start = concat(Uint8Array.of(head.length >> 8, head.length & 255), head, commitment)
  const bytes = new Uint8Array(start.length + padded + chunks(padded) * TAG_BYTES)
  bytes.set(start)
  await sealChunks(aeadKey, frame(label.blobPart, head), body, bytes.subarray(start.length))
  return { sealId, hash: hash(bytes), bytes }
}

async function sealChunks(key: Uint8Array, ad: Uint8Array, body: Uint8Array, into: Uint8Array): Promise<void> {
  await eachChunk(body.length, (i, last) => {
    const chunk = body.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES)
    const at = i * (CHUNK_BYTES + TAG_BYTES)
    return aeadSealBulk(key, nonce(i, last), ad, chunk, into.subarray(at, at + chunk.length + TAG_BYTES))
  })
}

/** All at once: it is for the platform to do them one by one or not. */
function eachChunk<T>(padded: number, work: (i: number, last: boolean) => Promise<T>): Promise<T[]> {
  const count = chunks(padded)
  return Promise.all(Array.from({ length: count }, (_, i) => work(i, i === count - 1)))
}

const chunks = (padded: number): number => Math.max(1, Math.ceil(padded / CHUNK_BYTES))

export interface PartName {
  blob: Uint8Array
  sealId: Uint8Array
  index: number
  hash: Uint8Array
}

/** E5: another part, another key, other bytes. */
const closed = (): never => tampered(`does not open: ${label.blobPart}`)

/** The whole plaintext of a part that `expected` names; nothing of it comes out before its hash matched (B5). */
export async function openPart(blobKey: Uint8Array, expected: PartName, from: Uint8Array): Promise<Uint8Array> {
  if (!equal(hash(from), expected.hash)) return closed()
  const { head, read, sealed, commitment } = split(from)
  if (!equal(read.blob, expected.blob) || !equal(read.sealId, expected.sealId) || read.index !== expected.index) {
    return closed()
  }
  const keys = commit(blobKey, label.blobPart, head)
  if (!equal(keys.commitment, commitment)) return closed()
  const padded = await openChunks(keys.aeadKey, frame(label.blobPart, head), sealed, read.padded)
  if (padded.subarray(read.size).some(byte => byte !== 0)) return tampered('wrong padding')
  return padded.subarray(0, read.size)
}

function split(from: Uint8Array): {
  head: Uint8Array
  read: Of<typeof header>
  commitment: Uint8Array
  sealed: Uint8Array
} {
  const end = 2 + ((from[0] ?? 0) << 8) + (from[1] ?? 0)
  const head = from.subarray(2, end)
  const read = decode(header, head)
  const whole = read.padded + chunks(read.padded) * TAG_BYTES
  const sized = read.size <= PART_BYTES && read.padded === Math.min(padme(read.size), PART_BYTES)
  if (!sized || from.length !== end + HASH_BYTES + whole) return tampered('wrong sizes')
  return { head, read, commitment: from.subarray(end, end + HASH_BYTES), sealed: from.subarray(end + HASH_BYTES) }
}

async function openChunks(key: Uint8Array, ad: Uint8Array, sealed: Uint8Array, padded: number): Promise<Uint8Array> {
  const whole = new Uint8Array(padded)
  const opened = await eachChunk(padded, async (i, last) => {
    const at = i * (CHUNK_BYTES + TAG_BYTES)
    const chunk = await aeadOpenBulk(key, nonce(i, last), ad, sealed.subarray(at, at + CHUNK_BYTES + TAG_BYTES))
    if (!chunk) return false
    whole.set(chunk, i * CHUNK_BYTES)
    release(chunk)
    return true
  })
  return opened.every(Boolean) ? whole : closed()
}
