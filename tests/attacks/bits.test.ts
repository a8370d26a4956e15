/**
 * Bits of what is stored, flipped: refused with a code, before anything of it comes out; nothing written, nothing lost. By
 * `npm run attacks` every bit of every object, through its parser; and a vault opened on one bit in 35, which is what time allows:
 * all that a vault is told of an object is what its parser says.
 */
import { Parser } from 'n3'
import { beforeAll, describe, expect, test } from 'vitest'
import { equal, hash } from '#crypto'
import { vcard } from '#vocab'
import { readAcl, saysRules } from '../../client/core/acl.ts'
import { reopen } from '../core/world.ts'
import { patience, stride, thorough } from './effort.ts'
import { flips, type Kept } from './kept.ts'
import { everyKind } from './objects.ts'
import { attackOn, harmless, truths } from './outcome.ts'
import { everyObject } from './readers.ts'
import { isRule, scene, short, type Scene } from './scene.ts'
import { orCode } from './shown.ts'

/** What is looked for by a name in clear, as if it were not there: the grant ids of a keyring, the epoch of a group's message. */
const NAMES = [
  { kind: /^keyring$/, bits: 128 },
  { kind: /^group message$|\/feed\//, bits: 8 },
  { kind: /\/c\/[^/]+\/[^/]+\.alv$/, bits: 128 * 4 },
]
const mayBeAbsent = ({ kind }: Kept): number => NAMES.find(name => name.kind.test(kind))?.bits ?? 0

/** P5: a slot does not tell what is wrong with it, but for costs out of bounds and what is no slot. */
const codesOf = ({ isSlow }: Kept): string[] => (isSlow ? ['tampered', 'wrong-unlock'] : ['tampered'])

describe.each([
  { of: 'one of each kind', objects: await everyKind() },
  { of: 'each object of a whole vault', objects: await everyObject(await scene()), usual: 211 },
])('[A6] of $of,', ({ objects, usual }) => {
  test.each(objects)('$kind', patience, async of => {
    expect(await of.read(of.bytes)).toBeTypeOf('string')
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

describe('[A6] of a vault that is open on it,', () => {
  let at: Scene
  beforeAll(async () => void (at = await scene()))
  const flip = (url: string, bit: number): void => {
    const body = at.honest.get(url)!.body.slice()
    body[bit >> 3]! ^= 1 << (bit & 7)
    at.host.replace(url, body)
  }
  const urlsOf = (match: RegExp): string[] => [...at.honest.keys()].filter(url => match.test(url))

  test('each object: nobody is shown anything wrong, nothing is written or lost', patience, async () => {
    const told = await truths(at, at.alice, at.bob)
    for (const url of at.honest.keys()) {
      if (isRule(url)) continue
      const bits = at.honest.get(url)!.body.length * 8
      const some = [Math.floor(bits / 9), bits - 20]
      const tried = thorough ? Array.from({ length: Math.ceil(bits / 35) }, (_, i) => i * 35) : some
      for (const bit of tried) {
        const outcome = await attackOn(at, told, () => flip(url, bit))
        expect({ url, bit, ...outcome }).toMatchObject({ url, bit, ...harmless })
      }
    }
  })

  test('the access lists: every one is found to differ', patience, () => {
    const missed: unknown[] = []
    for (const url of urlsOf(/\.acl$/)) {
      const { body } = at.honest.get(url)!
      const resource = url.replace(/\.acl$/, '')
      const [truth, altered] = [readAcl(resource, body), body.slice()]
      for (let bit = 0; bit < body.length * 8; bit += stride(7)) {
        altered[bit >> 3]! ^= 1 << (bit & 7)
        if (saysRules(resource, altered, truth)) missed.push([short(url), bit])
        altered[bit >> 3]! ^= 1 << (bit & 7)
      }
    }
    expect(missed).toEqual([])
  })

  test('the access list of a collection: whoever checks the vault is told', patience, async () => {
    const [url] = urlsOf(/\/alice\/.*\/c\/[^/]+\/\.acl$/)
    const untold = await checkedOn(url!, 397, () => true)
    expect(untold).toEqual([])
  })

  test('the members document: whoever checks the vault is told of all that it says otherwise', patience, async () => {
    const [url] = urlsOf(/\/members-[^/.]+$/)
    const truth = membersIn(url!, at.honest.get(url!)!.body)
    expect(truth).toHaveLength(3)
    const untold = await checkedOn(url!, 29, altered => String(membersIn(url!, altered)) !== String(truth))
    expect(untold).toEqual([])
  })

  /** The flipped bits that alice's check of her vault keeps quiet about though they `matter`. */
  async function checkedOn(url: string, usual: number, matter: (altered: Uint8Array) => boolean): Promise<number[]> {
    at.back()
    const vault = await reopen(at.alice)
    expect((await vault.doctor()).problems).toEqual([])
    const untold: number[] = []
    for (let bit = 5; bit < at.honest.get(url)!.body.length * 8; bit += stride(usual)) {
      flip(url, bit)
      const told = await orCode(async () => (await vault.doctor()).problems)
      if (Array.isArray(told) && !told.length && matter(at.host.files.get(url)!.body)) untold.push(bit)
    }
    return untold
  }

  function membersIn(url: string, turtle: Uint8Array): string[] | null {
    try {
      const quads = new Parser({ baseIRI: url }).parse(new TextDecoder().decode(turtle))
      const said = quads.filter(
        ({ subject, predicate }) => subject.value === `${url}#members` && predicate.value === vcard.hasMember,
      )
      return said.map(({ object }) => object.value).sort()
    } catch {
      return null // not Turtle
    }
  }
})
