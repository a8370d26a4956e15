/**
 * An “invisible salamander” (Dodis, Grubbs, Ristenpart, Woodage, CRYPTO 2018): one ciphertext of plain XChaCha20-Poly1305 that opens
 * under two keys. Poly1305 is a polynomial over 2^130 - 5, so two free blocks are enough to give it one tag under both.
 */
import { createCipheriv } from 'node:crypto'

const P = (1n << 130n) - 5n
const WORD = 1n << 128n
const mod = (x: bigint): bigint => ((x % P) + P) % P

const toInt = (bytes: Uint8Array): bigint => bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n)
const toBytes = (x: bigint): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, i) => Number((x >> BigInt(8 * i)) & 255n))

function inverse(x: bigint): bigint {
  let [result, base] = [1n, x]
  for (let power = P - 2n; power; power >>= 1n) {
    if (power & 1n) result = (result * base) % P
    base = (base * base) % P
  }
  return result
}

const keystream = (key: Uint8Array, iv: Uint8Array): Uint8Array =>
  createCipheriv('chacha20', key, iv).update(new Uint8Array(64))

/** HChaCha20 of key and nonce, whose words are the block's less what was added at its end (draft-irtf-cfrg-xchacha-03 §2.2). */
function subkey(key: Uint8Array, nonce: Uint8Array): Uint8Array {
  const block = new DataView(keystream(key, nonce.subarray(0, 16)).buffer.slice(0, 64))
  const words = new DataView(new ArrayBuffer(32))
  const added = new DataView(
    Uint8Array.of(...new TextEncoder().encode('expand 32-byte k'), ...nonce.subarray(0, 16)).buffer,
  )
  for (let i = 0; i < 8; i++) {
    const from = i < 4 ? i : i + 8
    words.setUint32(4 * i, block.getUint32(4 * from, true) - added.getUint32(4 * i, true), true)
  }
  return new Uint8Array(words.buffer)
}

/** The one-time key of Poly1305: r, clamped, and s (RFC 8439 §2.5, §2.6). */
function oneTime(key: Uint8Array, nonce: Uint8Array): { r: bigint; s: bigint } {
  const stream = keystream(subkey(key, nonce), Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, ...nonce.subarray(16)))
  return { r: toInt(stream.subarray(0, 16)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn, s: toInt(stream.subarray(16, 32)) }
}

const blocksOf = (bytes: Uint8Array): bigint[] =>
  Array.from({ length: Math.ceil(bytes.length / 16) }, (_, i) => toInt(bytes.subarray(16 * i, 16 * i + 16)))

/** 64 bytes and a tag that open under both keys with this nonce and associated data. */
export function salamander(keys: readonly [Uint8Array, Uint8Array], nonce: Uint8Array, ad: Uint8Array): Uint8Array {
  const both = keys.map(key => oneTime(key, nonce))
  const start = [...blocksOf(ad), 1n, 2n] // the ciphertext's first half may be anything
  const lengths = BigInt(ad.length) + (64n << 64n)
  for (let tag = 1n; ; tag++) {
    const [[a, b, e], [c, d, f]] = both.map(({ r, s }) => {
      const fixed = start.reduce((sum, block) => ((sum + block + WORD) * r) % P, 0n)
      const rest = mod(tag - s + (tag - s < 0n ? WORD : 0n)) - (fixed * r ** 3n + (lengths + WORD) * r)
      return [mod(r ** 3n), mod(r ** 2n), mod(rest)] as const
    }) as [readonly [bigint, bigint, bigint], readonly [bigint, bigint, bigint]]
    const under = inverse(mod(a * d - b * c))
    const free = [mod((e * d - b * f) * under), mod((a * f - e * c) * under)].map(block => block - WORD)
    if (free.every(block => block >= 0n && block < WORD))
      return Uint8Array.of(...[1n, 2n, ...free, tag].flatMap(block => [...toBytes(block)]))
  }
}
