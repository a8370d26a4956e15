/**
 * Bits of what is stored, flipped under a vault: nobody is shown anything wrong, nothing is written or lost. By `npm run attacks` one
 * bit in 35 of each object, which is what time allows: all that a vault is told of an object is what its parser says
 * (`bits.test.ts`). Of access lists and the members document, which are nobody's secret, every bit.
 */
import { Parser } from 'n3'
import { beforeAll, describe, expect, test } from 'vitest'
import { vcard } from '#vocab'
import { readAcl, saysRules } from '../../client/core/acl.ts'
import { reopen } from '../core/world.ts'
import { patience, stride, thorough } from './effort.ts'
import { attackOn, harmless, truths } from './outcome.ts'
import { isRule, scene, short, type Scene } from './scene.ts'
import { orCode } from './shown.ts'

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
