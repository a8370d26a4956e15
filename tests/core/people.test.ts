/** Whom one shares with: their root is pinned, and their trouble is theirs. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  AlveoleError,
  drawSeeds,
  encode,
  FLOOR,
  id16,
  label,
  list,
  openIdentity,
  sealMessage,
  signBytes,
  signerOf,
  struct,
  text,
} from '#crypto'
import { createVault, type Pod, type Vault } from '#core'
import { folder, grantTo, notes, passwordOf, reopen, savedStore, world, type Member, type World } from './world.ts'

let around: World
let alice: Member
let bob: Member
let carol: Member
let back: () => void

beforeAll(async () => {
  around = world()
  ;[alice, bob, carol] = [await around.member('alice'), await around.member('bob'), await around.member('carol')]
  await alice.vault.records.put('Immunization', { note: 'first' }, { collection: await folder(alice.vault) })
  await alice.vault.settle()
  back = around.save(alice.around.store, bob.around.store, carol.around.store)
})

let vault: Vault
let bobs: Vault
beforeEach(async () => {
  back()
  ;[vault, bobs] = [await reopen(alice), await reopen(bob)]
})

const rows = async (reader: Vault, from: string) =>
  (await reader.views.open(from)).rows.map(({ value }) => value['note']).sort()

/** Somebody takes over the pod of a name: another vault, with another root. */
async function takeOver(name: string): Promise<void> {
  for (const url of around.server.files.keys())
    if (url.startsWith(`https://memory.example/${name}/`)) around.server.files.delete(url)
  const at = { ...around.around(name), store: savedStore() }
  await createVault(at, { password: passwordOf(name), passwordCost: FLOOR })
}

describe('a person whose root changed', () => {
  test('gets no new grant', async () => {
    await vault.grants.give(grantTo(bobs.owner, around.clock))
    await vault.settle()
    await takeOver('bob')
    const later = await reopen(alice)
    await expect(later.grants.give(grantTo(bobs.owner, around.clock))).rejects.toMatchObject({
      code: 'identity-changed',
    })
    const elsewhere = await reopen({ around: { ...alice.around, store: storeOf(alice) } })
    await expect(elsewhere.grants.give(grantTo(bobs.owner, around.clock))).rejects.toMatchObject({
      code: 'identity-changed',
    })
  })

  test('is not let into a circle in the other’s place, and blocks no write', async () => {
    await vault.grants.give(grantTo(bobs.owner, around.clock))
    await vault.settle()
    await takeOver('bob')
    const later = await reopen(alice)
    await later.records.put('Immunization', { note: 'second' }, { collection: await folder(later) })
    expect(await notes(later)).toEqual(['first', 'second'])
  })

  test('is not believed as an owner either', async () => {
    await vault.grants.give(grantTo(bobs.owner, around.clock))
    expect(await rows(bobs, vault.owner)).toEqual(['first'])
    await takeOver('alice')
    const later = await reopen(bob)
    expect((await later.views.open(vault.owner)).rows).toEqual([])
  })
})

/** The same device's keys without what it remembered of others: only the account's pins are left. */
function storeOf(member: Member) {
  const kept = [...member.around.store.values].filter(([key]) => key.startsWith('device') || key === 'identity own')
  return savedStore(new Map(kept))
}

/** The pods of others as ever, but those of one person do not answer. */
const without = (name: string, pod: Pod): Pod =>
  new Proxy(pod, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target)
      if (typeof value !== 'function') return value
      return async (...args: unknown[]) => {
        if (String(args[0]).startsWith(`https://memory.example/${name}/`)) throw new AlveoleError('offline')
        return value.apply(target, args) as unknown
      }
    },
  })

describe('a person or circle in trouble', () => {
  const gone = (name: string): void => {
    for (const url of around.server.files.keys())
      if (url.startsWith(`https://memory.example/${name}/`)) around.server.files.delete(url)
  }

  test('whose pod is gone blocks no write of those who granted them something, nor their opening', async () => {
    await vault.grants.give(grantTo(bobs.owner, around.clock))
    await vault.settle()
    gone('bob')
    const later = await reopen(alice)
    await later.records.put('Immunization', { note: 'second' }, { collection: await folder(later) })
    const [grant] = await later.grants.list()
    await later.grants.revoke(grant!.grant)
    expect(await notes(await reopen(alice))).toEqual(['first', 'second'])
  })

  test('does not keep a grant to another from being taken back', async () => {
    const carols = await reopen(carol)
    const { group } = await bobs.groups.found('Bob’s')
    await vault.groups.join(await bobs.groups.invite(group))
    await bobs.groups.admit(group, vault.owner)
    await vault.grants.give(grantTo(group, around.clock))
    const { grant } = await vault.grants.give(grantTo(carols.owner, around.clock))
    expect(await rows(carols, vault.owner)).toEqual(['first'])
    await vault.settle()
    gone('bob')
    const later = await reopen(alice)
    await later.grants.revoke(grant)
    expect(await rows(carols, vault.owner)).toEqual([])
    expect(await later.groups.list()).toHaveLength(1)
  })

  test.each(['is gone', 'does not answer'])('whose pod %s does not hide what others of the circle share', async how => {
    const carols = await reopen(carol)
    const { group } = await carols.groups.found('Les Abeilles')
    const link = await carols.groups.invite(group)
    for (const one of [vault, bobs]) {
      await one.groups.join(link)
      await carols.groups.admit(group, one.owner)
    }
    await bobs.records.put('Immunization', { note: 'of bob' }, { collection: await folder(bobs) })
    for (const one of [vault, bobs]) await one.grants.give(grantTo(group, around.clock))
    expect(await rows(carols, group)).toEqual(['first', 'of bob'])
    if (how === 'is gone') gone('bob')
    const later = await reopen(carol, how === 'is gone' ? carol.around.pod : without('bob', carol.around.pod))
    expect(await rows(later, group)).toEqual(['first'])
  })
})

describe('a grant of new versions only', () => {
  test('given right after opening shows nothing older', async () => {
    const later = await reopen(alice)
    await later.grants.give({ ...grantTo(bobs.owner, around.clock), epochs: 'new', collections: [await folder(later)] })
    expect(await rows(bobs, later.owner)).toEqual([])
    await later.records.put('Immunization', { note: 'second' }, { collection: await folder(later) })
    expect(await rows(bobs, later.owner)).toEqual(['second'])
  })

  test('of existing versions only, right after opening, shows these and nothing newer', async () => {
    const later = await reopen(alice)
    await later.grants.give({
      ...grantTo(bobs.owner, around.clock),
      epochs: 'existing',
      collections: [await folder(later)],
    })
    await later.records.put('Immunization', { note: 'second' }, { collection: await folder(later) })
    expect(await rows(bobs, later.owner)).toEqual(['first'])
  })
})

describe('messages from anybody', () => {
  /** Sealed as it should be, signed by a real device, and claiming to be from `owner`. */
  const claiming = (owner: string): Uint8Array => {
    const claim = struct({ owner: text, to: text, grant: id16, collections: list(struct({ id: id16, url: text })) })
    const body = encode(claim, { owner, to: vault.owner, grant: new Uint8Array(16), collections: [] })
    const identity = openIdentity(around.server.files.get('https://memory.example/alice/alveole/identity.alv')!.body)
    return sealMessage(identity.kem, signBytes(signerOf(drawSeeds()), label.announcement, body))
  }

  test.each([
    'https://memory.example/nobody/profile/card#me',
    'not an address',
    'https://memory.example/bob/profile/card#me',
  ])('that claim to be from %s hide nothing and stop nothing', async owner => {
    const carols = await reopen(carol)
    await carols.records.put('Immunization', { note: 'of carol' }, { collection: await folder(carols) })
    await carols.grants.give(grantTo(vault.owner, around.clock))
    const { group } = await vault.groups.found('Les Abeilles')
    const bytes = claiming(owner)
    for (const inbox of [`${vault.pod.storage}alveole/inbox/`, `${group}inbox/`]) {
      await bob.around.pod.post(inbox, bytes)
      await bob.around.pod.post(inbox, new Uint8Array(100))
      await bob.around.pod.post(inbox, new Uint8Array())
    }
    const later = await reopen(alice, without('bob', alice.around.pod))
    expect(await rows(later, carols.owner)).toEqual(['of carol'])
    expect(await later.views.sharedWithMe()).toHaveLength(1)
    expect(await later.groups.members(group)).toHaveLength(1)
  })
})
