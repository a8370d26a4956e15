/** A host that puts one stored thing in another's place, leaves it out, or adds what nobody wrote. */
import { beforeAll, describe, expect, test } from 'vitest'
import { encode, label, random, sealGroupMessage, signBytes, toBase64Url } from '#crypto'
import { openMessage, unsafeGroupHeader } from '#crypto'
import { epochIn, findAt } from '../crypto/reading.ts'
import { announcement } from '../../client/core/announce.ts'
import { open } from '../../client/core/open.ts'
import { folder, grantTo, openSeal } from '../core/world.ts'
import type { Moment } from '../hostile-pod.ts'
import { patience, stride } from './effort.ts'
import { forgedSegment, groupSeeds, ownSeeds } from './league.ts'
import { attackOn, harmless, truths, type Outcome, type Truths } from './outcome.ts'
import { add, isRule, scene, short, type Scene } from './scene.ts'

let at: Scene
let told: Truths
/** Of somebody whom nobody here knows: a vault, a circle, a grant. */
let foreign: Moment
let objects: string[]
let rules: string[]

beforeAll(async () => {
  at = await scene()
  const eve = await at.around.member('eve')
  await add(eve.vault, await folder(eve.vault), 'of eve')
  const { group } = await eve.vault.groups.found('Les Guêpes')
  await eve.vault.grants.give(grantTo(group, at.around.clock))
  await eve.vault.settle()
  foreign = new Map([...at.host.files].filter(([url]) => url.includes('/eve/') && !isRule(url)))
  at.back()
  told = await truths(at, at.alice, at.bob)
  objects = [...at.honest.keys()].filter(url => !isRule(url))
  rules = [...at.honest.keys()].filter(isRule)
})

async function tryAll(attacks: Iterable<[name: string, attack: () => void]>): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>()
  for (const [name, attack] of attacks) {
    const outcome = await attackOn(at, told, attack)
    expect({ name, ...outcome }).toMatchObject({ name, ...harmless })
    outcomes.set(name, outcome)
  }
  return outcomes
}
const unnoticed = (outcomes: Map<string, Outcome>): string[] =>
  [...outcomes].filter(([, { noticed }]) => !noticed).map(([name]) => name)

test('[A1] [A8] any two objects, each in the place of the other', patience, async () => {
  const pairs = objects.flatMap((a, i) => objects.slice(i + 1).map(b => [a, b] as const))
  expect(pairs.length).toBeGreaterThan(200)
  const outcomes = await tryAll(pairs.map(([a, b]) => [`${short(a)} and ${short(b)}`, () => at.host.exchange(a, b)]))
  const looked = unnoticed(outcomes).filter(name => /alice\/.*(account|head)\.alv/.test(name))
  expect(looked).toEqual([])
})

test('[A1] any object, replaced by one of its kind that somebody unknown made well', patience, async () => {
  const kindOf = (url: string): string => /(account|identity|head)\.alv$|inbox|feed/.exec(url)?.[0] ?? 'named'
  const cases = objects.flatMap(url =>
    [...foreign]
      .filter(([other]) => kindOf(other) === kindOf(url))
      .map(([other, { body }]): [string, () => void] => [
        `${short(other)} for ${short(url)}`,
        () => at.host.replace(url, body),
      ]),
  )
  expect(cases.length).toBeGreaterThan(20)
  expect(unnoticed(await tryAll(cases)).filter(name => /for alice\/.*(account|head)\.alv/.test(name))).toEqual([])
})

test('[A1] any object, left out', patience, async () => {
  const cases = objects.map((url): [string, () => void] => [short(url), () => at.host.files.delete(url)])
  expect(unnoticed(await tryAll(cases)).filter(name => /alice\/.*(account|head)\.alv/.test(name))).toEqual([])
})

test('[A10] what nobody of the vault put there is not looked at: a copy of each object in each folder, under names of its kind', async () => {
  const folders = [...new Set(objects.map(url => url.replace(/[^/]+$/, '')))].filter(
    url => !/(feed|inbox)\/$/.test(url),
  )
  const copies = objects.flatMap(url =>
    folders.map(folder => [url, `${folder}${toBase64Url(random(16))}.alv`] as const),
  )
  const outcome = await attackOn(at, told, () => {
    for (const [url, name] of copies) at.host.replace(name, at.honest.get(url)!.body)
  })
  expect(outcome).toEqual({ ...harmless, noticed: false })
})

describe('[A10] what somebody in the circle makes with keys that they rightly have:', () => {
  test('a segment with another text in it, sealed as the owner would, is read by nobody', async () => {
    at.back()
    const seeds = groupSeeds(at.around, at.group, await ownSeeds(at.around, at.bob))
    const { url, bytes } = await forgedSegment(at.around, at.alice.vault, at.health, seeds, 'of bob’s making')
    const outcome = await attackOn(at, told, () => at.host.replace(url, bytes))
    expect(outcome).toMatchObject({ ...harmless, noticed: true })
  })

  test('lines of a feed in another’s name, of places elsewhere, or signed for somebody else, are passed over', async () => {
    at.back()
    const { me } = await open(at.bob.around, { seal: openSeal })
    const header = unsafeGroupHeader(at.host.files.get(`${at.group}head.alv`)!.body)
    const epoch = epochIn(header, me.generation.kemSeed, findAt(at.host.files, at.group))!
    const elsewhere = `${at.alice.around.pod.storage}alveole/c/${'A'.repeat(22)}/`
    const line = (owner: string, to: string) => {
      const collections = [{ id: new Uint8Array(16), url: elsewhere }]
      const body = encode(announcement, { owner, to, grant: random(16), at: 1, until: 2, collections })
      return sealGroupMessage(epoch, signBytes(me.signer, label.announcement, body))
    }
    const [inbox] = [...at.honest].filter(([url]) => /\/bob\/alveole\/inbox\/[^.]+$/.test(url))
    const toBobAlone = openMessage(me.generation.kemSeed, inbox![1].body) // what alice signed, for him
    const lines = [
      line(at.alice.vault.owner, at.group),
      line(me.webId, at.group),
      line(me.webId, `${at.group}x`),
      sealGroupMessage(epoch, toBobAlone),
    ]
    const seen = await truths(at, at.alice, at.bob, at.carol)
    const outcome = await attackOn(at, seen, () =>
      lines.forEach((bytes, i) => at.host.replace(`${at.group}feed/forged-${i}`, bytes)),
    )
    expect(outcome).toMatchObject({ ...harmless, noticed: false })
  })
})

describe('[A8] what the server decides access by, in the place of', () => {
  const swaps = (all: [string, string][]): [string, () => void][] =>
    all.map(([a, b]) => [`${short(a)} and ${short(b)}`, () => at.host.exchange(a, b)])

  test(
    'any other such rule, each in the other’s: it shuts people out, and nothing is shown or lost by it',
    patience,
    async () => {
      const pairs = rules.flatMap((rule, i) => rules.slice(i + 1).map((other): [string, string] => [rule, other]))
      expect(pairs.length).toBeGreaterThan(100)
      await tryAll(swaps(pairs))
    },
  )

  test('any sealed object, and that in the rule’s', patience, async () => {
    const pairs = rules.flatMap(rule => objects.map((object): [string, string] => [rule, object]))
    expect(pairs.length).toBeGreaterThan(300)
    const outcomes = await tryAll(swaps(pairs.filter((_, i) => i % stride(3) === 0)))
    expect(unnoticed(outcomes).filter(name => / and alice\/.*(account|head)\.alv/.test(name))).toEqual([])
  })
})
