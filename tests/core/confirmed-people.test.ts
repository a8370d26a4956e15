/** People whom one has checked, by words or a code; and whose root changed. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { FLOOR, readCheckCode, writeCheckCode } from '#crypto'
import { createVault, type Vault } from '#core'
import {
  folder,
  grantTo,
  passwordOf,
  reopen,
  savedStore,
  secondDevice,
  world,
  type Member,
  type World,
} from './world.ts'

let around: World
let alice: Member
let bob: Member
let laptop: Member
let back: () => void

beforeAll(async () => {
  around = world()
  ;[alice, bob] = [await around.member('alice'), await around.member('bob')]
  laptop = await secondDevice(alice)
  await alice.vault.records.put('Immunization', { note: 'first' }, { collection: await folder(alice.vault) })
  await alice.vault.settle()
  back = around.save(...[alice, laptop, bob].map(one => one.around.store))
})

let vault: Vault
let bobs: Vault
beforeEach(async () => {
  back()
  ;[vault, bobs] = [await reopen(alice), await reopen(bob)]
})

const sensitive = () => ({ ...grantTo(bobs.owner, around.clock), facets: ['health/mental'] })
const rejected = (of: Promise<unknown>, code: string) => expect(of).rejects.toMatchObject({ code })

async function takeOver(): Promise<Vault> {
  for (const url of around.server.files.keys())
    if (url.startsWith('https://memory.example/bob/')) around.server.files.delete(url)
  const at = { ...around.around('bob'), store: savedStore() }
  return (await createVault(at, { password: passwordOf('bob'), passwordCost: FLOOR })).vault
}

describe('words', () => {
  test('are the same twelve for both, in either language', async () => {
    const [mine, theirs] = [await vault.people.words(bobs.owner), await bobs.people.words(vault.owner)]
    expect(mine.words).toEqual(theirs.words)
    expect([mine.words.en.length, new Set(mine.words.fr).size > 6]).toEqual([12, true])
    expect(mine.state).toBe('seen')
  })

  test.each(['en', 'fr'] as const)('in %s confirm, on all devices, and let give what is sensitive', async language => {
    await rejected(vault.grants.give(sensitive()), 'unconfirmed')
    const { words } = await bobs.people.words(vault.owner)
    const typed = ` ${words[language].join('  ').toUpperCase().normalize('NFD')}`
    expect(await vault.people.confirm(bobs.owner, typed)).toMatchObject({ state: 'confirmed' })
    await vault.grants.give(sensitive())
    expect((await (await reopen(laptop)).people.list()).map(({ state }) => state)).toEqual(['confirmed'])
  })

  test('that differ in one, are in another order or half of each language confirm nobody', async () => {
    const { words } = await bobs.people.words(vault.owner)
    for (const wrong of [
      words.en.with(3, words.en[3] === 'abandon' ? 'ability' : 'abandon'),
      words.en.toReversed(),
      words.en.slice(0, 11),
      [...words.en.slice(0, 6), ...words.fr.slice(6)],
      [],
    ])
      await rejected(vault.people.confirm(bobs.owner, wrong.join(' ')), 'unconfirmed')
    await rejected(vault.grants.give(sensitive()), 'unconfirmed')
  })

  test('of oneself, and of nobody, are none', async () => {
    await rejected(vault.people.words(vault.owner), 'usage')
    await rejected(vault.people.words('https://memory.example/nobody/profile/card#me'), 'unknown-person')
  })
})

describe('a code', () => {
  test('by the other one, for us, confirms; any other does not', async () => {
    const [theirs, mine] = [(await bobs.people.words(vault.owner)).code, (await vault.people.words(bobs.owner)).code]
    const { by, to } = readCheckCode(theirs)!
    const other = 'ab'.repeat(32)
    for (const wrong of [mine, writeCheckCode({ ...by, root: other }, to), writeCheckCode(by, { ...to, root: other })])
      await rejected(vault.people.confirm(bobs.owner, wrong), 'unconfirmed')
    await rejected(vault.people.confirm(bobs.owner, 'alveole:check:AAAA'), 'usage')
    expect(await vault.people.confirm(bobs.owner, `${theirs}\n`)).toMatchObject({ state: 'confirmed' })
  })
})

describe('[A2] a person whose root changed', () => {
  test('is shown, given nothing, and not confirmed as if nothing were', async () => {
    await vault.people.confirm(bobs.owner, (await bobs.people.words(vault.owner)).code)
    const words = (await vault.people.words(bobs.owner)).words.en.join(' ')
    const other = await takeOver()
    const later = await reopen(alice)
    expect(await later.people.list()).toEqual([expect.objectContaining({ webId: other.owner, state: 'changed' })])
    await rejected(later.grants.give(sensitive()), 'identity-changed')
    await rejected(later.people.confirm(other.owner, words), 'identity-changed')
    await rejected(later.people.reconfirm(other.owner, words), 'unconfirmed') // the host cannot know what was said before
  })

  test('may be given to once words were compared again, from all devices, and the old root is the stranger', async () => {
    await vault.people.confirm(bobs.owner, (await bobs.people.words(vault.owner)).code)
    const old = new Map(around.server.files)
    const other = await takeOver()
    const later = await reopen(alice)
    const { words } = await other.people.words(later.owner)
    expect(await later.people.reconfirm(other.owner, words.fr.join(' '))).toMatchObject({ state: 'confirmed' })
    await later.grants.give(sensitive())
    const second = await reopen(laptop)
    await second.grants.confirm()
    await second.grants.give(grantTo(other.owner, around.clock))
    for (const [url, file] of old) if (url.includes('/bob/')) around.server.files.set(url, file)
    await rejected((await reopen(alice)).grants.give(sensitive()), 'identity-changed')
  })
})
