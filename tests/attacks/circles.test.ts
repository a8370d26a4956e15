/** What the host of a circle, or of one of its members, can do to the others: withhold what is its own, and no more. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { drawGroupEpoch, drawSeeds, publicOf, random, sealGroupHead, signerOf, unsafeGroupHeader } from '#crypto'
import { smallTree } from '../crypto/reading.ts'
import { reopen } from '../core/world.ts'
import { attacked, before, refusal } from '../hostile-pod.ts'
import { orCode } from './shown.ts'
import { add, MINUTE, scene, type Scene } from './scene.ts'

let at: Scene
beforeAll(async () => void (at = await scene()))
beforeEach(() => at.back())

const headUrl = (): string => `${at.group}head.alv`
/** What carol sees of bob's in the circle, some minutes later. */
async function carolSees(): Promise<unknown[]> {
  at.around.pass(10 * MINUTE)
  const { rows } = await (await reopen(at.carol)).views.open(at.group)
  const notes = rows.filter(({ ownerName }) => ownerName === 'bob').map(({ value }) => value['note'])
  return notes.sort()
}
async function bobAdds(note: string): Promise<void> {
  at.around.pass(10 * MINUTE)
  const vault = await reopen(at.bob)
  const [mine] = await vault.collections.list()
  await add(vault, mine!.id, note)
}

describe('[A34] a circle whose host serves in place of its head', () => {
  /** Of the host's own making, or of other times and places; none has a leaf of bob's. */
  const heads: [what: string, make: () => Uint8Array | Promise<Uint8Array>][] = [
    ['the one from before he came', () => at.host.versions(headUrl())[0]!.body],
    [
      'another circle’s',
      async () => {
        const { group } = await (await reopen(at.alice)).groups.found('Les Guêpes')
        return at.host.files.get(`${group}head.alv`)!.body
      },
    ],
    [
      'one that its own keys sign, in the steward’s name',
      () => {
        const header = unsafeGroupHeader(at.host.files.get(headUrl())!.body)
        const { tree } = smallTree(header.group, random(32), [publicOf(drawSeeds()).kem])
        const [epoch, signer] = [drawGroupEpoch(9), signerOf(drawSeeds())]
        return sealGroupHead(
          { ...header, epoch: 9, tree, previous: [] },
          { checkpoint: null, archive: null, entries: [random(9)] },
          epoch,
          signer,
        )
      },
    ],
    ['nothing but noise', () => new Uint8Array(9000).fill(7)],
  ]

  test.each(heads)(
    '%s: a member is not put out by it, and what they share is not taken from the others',
    async (_, make) => {
      at.host.replace(headUrl(), await make())
      expect(await orCode(async () => (await reopen(at.bob)).views.open(at.group))).toHaveProperty('code')
      await bobAdds('meanwhile')
      const { state } = (await (await reopen(at.bob)).groups.list())[0]!
      expect(state).toBe('member')
      at.host.files.set(headUrl(), at.honest.get(headUrl())!)
      expect(await carolSees()).toEqual(['meanwhile', 'of bob'])
    },
  )

  test('nothing, for as long as it likes: bob writes, what was shared stays so, and all is there afterwards', async () => {
    for (const status of [404, 500, 503, 0]) {
      at.back()
      const stop = at.host.attack(before('get', /groups\/.*head\.alv$/, () => Promise.reject(refusal(status))))
      await bobAdds('meanwhile')
      stop()
      expect(await carolSees()).toEqual(['meanwhile', 'of bob'])
    }
  })

  test('the word that he is no member: what he writes then is for nobody there, and again for all once it is taken back', async () => {
    const stop = at.host.attack(before('get', /groups\/.*head\.alv$/, () => Promise.reject(refusal(403))))
    await bobAdds('alone')
    stop()
    expect(await carolSees()).toEqual([])
    await bobAdds('together')
    expect(await carolSees()).toEqual(['alone', 'of bob', 'together'])
  })

  test('the truth, that he was removed: he is', async () => {
    await (await reopen(at.alice)).groups.remove(at.group, at.bob.vault.owner)
    const vault = await reopen(at.bob)
    expect(await orCode(() => vault.views.open(at.group))).toEqual({ code: 'not-granted' })
    expect((await vault.groups.list())[0]).toMatchObject({ state: 'removed' })
  })
})

test('[A18] a removal that the steward’s device died of is not undone by a host that puts the head back', async () => {
  const old = at.honest.get(headUrl())!
  const dying = before('put', /account\.alv$/, () => Promise.reject(refusal(0)))
  const steward = await reopen(at.alice, attacked(at.alice.around.pod, dying))
  await expect(steward.groups.remove(at.group, at.bob.vault.owner)).rejects.toMatchObject({ code: 'offline' })
  const document = [...at.host.files.keys()].find(url => /\/members-[^/.]+$/.test(url))!
  const members = new TextDecoder().decode(at.host.files.get(document)!.body)
  expect(members).not.toContain('/bob/')

  at.host.files.set(headUrl(), old)
  const vault = await reopen(at.alice)
  expect(await orCode(() => vault.groups.members(at.group))).toEqual({ code: 'rolled-back' })
  await vault.tidy().catch(() => undefined)
  expect(new TextDecoder().decode(at.host.files.get(document)!.body)).toBe(members)
})

describe('[A34] one member’s pod that does not answer, or not well,', () => {
  const broken: [what: string, of: RegExp][] = [
    ['their profile', /bob\/profile/],
    ['their identity', /bob\/alveole\/identity/],
    ['their head', /bob\/alveole\/c\/.*head\.alv$/],
    ['their keyring and segments', /bob\/alveole\/c\/[^/]+\/(?!head)[^/]+\.alv$/],
  ]

  test.each(broken)('%s, hides nobody else’s records, at first sight or later', async (_, of) => {
    const warm = await reopen(at.carol)
    await warm.views.open(at.group)
    at.around.pass(10 * MINUTE)
    const down = () => Promise.reject(refusal(500))
    const stop = at.host.attack(before('get', of, down), before('profile', of, down))
    for (const vault of [warm, await reopen(at.carol)]) {
      const { rows } = await vault.views.open(at.group)
      expect(rows.map(({ value }) => value['note'])).toContain('MMR')
    }
    stop()
    expect(await carolSees()).toEqual(['of bob'])
  })
})
