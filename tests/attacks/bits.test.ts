/** Bits of what is stored, flipped: refused with a code, before anything of it comes out; nothing written, nothing lost. */
import { beforeAll, describe, expect, test } from 'vitest'
import { equal, hash } from '#crypto'
import { readAcl, saysRules } from '../../client/core/acl.ts'
import { reopen } from '../core/world.ts'
import { everyKind, flips, type Kept } from './objects.ts'
import { attackOn, harmless, truths } from './outcome.ts'
import { orCode } from './shown.ts'
import { scene, type Scene } from './scene.ts'

describe('[A6] of one', async () => {
  const kinds: Kept[] = await everyKind()

  test.each(kinds)('$kind', async of => {
    const { codes, absent, read } = await flips(of)
    expect({ codes, read }).toEqual({ codes: ['tampered'], read: [] })
    // the id by which a reader looks for its own envelope, the epoch of a message: as if it were not there
    expect(absent).toBeLessThanOrEqual({ keyring: 128, 'group message': 8 }[of.kind] ?? 0)
  })

  test.each(kinds.filter(({ named }) => named))('$kind, against the hash that names it', ({ bytes }) => {
    const [truth, altered] = [hash(bytes), bytes.slice()]
    const same: number[] = []
    for (let bit = 0; bit < bytes.length * 8; bit += bytes.length > 5000 ? 5 : 1) {
      altered[bit >> 3]! ^= 1 << (bit & 7)
      if (equal(hash(altered), truth)) same.push(bit)
      altered[bit >> 3]! ^= 1 << (bit & 7)
    }
    expect(same).toEqual([])
  })
})

describe('[A6] of a whole vault,', () => {
  let at: Scene
  beforeAll(async () => void (at = await scene()))
  const flip = (url: string, bit: number): void => {
    const body = at.honest.get(url)!.body.slice()
    body[bit >> 3]! ^= 1 << (bit & 7)
    at.host.replace(url, body)
  }

  test('in each object', async () => {
    const told = await truths(at, at.alice, at.bob)
    const objects = [...at.honest.keys()].filter(url => !/\.acl$|\/members-[^/]+$/.test(url))
    for (const url of objects) {
      const bits = at.honest.get(url)!.body.length * 8
      for (const bit of [Math.floor(bits / 9), bits - 20]) {
        const outcome = await attackOn(at, told, () => flip(url, bit))
        expect({ url, bit, ...outcome }).toMatchObject({ url, bit, ...harmless })
      }
    }
  })

  test('in the access list of a folder: it is found to differ, unless it says the same', () => {
    const [url, { body }] = [...at.honest].find(([url]) => /\/c\/[^/]+\/\.acl$/.test(url))!
    const resource = url.replace('.acl', '')
    const [truth, altered] = [readAcl(resource, body), body.slice()]
    for (let bit = 0; bit < body.length * 8; bit += 3) {
      altered[bit >> 3]! ^= 1 << (bit & 7)
      if (saysRules(resource, altered, truth)) expect(readAcl(resource, altered)).toHaveLength(truth.length)
      altered[bit >> 3]! ^= 1 << (bit & 7)
    }
  })

  test('in the members document: it breaks nothing', async () => {
    at.back()
    const url = [...at.honest.keys()].find(one => /\/members-[^/.]+$/.test(one))!
    const vault = await reopen(at.alice)
    for (let bit = 3; bit < at.honest.get(url)!.body.length * 8; bit += 97) {
      flip(url, bit)
      expect(await orCode(() => vault.doctor())).toHaveProperty('problems')
    }
  })
})
