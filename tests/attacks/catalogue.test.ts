/** Who folds for a circle, who folded for it once, its host, and devices that were removed: none has the last word on what others said. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createVault, type CollectionId, type GroupId, type Vault } from '#core'
import {
  AlveoleError,
  encode,
  encodeIdentity,
  FLOOR,
  fromBase64Url,
  fromHex,
  label,
  openGroupMessage,
  openIdentity,
  rootId,
  sealCatalogue,
  sealGroupMessage,
  signBytes,
  toHex,
  unsafeCatalogueHeader,
  unsafeUnverified,
  type Identity,
} from '#crypto'
import { announcement, announceToPerson, readInbox, type Announcement } from '../../client/core/announce.ts'
import { catalogueKey } from '../../client/core/feed/catalogue.ts'
import { Feed } from '../../client/core/feed/read-feed.ts'
import { encodeRows, type Row } from '../../client/core/feed/rows.ts'
import { collectionUrl, identityUrl } from '../../client/core/paths.ts'
import { signConsent } from '../../client/core/offers/consent-record.ts'
import { partsOf } from '../../client/core/vault.ts'
import { answering } from '../crash/answering.ts'
import { offerOf } from '../core/offer-of.ts'
import {
  DAY,
  folder,
  grantTo,
  passwordOf,
  reopen,
  savedStore,
  secondDevice,
  world,
  type Member,
} from '../core/world.ts'

const HOUR = 3600_000
const MOST = 2 ** 53 - 1
const around = world()
let alice: Member
let bob: Member
let carol: Member
let dave: Member
/** Of bob, who takes it from the vault in some tests: what it signed before counts, and it goes on signing. */
let thief: Vault
let group: GroupId
let bobs: CollectionId
let madeUp: Identity
let back: () => void

/** A circle of alice and carol, its stewards, bob and dave; nothing is folded. */
beforeAll(async () => {
  ;[alice, bob] = [await around.member('alice'), await around.member('bob')]
  ;[carol, dave] = [await around.member('carol'), await around.member('dave')]
  group = (await alice.vault.groups.found('Les Abeilles')).group
  const link = await alice.vault.groups.invite(group)
  for (const { name, vault } of [bob, carol]) {
    await vault.groups.join(link)
    await alice.vault.groups.admit(group, vault.owner)
    await vault.records.put('Immunization', { note: `of ${name}` }, { collection: await folder(vault) })
    await vault.grants.give(grantTo(group, around.clock))
    await vault.settle()
  }
  await dave.vault.groups.join(link)
  await alice.vault.groups.admit(group, dave.vault.owner)
  await alice.vault.groups.changeRole(group, carol.vault.owner, 'steward')
  await alice.vault.settle()
  bobs = await folder(bob.vault)
  thief = (await secondDevice(bob)).vault
  const elsewhere = world()
  const at = { ...elsewhere.around('bob'), store: savedStore() }
  const { vault } = await createVault(at, { password: passwordOf('bob'), passwordCost: FLOOR })
  madeUp = partsOf(vault).context.me.identity
  back = around.save(...[alice, bob, carol, dave].map(member => member.around.store))
})
beforeEach(() => back())

const catalogue = (): string => `${group}catalogue.alv`
const messages = (): string[] => [...around.server.files.keys()].filter(url => /\/feed\/[^.]+$/.test(url))
const headerNow = () => unsafeCatalogueHeader(around.server.files.get(catalogue())!.body)
const plant = (body: Uint8Array): void =>
  void around.server.files.set(catalogue(), { body: Uint8Array.from(body), type: '', version: 1e6 })
const shownBy = async (vault: Vault) => (await vault.views.open(group)).rows.map(({ value }) => value['note']).sort()
const fold = async (): Promise<void> => (await reopen(alice)).groups.fold(group)
const openedBy = async (vault: Vault) => {
  const { context, groups } = partsOf(vault)
  return { context, open: await groups.opened(group, true) }
}

/** A catalogue by this vault's device. */
async function sealed(vault: Vault, turn: number, rows: readonly Row[] = []): Promise<Uint8Array> {
  const { context, open } = await openedBy(vault)
  const header = { version: 1, type: 'catalogue', owner: vault.owner, group: fromHex(open.id), turn } as const
  return sealCatalogue(header, { pages: [], rows: encodeRows(rows) }, open.epochs.at(-1)!, context.me.signer)
}

const rowOfBob = (more: Partial<Row> = {}): Row => ({
  webId: bob.vault.owner,
  name: 'bob',
  storage: bob.around.pod.storage,
  identity: null,
  grants: [],
  lines: [],
  ...more,
})

/** Something new to fold. */
async function news(text: string): Promise<void> {
  const vault = await reopen(bob)
  await vault.records.put('Immunization', { note: text }, { collection: bobs })
  await vault.settle()
}

describe('[A3] [X10] a row with a log that somebody made up', () => {
  const rows = () => [rowOfBob({ identity: encodeIdentity(madeUp) })]

  test('makes nobody’s first root, and their true log is believed', async () => {
    plant(await sealed(await reopen(carol), 1, rows()))
    dave.around.store.values.delete(`identity ${bob.vault.owner}`)
    const reader = await reopen(dave) // who has pinned nobody
    expect(await shownBy(reader)).toEqual(['of bob', 'of carol'])
    const { root } = await partsOf(reader).context.people.find(bob.vault.owner)
    expect(root).not.toBe(rootId(madeUp))
  })

  test('makes none where a steward folds what an outsider planted, and is not folded on', async () => {
    const outsider = await reopen(dave) // any that has, or had, the key
    plant(await sealed(outsider, 1, rows()))
    carol.around.store.values.delete(`identity ${bob.vault.owner}`)
    const steward = await reopen(carol) // who has pinned nobody
    await steward.groups.list()
    await steward.groups.fold(group)
    const { context, open } = await openedBy(steward)
    const { rows: folded } = await new Feed(context).read(open)
    const { identity } = folded.find(({ webId }) => webId === bob.vault.owner)!
    expect(rootId(openIdentity(identity!))).toBe(rootId(partsOf(bob.vault).context.me.identity))
    expect(await shownBy(await reopen(alice))).toEqual(['of bob', 'of carol'])
  })
})

describe('[A11] [N19] the count of foldings', () => {
  test('does not go on from what no steward signed, so an older one is told', async () => {
    plant(await sealed(await reopen(bob), MOST))
    await fold()
    expect(headerNow().turn).toBe(1)
    const first = around.server.files.get(catalogue())!.body
    await news('second')
    await fold()
    expect(headerNow().turn).toBe(2)
    expect(await shownBy(await reopen(carol))).toContain('second')
    plant(first)
    await expect(shownBy(await reopen(carol))).rejects.toMatchObject({ code: 'rolled-back' })
  })

  test('is ended by no steward: one that is too far ahead does not count, and is folded anew', async () => {
    plant(await sealed(await reopen(carol), MOST))
    const reader = await reopen(dave)
    await shownBy(reader)
    expect(dave.around.store.values.has(catalogueKey(group))).toBe(false)
    await news('second')
    await fold()
    expect(headerNow().turn).toBe(1)
    expect(await shownBy(await reopen(dave))).toContain('second')
  })

  test('begins anew in each epoch, so a steward who ran ahead and was removed stands in nobody’s way', async () => {
    plant(await sealed(await reopen(carol), 2 ** 32))
    await shownBy(await reopen(dave)) // who has seen it since
    await (await reopen(alice)).groups.remove(group, carol.vault.owner)
    await news('second')
    await fold()
    expect(headerNow().turn).toBe(1)
    expect(await shownBy(await reopen(dave))).toEqual(['of bob', 'second'])
  })

  test('is not passed by: nothing is unchanged since nothing', async () => {
    await fold()
    await shownBy(await reopen(bob))
    const { pod } = bob.around
    const lying = answering(pod, {
      get: async (url, options) =>
        url === catalogue() && !options?.ifNoneMatch
          ? { status: 304, etag: null, type: '', body: new Uint8Array() }
          : pod.get(url, options),
    })
    await expect(shownBy(await reopen(bob, lying))).rejects.toMatchObject({ code: 'tampered' })
  })
})

describe('[A19] [X10] a device that was removed', () => {
  const said = (more: Partial<Announcement>): Announcement => ({
    owner: bob.vault.owner,
    to: group,
    grant: new Uint8Array(16),
    at: around.clock() + HOUR,
    until: around.clock() + DAY,
    collections: [],
    ...more,
  })

  async function grantOf(vault: Vault): Promise<Uint8Array> {
    const { context } = partsOf(vault)
    return context.account.state.grants[0]!.id
  }

  async function leave(of: Announcement): Promise<void> {
    const { context, open } = await openedBy(await reopen(alice))
    const signed = signBytes(partsOf(thief).context.me.signer, label.announcement, encode(announcement, of))
    await context.pod.post(`${group}feed/`, sealGroupMessage(open.epochs.at(-1)!, signed))
  }

  async function removeThief(): Promise<void> {
    const vault = await reopen(bob)
    await vault.devices.remove(toHex(partsOf(thief).context.me.device))
    await vault.settle()
  }

  test.each([
    ['in a year without end', () => MOST],
    ['later than all others', () => around.clock() + HOUR],
  ])('does not take back, %s, what one in use announced', async (_, at) => {
    const grant = await grantOf(await reopen(bob))
    await removeThief()
    await leave(said({ grant, at: at() }))
    expect(await shownBy(await reopen(alice))).toContain('of bob')
    await fold()
    expect(await shownBy(await reopen(carol))).toContain('of bob')
  })

  test('does not take back what it announced itself: one in use has said it again', async () => {
    for (const url of messages()) around.server.files.delete(url)
    const grant = await grantOf(await reopen(bob))
    const until = around.clock() + 30 * DAY
    const collections = [{ id: fromBase64Url(bobs), url: collectionUrl(bob.around.pod.storage, fromBase64Url(bobs)) }]
    await leave(said({ grant, at: around.clock(), until, collections }))
    expect(await shownBy(await reopen(alice))).toEqual(['of bob'])
    await removeThief()
    await leave(said({ grant }))
    expect(await shownBy(await reopen(alice))).toEqual(['of bob'])
  })

  test('moves nobody’s data to another storage, whoever folds it', async () => {
    const grant = await grantOf(await reopen(bob))
    const storage = 'https://elsewhere.example/'
    const id = fromBase64Url(bobs)
    const of = said({ grant, collections: [{ id, url: collectionUrl(storage, id) }] })
    const signed = signBytes(partsOf(thief).context.me.signer, label.announcement, encode(announcement, of))
    const { signer, signature } = unsafeUnverified(signed)
    const row = rowOfBob({ storage, grants: [{ ...of, collections: [id], signer, signature }] })
    await removeThief()
    plant(await sealed(await reopen(carol), 1, [row]))
    const asked: string[] = []
    const { pod } = alice.around
    const get: typeof pod.get = (url, options) => {
      asked.push(url)
      return pod.get(url, options)
    }
    expect(await shownBy(await reopen(alice, answering(pod, { get })))).toContain('of bob')
    expect(asked.filter(url => url.startsWith(storage))).toEqual([])
  })

  test('[A41] [X12] answers nothing in the place of one in use', async () => {
    await (await reopen(alice)).groups.offer(group, offerOf(around.clock))
    const vault = await reopen(bob)
    const [offer] = await vault.groups.offers(group)
    await vault.consents.refuse(offer!.offer, { tell: true })
    await vault.settle()
    const [honest] = await (await reopen(alice)).groups.consents(group)
    await removeThief()
    for (const at of [around.clock() + HOUR, Date.UTC(9999, 0, 1)]) {
      const forged = {
        ...honest!,
        record: `urn:uuid:00000000-0000-4000-8000-${String(at).padStart(12, '0').slice(-12)}`,
        at,
      }
      const { context, open } = await openedBy(await reopen(alice))
      const message = signConsent({ ...forged, status: 'withdrawn' }, partsOf(thief).context.me.signer)
      await context.pod.post(`${group}consents/`, sealGroupMessage(open.epochs.at(-1)!, message))
    }
    const told = await (await reopen(alice)).groups.consents(group)
    expect(told.map(({ status }) => status)).toEqual(['refused'])
  })
})

describe('[A35] who fills what others read', () => {
  test('keeps nobody waiting whose author answers', async () => {
    const { files } = around.server
    const feed = messages()
    const sent = await Promise.all(feed.map(async url => [url, await ownerOf(files.get(url)!.body)] as const))
    const ofBob = files.get(sent.find(([, owner]) => owner === bob.vault.owner)![0])!
    const others = sent.filter(([, owner]) => owner !== bob.vault.owner).map(([url]) => [url, files.get(url)!] as const)
    for (const url of feed) files.delete(url)
    for (let i = 0; i < 500; i++) files.set(`${group}feed/${i}`, { ...ofBob, version: i })
    for (const [url, file] of others) files.set(url, file)
    const { pod } = alice.around
    const silent = answering(pod, {
      get: async (url, options) => {
        if (url === identityUrl(bob.around.pod.storage)) throw new AlveoleError('offline', 'no answer')
        return pod.get(url, options)
      },
    })
    const reader = await reopen(alice, silent)
    expect(await shownBy(reader)).toEqual([])
    expect(await shownBy(reader)).toEqual(['of carol'])
  })

  test('leaves none of their logs on a device that they sent messages to', async () => {
    const stranger = await around.member('mallory')
    const { context } = partsOf(stranger.vault)
    const to = await context.people.find(bob.vault.owner)
    const until = around.clock() + DAY
    const of = { owner: stranger.vault.owner, to: to.webId, grant: new Uint8Array(16), at: 1, until, collections: [] }
    await announceToPerson(context, to, of)
    const read = await readInbox(partsOf(await reopen(bob)).context)
    expect(read.map(({ owner }) => owner)).toEqual([stranger.vault.owner])
    expect([...bob.around.store.values.keys()].filter(key => key.includes(stranger.vault.owner))).toEqual([])
  })

  async function ownerOf(body: Uint8Array): Promise<string> {
    const { open } = await openedBy(await reopen(alice))
    const { signed } = unsafeUnverified(openGroupMessage(open.epochs, body)!)
    return Buffer.from(signed).includes(bob.vault.owner) ? bob.vault.owner : ''
  }
})
