/** Every action of the public API that changes something, on one stage: alice's vault, bob's and carol's, and a circle of alice's. */
import type { CollectionId, GrantId, GroupId, OfferInfo, RecordId, SourceFile, Vault } from '#core'
import { PART_BYTES } from '#crypto'
import { HEAD_SEGMENTS } from '../../client/core/collections/pack.ts'
import { offerOf } from '../core/offer-of.ts'
import {
  DAY,
  folder,
  FACET,
  PURPOSE,
  reopen,
  secondDevice,
  world,
  type Member,
  type SavedStore,
  type World,
} from '../core/world.ts'
import { jpegWith } from '../formats/images.ts'
import { Stage } from './stage.ts'

export interface Cast {
  world: World
  alice: Member
  bob: Member
  carol: Member
  /** Another device of alice's, just let in. */
  laptop: Member
  all: Member[]
  group: GroupId
  link: string
}

export async function cast(): Promise<Cast> {
  const around = world()
  const [alice, bob, carol] = [await around.member('alice'), await around.member('bob'), await around.member('carol')]
  const health = await folder(alice.vault)
  await alice.vault.records.put('Immunization', { note: 'first' }, { collection: health, id: FIRST })
  const { group } = await alice.vault.groups.found('Les Abeilles')
  const link = await alice.vault.groups.invite(group)
  await carol.vault.groups.join(link)
  await alice.vault.groups.admit(group, carol.vault.owner)
  await alice.vault.grants.give(grant(group, around))
  const laptop = await secondDevice(alice)
  for (const { vault } of [alice, bob, carol, laptop]) await vault.settle()
  return { world: around, alice, bob, carol, laptop, all: [alice, bob, carol], group, link }
}

export const storesOf = ({ all, laptop }: Cast): SavedStore[] => [...all, laptop].map(({ around }) => around.store)

export interface Operation {
  /** Whose program does it; alice's unless told. */
  who?: 'bob' | 'carol' | 'laptop'
  /** Done in good weather before. */
  before?(on: Cast & { vaults: { alice: Vault; bob: Vault; carol: Vault } }): Promise<unknown>
  /** Once more, where it seems not to have been done, is what its person would do. */
  act(vault: Vault, on: Cast): Promise<unknown>
  /**
   * Nothing of what stood on the servers before and is named no more may be left: once the vault was opened again if what it means is
   * done by then, or only when it was asked for again.
   */
  clears?: 'once opened' | 'done again'
  /** A state in between that people may meet, and how it comes about. */
  halfway?(vault: Vault, on: Cast): Promise<unknown>
}

const id = (digits: string) => digits.repeat(16) as RecordId
export const FIRST = id('01')
const grant = (to: string, { clock }: World, days = 30) => ({
  to,
  facets: [FACET],
  until: new Date(clock() + days * DAY),
  purpose: PURPOSE,
})
const PAPERS = 'papers'
const chosen = (to: string, around: World, ...more: RecordId[]) => ({ ...grant(to, around), records: [FIRST, ...more] })
export const file = (name: string, type: string, content: BlobPart): SourceFile =>
  ({ name, type, blob: new Blob([content], { type }) }) as never
export const fhirBundle = JSON.stringify({
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    { resource: { resourceType: 'Patient', id: 'p', name: [{ family: 'Durand', given: ['Zoé'] }] } },
    { resource: { resourceType: 'Condition', id: 'b', code: { text: 'Asthma' }, subject: { reference: 'Patient/p' } } },
  ],
})
const gedcom = [
  '0 HEAD',
  '1 CHAR UTF-8',
  '0 @I1@ INDI',
  '1 NAME Zoé /Durand/',
  '1 BIRT',
  '2 DATE 1 JAN 1950',
  '0 TRLR',
].join('\n')
/** Of about a kilobyte each; `series` makes their ids. */
const many = (length: number, series = 0) =>
  Array.from({ length }, (_, i) => ({
    kind: 'Immunization',
    id: (series * 1000 + i).toString(16).padStart(32, '0') as RecordId,
    value: { note: `${i}`, place: 'x'.repeat(900) },
  }))
/** More than a head's tail holds. */
const segmentful = (series: number) => many(20, series)

const health = (vault: Vault): Promise<CollectionId> => folder(vault)
const put = async (vault: Vault, note: string, record: RecordId): Promise<unknown> =>
  vault.records.put('Immunization', { note }, { collection: await health(vault), id: record })
/** Two, each with a file, in two segments that no compaction puts together. */
async function withVersions(vault: Vault, record: RecordId): Promise<void> {
  const collection = await health(vault)
  for (const [version, others] of [many(300, 8), segmentful(9)].entries()) {
    const file = { collection, name: `${version}.txt`, mediaType: 'text/plain' }
    const content = await vault.blobs.put(new Blob([`version ${version}`]), file)
    await vault.records.put('File', { content: content as never }, { collection, id: record })
    await vault.records.putAll(others, collection)
  }
}
async function withFile(vault: Vault, record: RecordId, bytes: string): Promise<void> {
  const collection = await health(vault)
  const content = await vault.blobs.put(new Blob([bytes]), { collection, name: 'a.txt', mediaType: 'text/plain' })
  await vault.records.put('File', { content: content as never }, { collection, id: record })
}
const CODES = [{ system: 'http://hl7.org/fhir/sid/cvx', code: '08' }]
const withCode = async (vault: Vault, record: RecordId): Promise<unknown> =>
  vault.records.put(
    'Immunization',
    { codes: CODES, date: '2024-05-17' },
    { collection: await health(vault), id: record },
  )
const inDays = ({ clock }: World, days: number): Date => new Date(clock() + days * DAY)
/** Two facets of two folders, to bob. */
async function giveMuch({ vaults: { alice }, bob, world: around }: Cast & { vaults: { alice: Vault } }): Promise<void> {
  const collections = [await health(alice), await folder(alice, 'Family')]
  await alice.records.put('Medication', { note: 'salbutamol' }, { collection: collections[0]!, id: id('0c') })
  await alice.records.put('Immunization', { note: 'other' }, { collection: collections[1]!, id: id('0d') })
  const facets = [FACET, 'health/medications']
  await alice.grants.give({ ...grant(bob.vault.owner, around), facets, collections })
}
const grantsTo = async (vault: Vault, to: string): Promise<GrantId[]> =>
  (await vault.grants.list())
    .filter(one => one.state === 'live' && (one.toName === to || one.to === to))
    .map(one => one.grant)

export async function removeDevice(vault: Vault, called: string): Promise<void> {
  for (const device of await vault.devices.list())
    if (device.name === called && device.active) await vault.devices.remove(device.id)
}

/** Its program dies after the first request of this method, before hearing of it. */
async function dying(member: Member, method: 'PUT' | 'POST', act: (vault: Vault) => Promise<unknown>): Promise<void> {
  const stage = new Stage()
  const around = stage.around('one', member.around)
  const vault = await reopen({ around })
  await stage.play({ one: () => act(vault) }, ([step]) => ({
    step: step!,
    ...(step!.line.startsWith(method) && { dies: 'after' as const }),
  }))
}

/** Alice asks, and carol has something to give. */
async function asking({
  vaults: { alice, carol },
  group,
  world: around,
}: Parameters<NonNullable<Operation['before']>>[0]) {
  await put(carol, 'of carol', id('0c'))
  await alice.groups.offer(group, offerOf(around.clock))
  around.pass(6 * 60_000)
}

export const operations: { [name: string]: Operation } = {
  'opening, after a program died of giving a grant': {
    before: ({ bob, alice, world: around }) =>
      dying(alice, 'PUT', vault => vault.grants.give(grant(bob.vault.owner, around))),
    act: async () => undefined,
  },
  'folding what a circle was told': { act: (vault, { group }) => vault.groups.fold(group) },
  'making a folder': { act: vault => folder(vault, 'Photos') },
  'adding a record': { act: vault => put(vault, 'second', id('02')) },
  'adding the first record of a folder': {
    before: ({ vaults }) => folder(vaults.alice, 'New'),
    act: async vault =>
      vault.records.put('Immunization', { note: 'n' }, { collection: await folder(vault, 'New'), id: id('03') }),
  },
  'changing a record': { act: vault => put(vault, 'changed', FIRST) },
  'deleting a record': {
    act: async vault => {
      if (await vault.records.get(FIRST)) await vault.records.remove(FIRST)
    },
  },
  'erasing a record': {
    before: ({ vaults: { alice } }) => withVersions(alice, id('0b')),
    act: async vault => {
      if (await vault.records.get(id('0b'))) await vault.records.erase(id('0b'))
    },
    clears: 'once opened',
  },
  'erasing a record that is deleted': {
    before: async ({ vaults: { alice } }) => {
      await withVersions(alice, id('0b'))
      await alice.records.remove(id('0b'))
    },
    act: vault => vault.records.erase(id('0b')),
    clears: 'done again',
  },
  'adding five hundred records': { act: async vault => vault.records.putAll(many(500), await health(vault)) },
  'adding the segment that makes older ones move to a page': {
    before: async ({ vaults: { alice } }) => {
      for (let i = 1; i <= HEAD_SEGMENTS; i++) await alice.records.putAll(segmentful(i), await health(alice))
    },
    act: async vault => vault.records.putAll(segmentful(HEAD_SEGMENTS + 1), await health(vault)),
  },
  'importing FHIR': {
    before: ({ vaults }) => folder(vaults.alice, 'Health'),
    act: vault => vault.import([file('bundle.json', 'application/fhir+json', fhirBundle)]),
  },
  'importing GEDCOM': {
    act: vault => vault.import([file('family.ged', 'text/vnd.familysearch.gedcom', gedcom)]),
    halfway: vault => folder(vault, 'Family'),
  },
  'importing a photo': {
    act: vault => vault.import([file('bee.jpg', 'image/jpeg', jpegWith(1).bytes)], { into: 'Health' }),
  },
  'storing a file': {
    act: async vault => {
      const collection = await health(vault)
      const content = await vault.blobs.put(new Blob(['bytes']), { collection, name: 'a.txt', mediaType: 'text/plain' })
      await vault.records.put('File', { content: content as never }, { collection, id: id('04') })
    },
  },
  'storing a file of two parts': {
    act: async vault => {
      const collection = await health(vault)
      const scan = { collection, name: 'scan.pdf', mediaType: 'application/pdf' }
      const content = await vault.blobs.put(new Blob([new Uint8Array(PART_BYTES + 1)]), scan)
      await vault.records.put('File', { content: content as never }, { collection, id: id('08') })
    },
  },
  'giving a grant to a person': {
    act: async (vault, { bob, world: around }) => {
      if (!(await grantsTo(vault, bob.vault.owner)).length) await vault.grants.give(grant(bob.vault.owner, around))
    },
  },
  'giving a second grant to a circle': {
    act: async (vault, { group, world: around }) => {
      if ((await grantsTo(vault, group)).length < 2) await vault.grants.give(grant(group, around, 20))
    },
  },
  'taking a grant back': {
    act: async (vault, { group }) => {
      for (const one of await grantsTo(vault, group)) await vault.grants.revoke(one)
    },
  },
  'extending a grant': {
    act: async (vault, { group, world: around }) => {
      for (const one of await grantsTo(vault, group)) await vault.grants.extend(one, { until: inDays(around, 60) })
    },
  },
  'withdrawing a facet and a folder from a grant': {
    before: giveMuch,
    act: async (vault, { bob }) => {
      const left = { facets: [FACET], collections: [await health(vault)] }
      for (const one of await grantsTo(vault, bob.vault.owner)) await vault.grants.narrow(one, left)
    },
  },
  'taking back all that one person was given': {
    before: async on => {
      await giveMuch(on)
      await on.vaults.alice.grants.give(grant(on.bob.vault.owner, on.world, 20))
    },
    act: (vault, { bob }) => vault.grants.revokeAll(bob.vault.owner),
  },
  'stopping everything': { before: giveMuch, act: vault => vault.grants.stopEverything() },
  'stopping everything and changing the keys': {
    before: giveMuch,
    act: vault => vault.grants.stopEverything({ rotate: true }),
  },
  'taking back the grant by which the account puts what is over on a page, in place of an older one': {
    before: async ({ vaults: { alice }, group, world: around }) => {
      for (const times of [8, 7]) {
        for (let i = 0; i < times; i++)
          await alice.grants.revoke((await alice.grants.give(grant(group, around, 20))).grant)
        await alice.settle()
      }
    },
    act: async (vault, { group }) => {
      for (const one of await grantsTo(vault, group)) await vault.grants.revoke(one)
      await vault.settle()
    },
  },
  'taking a grant back and sealing anew what it opened': {
    before: async ({ vaults: { alice } }) => {
      for (let i = 1; i <= 3; i++) await alice.records.putAll(segmentful(i), await health(alice))
    },
    act: async (vault, { group }) => {
      for (const { grant: one, to } of await vault.grants.list())
        if (to === group) await vault.grants.revoke(one, { rewrap: true })
    },
    /** Its reader is refused, and the keys are to change with the next write. */
    halfway: async (vault, { group }) => {
      for (const one of await grantsTo(vault, group)) await vault.grants.revoke(one)
    },
    clears: 'done again',
  },
  'granting chosen records': {
    act: async (vault, { bob, world: around }) => {
      if (!(await grantsTo(vault, 'bob')).length) await vault.grants.give(chosen(bob.vault.owner, around))
    },
  },
  'granting chosen records as they are, with a file': {
    before: ({ vaults }) => withFile(vaults.alice, id('06'), 'bytes'),
    act: async (vault, { bob, world: around }) => {
      const asked = { ...chosen(bob.vault.owner, around, id('06')), facets: [PAPERS, FACET], follow: false }
      if (!(await grantsTo(vault, 'bob')).length) await vault.grants.give(asked)
    },
  },
  'granting chosen records without what says who': {
    before: ({ vaults }) => withCode(vaults.alice, id('06')),
    act: async (vault, { bob, world: around }) => {
      const asked = { ...chosen(bob.vault.owner, around, id('06')), deidentified: true }
      if (!(await grantsTo(vault, 'bob')).length) await vault.grants.give(asked)
    },
  },
  'changing a record that a selection follows, and its file': {
    before: async ({ vaults, bob, world: around }) => {
      await withFile(vaults.alice, id('06'), 'bytes')
      await vaults.alice.grants.give({ ...chosen(bob.vault.owner, around, id('06')), facets: [PAPERS] })
    },
    act: vault => withFile(vault, id('06'), 'other bytes'),
  },
  'erasing a record that a selection follows': {
    before: async ({ vaults, bob, world: around }) => {
      await withFile(vaults.alice, id('06'), 'bytes')
      await vaults.alice.grants.give({ ...chosen(bob.vault.owner, around, id('06')), facets: [PAPERS, FACET] })
    },
    act: async vault => {
      if (await vault.records.isTaken(id('06'))) await vault.records.erase(id('06'))
    },
    clears: 'once opened',
  },
  'taking back a grant of chosen records': {
    before: ({ vaults, bob, world: around }) => vaults.alice.grants.give(chosen(bob.vault.owner, around)),
    act: async vault => {
      for (const one of await grantsTo(vault, 'bob')) await vault.grants.revoke(one)
    },
    clears: 'once opened',
  },
  'keeping a selection that nobody reads yet': {
    act: async vault => {
      if (!vault.selections.list().length) await vault.selections.make({ records: [FIRST], facets: [FACET] })
    },
  },
  'writing after a grant was taken back': {
    before: async ({ vaults, group }) => {
      for (const one of await grantsTo(vaults.alice, group)) await vaults.alice.grants.revoke(one)
    },
    act: vault => put(vault, 'later', id('05')),
  },
  'writing after one of two grants was taken back': {
    before: async ({ vaults, group, world: around, bob }) => {
      await vaults.alice.grants.give(grant(bob.vault.owner, around))
      for (const one of await grantsTo(vaults.alice, group)) await vaults.alice.grants.revoke(one)
    },
    act: vault => put(vault, 'later', id('05')),
  },
  'publishing an offer': {
    act: async (vault, { group, world: around }) => {
      if (!(await vault.groups.offers(group)).length) await vault.groups.offer(group, offerOf(around.clock))
    },
  },
  'changing an offer': {
    before: ({ vaults: { alice }, group, world: around }) => alice.groups.offer(group, offerOf(around.clock)),
    act: async (vault, { group, world: around }) => {
      const [{ offer, terms }] = (await vault.groups.offers(group)) as [OfferInfo]
      const title = { fr: 'Autre', en: 'Other' }
      if (terms.title.en !== title.en) await vault.groups.offer(group, offerOf(around.clock, { offer, title }))
    },
  },
  'withdrawing an offer': {
    before: ({ vaults: { alice }, group, world: around }) => alice.groups.offer(group, offerOf(around.clock)),
    act: async (vault, { group }) => {
      for (const { offer } of await vault.groups.offers(group)) await vault.groups.withdrawOffer(group, offer)
    },
  },
  'accepting an offer': {
    who: 'carol',
    before: asking,
    act: async (vault, { group }) => {
      for (const { offer } of await vault.groups.offers(group)) await vault.consents.accept(offer)
    },
  },
  'refusing an offer, and saying so': {
    who: 'carol',
    before: asking,
    act: async (vault, { group }) => {
      for (const { offer, state } of await vault.groups.offers(group))
        if (state === 'open') await vault.consents.refuse(offer, { tell: true })
    },
  },
  'withdrawing from an offer': {
    who: 'carol',
    before: async on => {
      await asking(on)
      for (const { offer } of await on.vaults.carol.groups.offers(on.group))
        await on.vaults.carol.consents.accept(offer)
    },
    act: async (vault, { group }) => {
      for (const { offer, state } of await vault.groups.offers(group))
        if (state === 'accepted') await vault.consents.withdraw(offer)
    },
  },
  'founding a circle': {
    act: async vault => {
      const names = (await vault.groups.list()).map(({ name }) => name)
      if (!names.includes('Les Guêpes')) await vault.groups.found('Les Guêpes')
    },
  },
  inviting: { act: (vault, { group }) => vault.groups.invite(group) },
  joining: {
    who: 'bob',
    act: (vault, { link }) => vault.groups.join(link),
    /** The steward has the request, and the account of whoever sent it does not say so: the link can be followed again. */
    halfway: (_, { bob, link }) => dying(bob, 'POST', vault => vault.groups.join(link)),
  },
  admitting: {
    before: ({ vaults, link }) => vaults.bob.groups.join(link),
    act: async (vault, { group, bob }) => {
      const known = (await vault.groups.members(group)).find(({ webId }) => webId === bob.vault.owner)
      if (known?.state !== 'member') await vault.groups.admit(group, bob.vault.owner)
    },
  },
  'removing a member': {
    act: async (vault, { group, carol }) => {
      const known = (await vault.groups.members(group)).find(({ webId }) => webId === carol.vault.owner)
      if (known?.state !== 'removed') await vault.groups.remove(group, carol.vault.owner)
    },
  },
  'writing after a member was removed': {
    before: ({ vaults, group, carol }) => vaults.alice.groups.remove(group, carol.vault.owner),
    act: vault => put(vault, 'later', id('05')),
  },
  'confirming the grants on a new device': {
    who: 'laptop',
    before: async ({ laptop }) => put(await reopen(laptop), 'waits', id('07')),
    act: vault => vault.grants.confirm(),
  },
  'looking at a circle’s view': { who: 'carol', act: (vault, { group }) => vault.views.open(group) },
  'looking at it again after its owner wrote': {
    who: 'carol',
    before: async ({ vaults: { alice, carol }, group }) => {
      await carol.views.open(group)
      await put(alice, 'later', id('05'))
    },
    act: (vault, { group }) => vault.views.open(group),
  },
  tidying: {
    before: async ({ vaults, group, world: around }) => {
      const collection = await health(vaults.alice)
      await vaults.alice.blobs.put(new Blob(['bytes']), { collection, name: 'a.txt', mediaType: 'text/plain' })
      await vaults.alice.grants.give(grant(group, around, 20)) // which replaces a keyring
      await vaults.alice.collections.tidy()
      around.pass(7 * DAY)
    },
    act: vault => vault.tidy(),
  },
  'removing a device': {
    act: vault => removeDevice(vault, 'second device'),
  },
  'writing after a device was removed': {
    before: ({ vaults: { alice } }) => removeDevice(alice, 'second device'),
    act: vault => put(vault, 'later', id('05')),
  },
  'testing the kit': { act: (vault, { alice }) => vault.recovery.test(alice.kit) },
  'adding a record and settling': {
    act: async vault => {
      await put(vault, 'x', id('06'))
      await vault.settle()
    },
  },
  verifying: { act: vault => vault.verify() },
}
