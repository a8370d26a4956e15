/** What is left of secrets: nothing, in our arrays or in libsodium's memory, once they were wiped. */
import sodium from 'libsodium-wrappers'
import { describe, expect, it } from 'vitest'
import { hash, random, toHex, utf8, wipe, wipeScratch } from '#crypto'
import { signPublic } from '../../crypto/primitives.ts'
import { scratchOf } from '../../crypto/scratch.ts'

const { libsodium } = sodium as unknown as { libsodium: { HEAPU8: Uint8Array } }
const holds = (secret: Uint8Array): boolean => Buffer.from(libsodium.HEAPU8.buffer).includes(Buffer.from(secret))

describe('wiping', () => {
  it('leaves zeros of every secret given', () => {
    const [a, b] = [random(32), random(5)]
    wipe(a, b)
    expect([...a, ...b]).toEqual(Array.from({ length: 37 }, () => 0))
  })

  it('leaves nothing of past calls in libsodium’s memory, and the library works on', () => {
    const seed = random(32)
    const expected = toHex(signPublic(seed))
    expect(holds(seed)).toBe(true)
    wipeScratch()
    expect(holds(seed)).toBe(false)
    expect(toHex(signPublic(seed))).toBe(expected)
    expect(toHex(hash(utf8('abc')))).toBe('bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319')
  })
})

describe('the scratch memory of a library', () => {
  const image = (length: number, used: number): Uint8Array =>
    Uint8Array.from({ length }, (_, i) => (i < used ? 1 + (i % 200) : 0))

  it.each([
    [64, 0],
    [64, 1],
    [64, 20],
    [64, 21],
    [64, 64],
  ])('of %i bytes, %i of them in use, goes back to what it was', (length, used) => {
    const library = { libsodium: { HEAPU8: image(length, used) } }
    const scratch = scratchOf(library)
    library.libsodium.HEAPU8.fill(0xff)
    scratch.wipe()
    expect(library.libsodium.HEAPU8).toEqual(image(length, used))
  })

  it('that has grown meanwhile is wiped to its new end', () => {
    const library = { libsodium: { HEAPU8: image(64, 20) } }
    const scratch = scratchOf(library)
    library.libsodium.HEAPU8 = new Uint8Array(128).fill(0xff)
    scratch.wipe()
    expect(library.libsodium.HEAPU8).toEqual(image(128, 20))
  })
})
