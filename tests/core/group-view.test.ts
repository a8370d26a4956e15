/** What a view of a large circle asks for: two requests a folder at first, then what changed; the catalogue in a few pages. */
import { beforeAll, expect, test } from 'vitest'
import type { GroupId } from '#core'
import { encode, fromHex, label, random, sealCatalogue, signBytes, unsafeUnverified } from '#crypto'
import { announcement } from '../../client/core/announce.ts'
import { arranged } from '../../client/core/feed/arrange.ts'
import { Feed } from '../../client/core/feed/read-feed.ts'
import { announcementsOf } from '../../client/core/feed/said.ts'
import type { Row } from '../../client/core/feed/rows.ts'
import { storeObjects } from '../../client/core/groups/objects.ts'
import { partsOf } from '../../client/core/vault.ts'
import { thorough } from '../attacks/effort.ts'
import { faultyPod, type FaultyPod } from './faulty-pod.ts'
import { DAY, folder, grantTo, reopen, world, type Member, type World } from './world.ts'

/** A hundred vaults take minutes to make. */
const OWNERS = thorough ? 100 : 20
const EACH = 10_000 / OWNERS
let around: World
let reader: Member
let steward: Member
let owners: Member[]
let group: GroupId

async function asked(pod: FaultyPod, work: () => Promise<unknown>): Promise<string[]> {
  const from = pod.requests.length
  await work()
  return pod.requests.slice(from)
}

beforeAll(async () => {
  around = world()
  ;[steward, reader] = [await around.member('steward'), await around.member('reader')]
  group = (await steward.vault.groups.found('Les Abeilles')).group
  const link = await steward.vault.groups.invite(group)
  await reader.vault.groups.join(link)
  await steward.vault.groups.admit(group, reader.vault.owner)
  owners = []
  for (let i = 0; i < OWNERS; i++) {
    const owner = await around.member(`owner${i}`)
    await owner.vault.groups.join(link)
    await steward.vault.groups.admit(group, owner.vault.owner)
    await owner.vault.records.put('Immunization', { note: `of ${i}` }, { collection: await folder(owner.vault) })
    await owner.vault.grants.give(grantTo(group, around.clock))
    await owner.vault.settle()
    owners.push(owner)
  }
  await steward.vault.groups.fold(group)
}, 600_000)

const told = (requests: readonly string[]): string => requests.join('\n')

// what the circle itself takes, its key and the log since the last checkpoint, is asked for by whatever lists circles
test('over many pods: two requests a folder and ten at first, eight where three changed', async () => {
  const pod = faultyPod(reader.around.pod)
  const vault = await reopen(reader, pod)
  const rows = async (): Promise<number> => (await vault.views.open(group)).rows.length
  await vault.groups.list()
  const cold = await asked(pod, async () => expect(await rows()).toBe(OWNERS))
  expect(cold.length, told(cold.filter(line => !/\/c\//.test(line)))).toBeLessThanOrEqual(2 * OWNERS + 10)
  const change = async (which: Member[], note: string) => {
    for (const owner of which) {
      await owner.vault.records.put('Immunization', { note }, { collection: await folder(owner.vault) })
      await owner.vault.settle()
    }
  }
  await change(owners.slice(0, 3), 'new')
  const unfolded = await asked(pod, async () => expect(await rows()).toBe(OWNERS + 3))
  expect(unfolded.length, told(unfolded)).toBeLessThanOrEqual(8)
  await change(owners.slice(3, 6), 'newer')
  await steward.vault.groups.fold(group)
  const folded = await asked(pod, async () => expect(await rows()).toBe(OWNERS + 6))
  expect(folded.length, told(folded)).toBeLessThanOrEqual(5)
  const nothing = await asked(pod, async () => expect(await rows()).toBe(OWNERS + 6))
  expect(nothing.length, told(nothing)).toBe(2)
}, 120_000)

test('ten thousand grants are listed in ten requests, each with its owner’s signature', async () => {
  const { context, groups } = partsOf(await reopen(steward))
  const open = await groups.opened(group, true)
  const before = await new Feed(context).read(open)
  const until = around.clock() + 30 * DAY
  const rows: Row[] = []
  for (const owner of owners) {
    const { me } = partsOf(owner.vault).context
    const row = before.rows.find(({ webId }) => webId === owner.vault.owner)!
    const grants = Array.from({ length: EACH }, () => {
      const said = { owner: me.webId, to: group, grant: random(16), at: around.clock(), until }
      const collections = [{ id: random(16), url: '' }].map(({ id }) => ({
        id,
        url: `${row.storage}alveole/c/${Buffer.from(id).toString('base64url')}/`,
      }))
      const { signer, signature } = unsafeUnverified(
        signBytes(me.signer, label.announcement, encode(announcement, { ...said, collections })),
      )
      return { ...said, collections: collections.map(({ id }) => id), signer, signature }
    })
    rows.push({ ...row, grants })
  }
  const stored: Parameters<typeof arranged>[4] = []
  const next = arranged(fromHex(open.id), rows, null, around.clock(), stored)
  await storeObjects(open.place, stored)
  const { me } = context
  const header = { version: 1, type: 'catalogue', owner: me.webId, group: fromHex(open.id), turn: 1000 } as const
  await context.pod.put(`${group}catalogue.alv`, sealCatalogue(header, next, open.epochs.at(-1)!, me.signer))
  const pod = faultyPod(reader.around.pod)
  const device = partsOf(await reopen(reader, pod))
  const seen = await device.groups.opened(group, true)
  let found: unknown[] = []
  const requests = await asked(pod, async () => {
    found = announcementsOf(await new Feed(device.context).read(seen), seen)
  })
  expect(found).toHaveLength(10_000)
  const ofTheCatalogue = requests.filter(line => !/head\.alv/.test(line))
  expect(ofTheCatalogue.length, told(requests)).toBeLessThanOrEqual(10)
}, 120_000)
