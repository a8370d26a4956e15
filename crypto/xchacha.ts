/**
 * XChaCha20 out of ChaCha20 (draft-irtf-cfrg-xchacha-03 §2): each first two thirds of a nonce have a key of their own, under which the
 * rest is the nonce.
 */
import { AlveoleError } from './errors.ts'

/** What ChaCha20-Poly1305 of RFC 8439 takes, to do what XChaCha20-Poly1305 does with this key and nonce. */
export interface Inner {
  key: Uint8Array<ArrayBuffer>
  /** Four zeros, then the last eight bytes. */
  nonce: Uint8Array<ArrayBuffer>
}

export function innerOf(key: Uint8Array, nonce: Uint8Array): Inner {
  if (key.length !== 32 || nonce.length !== 24) throw new AlveoleError('usage', 'a key or nonce of another length')
  const tail = new Uint8Array(12)
  tail.set(nonce.subarray(16), 4)
  return { key: subkey(key, nonce), nonce: tail }
}

/** HChaCha20 of the key and the first sixteen bytes of the nonce (§2.2). */
function subkey(key: Uint8Array, nonce: Uint8Array): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(16)
  words.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574])
  const [from, start] = [view(key), view(nonce)]
  for (let i = 0; i < 8; i++) words[4 + i] = from.getUint32(4 * i, true)
  for (let i = 0; i < 4; i++) words[12 + i] = start.getUint32(4 * i, true)
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < 4; i++) quarterRound(words, i, 4 + i, 8 + i, 12 + i)
    for (let i = 0; i < 4; i++) quarterRound(words, i, 4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4))
  }
  const out = new Uint8Array(32)
  const to = view(out)
  for (let i = 0; i < 4; i++) {
    to.setUint32(4 * i, words[i]!, true)
    to.setUint32(16 + 4 * i, words[12 + i]!, true)
  }
  return out
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

function quarterRound(words: Uint32Array, a: number, b: number, c: number, d: number): void {
  const step = (to: number, from: number, mixed: number, left: number): void => {
    words[to]! += words[from]!
    const x = words[mixed]! ^ words[to]!
    words[mixed] = (x << left) | (x >>> (32 - left))
  }
  step(a, b, d, 16)
  step(c, d, b, 12)
  step(a, b, d, 8)
  step(c, d, b, 7)
}
