/** The suite, which notes each key that it is given: all keys of the project pass here as the key of something. */
import { toHex } from '../../crypto/bytes.ts'
import * as real from '../../crypto/primitives.ts'
import { note } from './note.ts'

export * from '../../crypto/primitives.ts'

/** The function, which notes its first argument. */
const keyed =
  <A extends unknown[], R>(use: string, work: (key: Uint8Array, ...rest: A) => R) =>
  (key: Uint8Array, ...rest: A): R => {
    note('key', use, toHex(key))
    return work(key, ...rest)
  }

export const kdf: typeof real.kdf = (key, label, context, length) => {
  note('key', label, toHex(key))
  return real.kdf(key, label, context, length)
}
export const aeadSeal = keyed('aead', real.aeadSeal)
export const aeadOpen = keyed('aead', real.aeadOpen)
export const aeadSealBulk = keyed('aead', real.aeadSealBulk)
export const aeadOpenBulk = keyed('aead', real.aeadOpenBulk)
export const signPublic = keyed('signing seed', real.signPublic)
export const signDetached = keyed('signing seed', real.signDetached)
export const kemPublic = keyed('kem seed', real.kemPublic)
export const kemDecapsulate = keyed('kem seed', real.kemDecapsulate)
