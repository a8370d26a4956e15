/** A vault that was locked does nothing any more and says so; and locks however the line to its pod is. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { BlobRef, CollectionId, GrantId, GroupId, OfferId, RecordId, Vault, ViewRow } from '#core'
import { fromBase64Url } from '#crypto'
import { CHUNK_BYTES, PART_BYTES } from '../../crypto/blob.ts'
import { offerOf } from '../core/offer-of.ts'
import { folder, grantTo, openSeal, reopen, world, type Member, type World } from '../core/world.ts'
import { answering } from '../hostile-pod.ts'

type Call = (vault: Vault) => unknown
/** By part of the vault, every one of its functions: a new one has to be added here. */
type Calls = { [part: string]: { [name: string]: Call } }

describe('a locked vault', () => {
  let locked: Vault
  let calls: Calls

  beforeAll(async () => {
    const around = world()
    const [alice, bob] = [await around.member('alice'), await around.member('bob')]
    calls = await lived(around, alice, bob)
    locked = alice.vault
    await locked.lock()
  })

  test('is asked for everything that a vault does', () => {
    const parts = {
      collections: locked.collections,
      records: locked.records,
      groups: locked.groups,
      views: locked.views,
    }
    for (const [name, part] of Object.entries({ ...parts, recovery: locked.recovery }))
      expect(Object.keys(calls[name]!).sort()).toEqual(functionsOf(Object.getPrototypeOf(part) as object))
    const { blobs, grants, journal, outbox } = locked
    for (const [name, part] of Object.entries({ blobs, grants, journal, outbox }))
      expect(Object.keys(calls[name]!).sort()).toEqual(functionsOf(part))
    expect(Object.keys(calls['vault']!).sort()).toEqual(functionsOf(Object.getPrototypeOf(locked) as object))
  })

  test('answers all of it with `locked`', async () => {
    const answers: { [call: string]: unknown } = {}
    for (const [part, functions] of Object.entries(calls))
      for (const [name, call] of Object.entries(functions))
        answers[`${part}.${name}`] = await answerOf(() => call(locked))
    expect(answers).toEqual(Object.fromEntries(Object.keys(answers).map(name => [name, 'locked'])))
  })

  test('may be locked again', async () => {
    await locked.lock()
  })
})

/** Those that end or watch a vault work on a locked one too; the rest of this list is what other parts call, not programs. */
const NOT_ASKED = ['constructor', 'lock', 'subscribe']

const functionsOf = (of: object): string[] =>
  Object.entries(Object.getOwnPropertyDescriptors(of))
    .filter(([name, { value }]) => typeof value === 'function' && !NOT_ASKED.includes(name))
    .map(([name]) => name)
    .sort()

async function answerOf(call: () => unknown): Promise<unknown> {
  try {
    const given = await call()
    return isIterable(given) ? await Array.fromAsync(given) : given
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

const isIterable = (of: unknown): of is AsyncIterable<unknown> =>
  typeof of === 'object' && of !== null && Symbol.asyncIterator in of

async function lived({ clock }: World, { vault, kit }: Member, bob: Member): Promise<Calls> {
  const id = await folder(vault)
  const record: RecordId = await vault.records.put('Immunization', { note: 'BCG' }, { collection: id })
  const ref: BlobRef = await vault.blobs.put(new Blob(['file']), { collection: id, name: 'a', mediaType: 'text/plain' })
  const group: GroupId = (await vault.groups.found('Les Abeilles')).group
  const link = await vault.groups.invite(group)
  await bob.vault.groups.join(link)
  await vault.groups.admit(group, bob.vault.owner)
  await bob.vault.records.put('Immunization', { note: 'MMR' }, { collection: await folder(bob.vault) })
  await bob.vault.grants.give(grantTo(group, clock))
  const [row] = (await vault.views.open(group)).rows
  const grant: GrantId = (await vault.grants.give(grantTo(group, clock))).grant
  return callsWith({ id, record, ref, group, link, row: row!, grant, kit, to: bob.vault.owner, clock })
}

interface Known {
  id: CollectionId
  record: RecordId
  ref: BlobRef
  group: GroupId
  link: string
  row: ViewRow
  grant: GrantId
  kit: string[]
  to: string
  clock: () => number
}

const callsWith = ({ id, record, ref, group, link, row, grant, kit, to, clock }: Known): Calls => ({
  collections: {
    list: vault => vault.collections.list(),
    create: vault => vault.collections.create('Other'),
    find: vault => vault.collections.find('Health'),
    open: vault => vault.collections.open(id),
    openAll: vault => vault.collections.openAll(),
    look: vault => vault.collections.look(),
    checkAccount: vault => vault.collections.checkAccount(id),
    write: vault => vault.collections.write(id, []),
    rewrap: vault => vault.collections.rewrap([id], 1),
    erase: vault => vault.collections.erase(id, []),
    finishDeletions: vault => vault.collections.finishDeletions(),
    tidy: vault => vault.collections.tidy(),
    bringInLine: vault => vault.collections.bringInLine(id),
    forget: vault => vault.collections.forget(id),
    isSealedTo: vault => vault.collections.isSealedTo(fromBase64Url(id), new Uint8Array(16)),
    listed: vault => vault.collections.listed(id),
    settle: vault => vault.collections.settle(),
    checkNamed: vault => vault.collections.checkNamed(id, ref),
    epochsOf: vault => vault.collections.epochsOf(id),
  },
  records: {
    put: vault => vault.records.put('Immunization', { note: 'x' }, { collection: id }),
    putAll: vault => vault.records.putAll([], id),
    get: vault => vault.records.get(record),
    isTaken: vault => vault.records.isTaken(record),
    query: vault => vault.records.query(),
    list: vault => vault.records.list(),
    remove: vault => vault.records.remove(record),
    erase: vault => vault.records.erase(record),
  },
  blobs: {
    put: vault => vault.blobs.put(new Blob(['x']), { collection: id, name: 'b', mediaType: 'text/plain' }),
    open: vault => vault.blobs.open(ref, id),
    reencrypt: vault => vault.blobs.reencrypt([record]),
  },
  groups: {
    found: vault => vault.groups.found('Other'),
    invite: vault => vault.groups.invite(group),
    join: vault => vault.groups.join(link),
    requests: vault => vault.groups.requests(group),
    admit: vault => vault.groups.admit(group, to),
    changeRole: vault => vault.groups.changeRole(group, to, 'observer'),
    leave: vault => vault.groups.leave(group),
    remove: vault => vault.groups.remove(group, to),
    tidy: vault => vault.groups.tidy(),
    members: vault => vault.groups.members(group),
    offer: vault => vault.groups.offer(group, offerOf(clock)),
    offers: vault => vault.groups.offers(group),
    withdrawOffer: vault => vault.groups.withdrawOffer(group, 'urn:uuid:0' as OfferId),
    consents: vault => vault.groups.consents(group),
    fold: vault => vault.groups.fold(group),
    list: vault => vault.groups.list(),
  },
  grants: {
    give: vault => vault.grants.give(grantTo(to, clock)),
    extend: vault => vault.grants.extend(grant, { until: new Date(clock() + 1000) }),
    narrow: vault => vault.grants.narrow(grant, { facets: ['health/immunizations'] }),
    revokeAll: vault => vault.grants.revokeAll(to),
    stopEverything: vault => vault.grants.stopEverything(),
    revoke: vault => vault.grants.revoke(grant),
    list: vault => vault.grants.list(),
    confirm: vault => vault.grants.confirm(),
    receipt: vault => vault.grants.receipt(grant),
  },
  views: {
    open: vault => vault.views.open(group),
    sharedWithMe: vault => vault.views.sharedWithMe(),
    blob: vault => vault.views.blob(row, ref),
  },
  recovery: {
    kit: vault => vault.recovery.kit('en'),
    test: vault => vault.recovery.test(kit),
  },
  outbox: {
    list: vault => vault.outbox.list(),
    discard: vault => vault.outbox.discard('0'),
  },
  journal: { lines: vault => vault.journal.lines(), reads: vault => vault.journal.reads() },
  vault: {
    import: vault => vault.import([{ name: 'a.txt', blob: new Blob(['x']) }]),
    export: vault => vault.export('source'),
    exportAge: vault => vault.exportAge({ passphrase: 'x' }),
    announce: vault => vault.announce(),
    verify: vault => vault.verify(),
    doctor: vault => vault.doctor(),
    repair: vault => vault.repair(),
    maintain: vault => vault.maintain(),
    sync: vault => vault.sync(),
    fetchAhead: vault => vault.fetchAhead(),
    follow: vault => vault.follow(),
    settle: vault => vault.settle(),
    tidy: vault => vault.tidy(),
    keepUnlocked: vault => vault.keepUnlocked(openSeal),
    forget: vault => vault.forget(),
  },
})

describe('locking', () => {
  test('does not wait for a pod that does not answer', async () => {
    const around = world()
    const alice = await around.member('alice')
    await folder(alice.vault)
    const never = (): Promise<never> => new Promise(() => undefined)
    const dead = await reopen(alice, answering(alice.around.pod, { put: never }))
    const written = dead.collections.create('Photos')
    await Promise.all([expect(written).rejects.toMatchObject({ code: 'locked' }), dead.lock()])
  })

  test('ends a file half read, also of what is here already', async () => {
    const around = world()
    const { vault } = await around.member('alice')
    const collection = await folder(vault)
    const two = new Blob([new Uint8Array(2 * PART_BYTES)])
    const ref = await vault.blobs.put(two, { collection, name: 'a', mediaType: 'text/plain' })
    const reader = (await vault.blobs.open(ref, collection)).getReader()
    expect((await reader.read()).value).toHaveLength(CHUNK_BYTES)
    await vault.lock()
    await expect(reader.read()).rejects.toMatchObject({ code: 'locked' })
  })

  test('leaves the vault on the pod whole: what waited is there when it opens again', async () => {
    const around = world()
    const alice = await around.member('alice')
    const collection = await folder(alice.vault)
    await alice.vault.records.put('Immunization', { note: 'BCG' }, { collection })
    const under = alice.vault.records.put('Immunization', { note: 'MMR' }, { collection }).catch(() => null)
    await Promise.all([alice.vault.lock(), under])
    const again = await reopen(alice)
    expect((await Array.fromAsync(again.records.query())).length).toBeGreaterThan(0)
    expect((await again.verify()).problems).toEqual([])
  })
})
