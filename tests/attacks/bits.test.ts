/**
 * Bits of what is stored, flipped: refused with a code, before anything of it comes out. Through the parsers alone, so that by
 * `npm run attacks` every bit of every object can be; `bits-open.test.ts` opens the vault on them.
 */
import { describe, expect, test } from 'vitest'
import { equal, hash } from '#crypto'
import { patience, stride } from './effort.ts'
import { flips, nothing, type Kept } from './kept.ts'
import { everyKind } from './objects.ts'
import { everyObject } from './readers.ts'
import { scene } from './scene.ts'

/** What is looked for by a name in clear, as if it were not there: the grant ids of a keyring, the epoch of a group's message. */
const NAMES = [
  { kind: /^keyring$/, bits: 128 },
  { kind: /^group message$|\/feed\//, bits: 8 },
  { kind: /^(page of the key tree|enrolment|stewards’ object)$/, bits: 128 }, // a leaf's name
  { kind: /groups\/[^/]+\/(?!head)[^/]+\.alv$/, bits: 128 * 3 }, // the scene has three members
  { kind: /\/c\/[^/]+\/(?!head)[^/]+\.alv$/, bits: 128 * 4 }, // the scene has four grants at most
]
const mayBeAbsent = ({ kind }: Kept): number => NAMES.find(name => name.kind.test(kind))?.bits ?? 0

/** P5: a slot does not tell what is wrong with it, but for costs out of bounds and what is no slot. */
const codesOf = ({ isSlow }: Kept): string[] => (isSlow ? ['tampered', 'wrong-unlock'] : ['tampered'])

describe.each([
  { of: 'one of each kind', objects: await everyKind() },
  { of: 'each object of a whole vault', objects: await everyObject(await scene()), usual: 211 },
])('[A6] of $of,', ({ objects, usual }) => {
  test.each(objects)('$kind', patience, async of => {
    expect(await of.read(of.bytes)).not.toBe(nothing)
    const { codes, absent, read, tries } = await flips(of, usual)
    expect({ codes, read }).toEqual({ codes: codesOf(of), read: [] })
    expect(absent).toBeLessThanOrEqual(mayBeAbsent(of))
    expect(tries).toBeGreaterThanOrEqual(Math.floor((of.bytes.length * 8) / stride(211)))
  })

  test.each(objects.filter(({ named }) => named))('$kind, against the hash that names it', patience, ({ bytes }) => {
    const [truth, altered] = [hash(bytes), bytes.slice()]
    const same: number[] = []
    for (let bit = 0; bit < bytes.length * 8; bit += stride(bytes.length > 5000 ? 5 : 1)) {
      altered[bit >> 3]! ^= 1 << (bit & 7)
      if (equal(hash(altered), truth)) same.push(bit)
      altered[bit >> 3]! ^= 1 << (bit & 7)
    }
    expect(same).toEqual([])
  })
})
