/**
 * age files (https://age-encryption.org/v1): written as a stream by age-encryption, read at any place, as filippo.io/age does.
 *
 *   header (stanzas of recipients, MAC)  nonce 16  chunk₀ chunk₁ …  chunk = ChaCha20-Poly1305(key, counter 11 ‖ last 1, ≤ 64 KiB)
 *   key = HKDF-SHA-256(file key, salt = nonce, "payload")
 *
 * The last chunk, and no other, is sealed as such: it is opened first, so that a file which was cut short is refused at once.
 */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { Decrypter, Encrypter } from 'age-encryption'
import { AlveoleError, utf8 } from '#crypto'
import type { ProblemReason } from '../formats/problems.ts'
import { LazyBlob } from './lazy-blob.ts'

/** To whom, as `age-keygen` prints it (`age1…`); or a passphrase. */
export type AgeRecipient = { recipients: readonly string[] } | { passphrase: string }
/** `AGE-SECRET-KEY-1…` lines, and a passphrase; whichever opens it. */
export interface AgeKeys {
  identities?: readonly string[]
  passphrase?: string
}

const CHUNK = 64 * 1024
const TAG = 16
const SEALED = CHUNK + TAG
const NONCE = 16
/** A header has a few hundred bytes for each recipient. */
const LONGEST_HEADER = 64 * 1024

export async function sealAge(
  plain: ReadableStream<Uint8Array>,
  to: AgeRecipient,
): Promise<ReadableStream<Uint8Array>> {
  const encrypter = new Encrypter()
  try {
    if ('passphrase' in to) encrypter.setPassphrase(to.passphrase)
    else for (const recipient of to.recipients) encrypter.addRecipient(recipient)
  } catch (cause) {
    throw new AlveoleError('usage', 'not a recipient of age', { cause, detail: { field: 'recipient' } })
  }
  return encrypter.encrypt(plain)
}

/** Throws `wrong-unlock` where none of the keys opens it, `bad-file` where it is not whole. */
export async function openAge(file: Blob, keys: AgeKeys): Promise<Blob> {
  const header = await headerOf(file)
  const fileKey = await fileKeyOf(header, keys)
  const start = header.length + NONCE
  const nonce = await bytesOf(file, header.length, start)
  const payload = file.size - start
  const chunks = Math.max(1, Math.ceil(payload / SEALED))
  const size = payload - chunks * TAG
  if (nonce.length < NONCE || size < 0 || (chunks > 1 && payload - (chunks - 1) * SEALED <= TAG)) throw bad('cut-short')
  const key = hkdf(sha256, fileKey, nonce, utf8('payload'), 32)
  const open = async (index: number): Promise<Uint8Array> => {
    const at = start + index * SEALED
    return openChunk(key, index, index === chunks - 1, await bytesOf(file, at, Math.min(file.size, at + SEALED)))
  }
  await open(chunks - 1)
  return new LazyBlob(reader(open), size)
}

/** The chunk that was opened last is kept: most reads are small, and go on where the last one ended. */
function reader(open: (index: number) => Promise<Uint8Array>) {
  let last: { index: number; bytes: Promise<Uint8Array> } | null = null
  const chunk = (index: number): Promise<Uint8Array> => {
    if (last?.index !== index) last = { index, bytes: open(index) }
    return last.bytes
  }
  return async (from: number, to: number): Promise<Uint8Array<ArrayBuffer>> => {
    const whole = new Uint8Array(to - from)
    for (let at = from; at < to;) {
      const index = Math.floor(at / CHUNK)
      const bytes = (await chunk(index)).subarray(at - index * CHUNK, to - index * CHUNK)
      whole.set(bytes, at - from)
      at += bytes.length
    }
    return whole
  }
}

function openChunk(key: Uint8Array, index: number, last: boolean, sealed: Uint8Array): Uint8Array {
  const nonce = new Uint8Array(12)
  new DataView(nonce.buffer).setBigUint64(3, BigInt(index))
  nonce[11] = last ? 1 : 0
  try {
    return chacha20poly1305(key, nonce).decrypt(sealed)
  } catch (cause) {
    throw bad(last ? 'cut-short' : 'altered', cause)
  }
}

/** Up to the end of the line of its MAC. */
async function headerOf(file: Blob): Promise<Uint8Array> {
  const start = await bytesOf(file, 0, LONGEST_HEADER)
  const text = new TextDecoder('latin1').decode(start)
  const mac = text.indexOf('\n--- ')
  const end = mac < 0 ? -1 : text.indexOf('\n', mac + 1)
  if (end < 0) throw bad('cut-short')
  return start.subarray(0, end + 1)
}

async function fileKeyOf(header: Uint8Array, { identities = [], passphrase }: AgeKeys): Promise<Uint8Array> {
  const decrypter = new Decrypter()
  try {
    for (const identity of identities) decrypter.addIdentity(identity)
  } catch (cause) {
    throw new AlveoleError('usage', 'not an identity of age', { cause, detail: { field: 'identity' } })
  }
  if (passphrase !== undefined) decrypter.addPassphrase(passphrase)
  try {
    return await decrypter.decryptHeader(header)
  } catch (cause) {
    const isOthers = cause instanceof Error && cause.message.startsWith('no identity matched')
    throw isOthers
      ? new AlveoleError('wrong-unlock', 'no key opens this age file', { cause, detail: { field: 'age' } })
      : bad('syntax', cause)
  }
}

const bytesOf = async (file: Blob, from: number, to: number): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await file.slice(from, to).arrayBuffer())

const bad = (reason: ProblemReason, cause?: unknown): AlveoleError =>
  new AlveoleError('bad-file', `an age file: ${reason}`, { cause, detail: { where: 'age', reason } })
