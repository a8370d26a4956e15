/** A file sealed and opened in parts, beside libsodium's cipher alone on the same chunks and age-encryption on the same file. */
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import sodium, { ready } from 'libsodium-wrappers'
import { CHUNK_BYTES, openPart, PART_BYTES, random, sealPart, type SealedPart } from '#crypto'
import { turns, type Turns } from './turns.ts'

const PARTS = 4
const ROUNDS = 15
const [key, blob, nonce, ad] = [random(32), random(16), random(24), random(64)]

export interface BlobTimes {
  bytes: number
  seal: Turns<'alveole' | 'sodium' | 'age'>
  open: Turns<'alveole' | 'sodium' | 'age'>
}

const cut = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: bytes.length / size }, (_, i) => bytes.subarray(i * size, (i + 1) * size))

function file(): Uint8Array {
  const bytes = new Uint8Array(PARTS * PART_BYTES)
  for (let at = 0; at < bytes.length; at += 65_536) bytes.set(random(65_536), at)
  return bytes
}

/** Four at a time, as the vault does. */
const sealAll = (bytes: Uint8Array): Promise<SealedPart[]> =>
  Promise.all(cut(bytes, PART_BYTES).map((part, index) => sealPart(key, blob, index, part)))

const openAll = (parts: readonly SealedPart[]): Promise<Uint8Array[]> =>
  Promise.all(parts.map(({ sealId, hash, bytes }, index) => openPart(key, { blob, sealId, index, hash }, bytes)))

const sodiumSeal = (bytes: Uint8Array): Uint8Array[] =>
  cut(bytes, CHUNK_BYTES).map(chunk => sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(chunk, ad, null, nonce, key))

const sodiumOpen = (chunks: readonly Uint8Array[]): Uint8Array[] =>
  chunks.map(chunk => sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, chunk, ad, nonce, key))

/** To one X25519 recipient, its fastest kind. */
async function age(): Promise<{ encrypter: Encrypter; decrypter: Decrypter }> {
  const identity = await generateX25519Identity()
  const [encrypter, decrypter] = [new Encrypter(), new Decrypter()]
  encrypter.addRecipient(await identityToRecipient(identity))
  decrypter.addIdentity(identity)
  return { encrypter, decrypter }
}

export async function blobTimes(): Promise<BlobTimes> {
  await ready
  const bytes = file()
  const { encrypter, decrypter } = await age()
  const [parts, chunks, armoured] = [await sealAll(bytes), sodiumSeal(bytes), await encrypter.encrypt(bytes)]
  return {
    bytes: bytes.length,
    seal: await turns(
      { alveole: () => sealAll(bytes), sodium: () => sodiumSeal(bytes), age: () => encrypter.encrypt(bytes) },
      ROUNDS,
    ),
    open: await turns(
      { alveole: () => openAll(parts), sodium: () => sodiumOpen(chunks), age: () => decrypter.decrypt(armoured) },
      ROUNDS,
    ),
  }
}
