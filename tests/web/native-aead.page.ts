/** What a page finds out about the browser's own cipher. */
import { aeadOpen, aeadOpenBulk, aeadSeal, aeadSealBulk, random } from '../../crypto/primitives.ts'
import { nativeAead } from '../../crypto/native-aead.ts'

export const isThere = nativeAead !== null

/** In what of so many bytes the browser's cipher and libsodium's differ. */
export async function differences(size: number): Promise<string[]> {
  const [key, nonce, ad] = [random(32), random(24), random(size % 100)]
  const plaintext = Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 9)) & 255)
  const [sealed, into] = [aeadSeal(key, nonce, ad, plaintext), new Uint8Array(size + 16)]
  await aeadSealBulk(key, nonce, ad, plaintext, into)
  const altered = sealed.with(size >> 1, sealed[size >> 1]! ^ 1)
  const found = {
    'what is sealed': same(into, sealed),
    'what is opened': same(await aeadOpenBulk(key, nonce, ad, into), plaintext),
    'what is refused': (await aeadOpenBulk(key, nonce, ad, altered)) === null,
    'what libsodium opens': same(aeadOpen(key, nonce, ad, into), plaintext),
  }
  return Object.entries(found).flatMap(([what, is]) => (is ? [] : [what]))
}

const same = (a: Uint8Array | null, b: Uint8Array): boolean =>
  a?.length === b.length && a.every((byte, i) => byte === b[i])
