/**
 * Bad days: whatever the server answers to whichever request of an action, before or after doing it, the person is told with a
 * code; afterwards the vault opens, is whole, has lost nothing, and the action can be done again.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import type { GroupId, Vault } from '#core'
import { AlveoleError } from '#crypto'
import { faultyPod, faultyStore, isReading, type Fault } from '../core/faulty-pod.ts'
import { folder, grantTo, notes, reopen, world, type Member, type World } from '../core/world.ts'

const STATUSES = [401, 403, 404, 409, 412, 429, 500, 507, 0]
/** Where the server may have done it all the same: a request sent twice by a layer below, an error after the fact, no answer. */
const AFTER_THE_FACT = [412, 500, 0]
const CODES_OF_TAMPERING = ['tampered', 'forked', 'identity-changed']
let around: World
let alice: Member
let bob: Member
let group: GroupId
let link: string

beforeAll(async () => {
  around = world()
  ;[alice, bob] = [await around.member('alice'), await around.member('bob')]
  await alice.vault.records.put('Immunization', { note: 'first' }, { collection: await folder(alice.vault) })
  group = (await alice.vault.groups.found('Les Abeilles')).group
  link = await alice.vault.groups.invite(group)
  await alice.vault.settle()
})

interface Action {
  /** Done in good weather before each case. */
  before?: (alice: Vault, bob: Vault) => Promise<unknown>
  /** Done on a bad day. */
  act: (vault: Vault) => Promise<unknown>
  /** Whose day it is; alice's unless told. */
  whose?: () => Member
  /** What must hold once the action went through, in the end. */
  after?: (vault: Vault, bob: Vault) => Promise<void>
}

const source = (name: string, type: string, text: string) => ({ name, type, blob: new Blob([text]) })
const bundle = JSON.stringify({
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    { resource: { resourceType: 'Immunization', id: 'a', status: 'completed', vaccineCode: { text: 'BCG' } } },
    { resource: { resourceType: 'Condition', id: 'b', code: { text: 'Asthma' }, subject: { reference: 'Patient/p' } } },
  ],
})

const actions: { [name: string]: Action } = {
  'opening the vault': { act: async () => undefined },
  'adding a record': {
    act: async vault =>
      vault.records.put(
        'Immunization',
        { note: 'second' },
        { collection: await folder(vault), id: 'ab'.repeat(16) as never },
      ),
    after: async vault => expect(await notes(vault)).toEqual(['first', 'second']),
  },
  'making a folder': {
    act: async vault => folder(vault, 'Photos'),
    after: async vault =>
      expect((await vault.collections.list()).map(({ name }) => name)).toEqual(['Health', 'Photos']),
  },
  'importing a file': {
    act: vault => vault.import([source('bundle.json', 'application/fhir+json', bundle)]),
    after: async vault => {
      const found = await Array.fromAsync(vault.records.query())
      expect(found.map(({ kind }) => kind).sort()).toEqual(['Condition', 'Immunization', 'Immunization'])
    },
  },
  'storing a file': {
    act: async vault => {
      const collection = await folder(vault)
      const file = await vault.blobs.put(new Blob(['bytes']), { collection, name: 'a.txt', mediaType: 'text/plain' })
      await vault.records.put('File', { content: file as never }, { collection, id: 'cd'.repeat(16) as never })
    },
    after: async vault => {
      const [file] = await Array.fromAsync(vault.records.query({ kind: 'File' }))
      const stream = await vault.blobs.open(file!.value['content'] as never, file!.collection)
      expect(await new Response(stream).text()).toBe('bytes')
    },
  },
  'founding a circle': {
    act: vault => vault.groups.found('Les Guêpes'),
    after: async vault => expect((await vault.groups.list()).map(({ name }) => name)).toContain('Les Guêpes'),
  },
  inviting: { act: vault => vault.groups.invite(group) },
  joining: {
    whose: () => bob,
    act: vault => vault.groups.join(link),
    after: async () => {
      const steward = await reopen(alice)
      await steward.groups.admit(group, bob.vault.owner)
      expect((await steward.groups.members(group)).map(({ state }) => state)).toEqual(['member', 'member'])
    },
  },
  admitting: {
    before: (_, bobs) => bobs.groups.join(link),
    act: async vault => {
      const known = (await vault.groups.members(group)).find(({ webId }) => webId === bob.vault.owner)
      if (known?.state !== 'member') await vault.groups.admit(group, bob.vault.owner)
    },
    after: async (vault, bobs) => {
      expect((await bobs.groups.list())[0]).toMatchObject({ state: 'member', members: 2, name: 'Les Abeilles' })
      expect((await vault.groups.members(group)).map(({ state }) => state)).toEqual(['member', 'member'])
    },
  },
  'removing a member': {
    before: async (alices, bobs) => {
      await bobs.groups.join(link)
      await alices.groups.admit(group, bobs.owner)
      await alices.grants.give(grantTo(group, around.clock))
    },
    act: vault => vault.groups.remove(group, bob.vault.owner),
    after: async (vault, bobs) => {
      expect((await vault.groups.members(group)).map(({ state }) => state)).toEqual(['member', 'removed'])
      await expect(bobs.views.open(group)).rejects.toMatchObject({ code: 'not-granted' })
    },
  },
  'giving a grant to a person': {
    act: async vault => {
      const known = await vault.grants.list()
      if (!known.some(({ state }) => state === 'live')) await vault.grants.give(grantTo(bob.vault.owner, around.clock))
    },
    after: async (vault, bobs) => {
      expect((await bobs.views.open(vault.owner)).rows.map(({ value }) => value['note'])).toEqual(['first'])
      expect((await vault.grants.list()).map(({ state }) => state)).toEqual(['live'])
    },
  },
  'giving a grant to a circle': {
    before: async (alices, bobs) => {
      await bobs.groups.join(link)
      await alices.groups.admit(group, bobs.owner)
    },
    act: async vault => {
      const known = await vault.grants.list()
      if (!known.some(({ state }) => state === 'live')) await vault.grants.give(grantTo(group, around.clock))
    },
    after: async (_, bobs) => {
      expect((await bobs.views.open(group)).rows.map(({ value }) => value['note'])).toEqual(['first'])
    },
  },
  'taking a grant back': {
    before: async alices => void (await alices.grants.give(grantTo(bob.vault.owner, around.clock))),
    act: async vault => {
      for (const { grant } of await vault.grants.list()) await vault.grants.revoke(grant)
    },
    after: async (vault, bobs) => {
      expect((await bobs.views.open(vault.owner)).rows).toEqual([])
      expect((await vault.grants.list()).map(({ state }) => state)).toEqual(['ended'])
      await vault.records.put('Immunization', { note: 'later' }, { collection: await folder(vault) })
    },
  },
}

/** A clean start for one case: `before` done, everything put back as it was by the function it gives. */
async function prepared({ before }: Action): Promise<() => void> {
  const back = around.save(alice.around.store, bob.around.store)
  const [alices, bobs] = [await reopen(alice), await reopen(bob)]
  await before?.(alices, bobs)
  await alices.settle()
  await bobs.settle()
  const start = around.save(alice.around.store, bob.around.store)
  afterCases.push(back)
  return start
}
const afterCases: (() => void)[] = []

async function outcome(work: () => Promise<unknown>): Promise<AlveoleError | null> {
  try {
    await work()
    return null
  } catch (error) {
    expect(error, String((error as Error).stack)).toBeInstanceOf(AlveoleError)
    return error as AlveoleError
  }
}

async function everythingIsWell(vault: Vault): Promise<void> {
  expect(await notes(vault)).toContain('first')
  expect((await vault.verify()).problems).toEqual([])
  expect((await vault.doctor()).problems).toEqual([])
}

/** The request that failed; null where the action needs fewer. */
async function badDay({ act, after, whose = () => alice }: Action, fault: Fault): Promise<string | null> {
  const who = whose()
  const pod = faultyPod(who.around.pod, fault)
  const error = await outcome(async () => act(await reopen(who, pod)))
  if (pod.requests.length < fault.at) {
    expect(error).toBe(null)
    return null
  }
  const told = `request ${fault.at} of ${pod.requests.join(', ')}; then ${error?.code}: ${error?.message}`
  expect(CODES_OF_TAMPERING, told).not.toContain(error?.code)
  try {
    const vault = await reopen(who)
    if (error) await act(vault)
    const [alices, bobs] = who === alice ? [vault, await reopen(bob)] : [await reopen(alice), vault]
    await after?.(alices, bobs)
    await everythingIsWell(alices)
  } catch (broken) {
    throw new Error(`${told}\nand afterwards: ${String(broken)}`, { cause: broken })
  }
  return pod.requests[fault.at - 1]!
}

describe.each(Object.keys(actions))('%s', name => {
  const action = actions[name]!

  test.each(STATUSES)('survives %i at any request, done or not', async status => {
    const start = await prepared(action)
    try {
      for (let at = 1; ; at++) {
        start()
        const request = await badDay(action, { at, status, applied: false })
        if (!request) break
        if (!AFTER_THE_FACT.includes(status) || isReading(request)) continue
        start()
        await badDay(action, { at, status, applied: true })
      }
    } finally {
      afterCases.pop()?.()
    }
  })

  test('survives a full disk at any writing of this device', async () => {
    const start = await prepared(action)
    try {
      for (let at = 1; ; at++) {
        start()
        const who = action.whose?.() ?? alice
        const store = faultyStore(who.around.store, at)
        const error = await outcome(async () =>
          action.act(await reopen({ around: { ...who.around, store: store as never } })),
        )
        if (store.writes < at) {
          expect(error).toBe(null)
          break
        }
        const vault = await reopen(who)
        if (error) await action.act(vault)
        const [alices, bobs] = who === alice ? [vault, await reopen(bob)] : [await reopen(alice), vault]
        await action.after?.(alices, bobs)
        await everythingIsWell(alices)
      }
    } finally {
      afterCases.pop()?.()
    }
  })
})

describe('what a bad day left half-done is finished by opening the vault', () => {
  /** The action, with no answer to the first of its requests that `isIt` says. */
  async function cutShort(isIt: (line: string) => boolean, act: (vault: Vault) => Promise<unknown>): Promise<void> {
    const rehearsal = faultyPod(alice.around.pod)
    const start = around.save(alice.around.store, bob.around.store)
    await act(await reopen(alice, rehearsal))
    start()
    const pod = faultyPod(alice.around.pod, { at: rehearsal.requests.findIndex(isIt) + 1, status: 0, applied: false })
    expect(await outcome(async () => act(await reopen(alice, pod)))).toMatchObject({ code: 'offline' })
  }
  const broken = async (...how: Parameters<typeof cutShort>): Promise<Vault> => {
    await cutShort(...how)
    return reopen(alice)
  }
  const inGroup = async (work: () => Promise<void>): Promise<void> => {
    const start = around.save(alice.around.store, bob.around.store)
    const [alices, bobs] = [await reopen(alice), await reopen(bob)]
    await bobs.groups.join(link)
    await alices.groups.admit(group, bobs.owner)
    await alices.settle()
    await work()
    start()
  }

  test('a member out of the log and still in the members document is let in no more', () =>
    inGroup(async () => {
      const vault = await broken(
        line => line.startsWith('PATCH'),
        alices => alices.groups.remove(group, bob.vault.owner),
      )
      await everythingIsWell(vault)
      await expect(bob.around.pod.get(`${group}head.alv`)).rejects.toMatchObject({ code: 'not-granted' })
    }))

  test.each(['.acl', '/inbox/', 'head.alv'])('a grant cut short at %s is live', async what => {
    const start = around.save(alice.around.store, bob.around.store)
    const isIt = (line: string) => /^(PUT|POST)/.test(line) && line.endsWith(what)
    const vault = await broken(isIt, alices => alices.grants.give(grantTo(bob.vault.owner, around.clock)))
    await everythingIsWell(vault)
    expect((await vault.grants.list()).map(({ state }) => state)).toEqual(['live'])
    const bobs = await reopen(bob)
    expect((await bobs.views.open(vault.owner)).rows.map(({ value }) => value['note'])).toEqual(['first'])
    start()
  })

  test('a grant taken back but for its access rules is refused', async () => {
    const start = around.save(alice.around.store, bob.around.store)
    const { grant } = await (await reopen(alice)).grants.give(grantTo(bob.vault.owner, around.clock))
    const vault = await broken(
      line => /^PUT.*acl$/.test(line),
      alices => alices.grants.revoke(grant),
    )
    expect((await vault.grants.list()).map(({ state }) => state)).toEqual(['ended'])
    expect((await (await reopen(bob)).views.open(vault.owner)).rows).toEqual([])
    await everythingIsWell(vault)
    start()
  })

  test('a grant whose recipient never answers again keeps nobody out of their vault, and is told', async () => {
    const start = around.save(alice.around.store, bob.around.store)
    await cutShort(
      line => line.startsWith('POST'),
      alices => alices.grants.give(grantTo(bob.vault.owner, around.clock)),
    )
    for (const url of around.server.files.keys()) if (url.includes('/bob/')) around.server.files.delete(url)
    const vault = await reopen(alice)
    expect(await notes(vault)).toEqual(['first'])
    expect((await vault.doctor()).problems).toMatchObject([{ code: 'unfinished-grant' }])
    start()
  })
})

test('the server answers late: a write that arrived after the error is not lost and not doubled', async () => {
  const start = around.save(alice.around.store)
  const late: (() => Promise<unknown>)[] = []
  const pod = new Proxy(alice.around.pod, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target)
      if (typeof value !== 'function') return value
      if (property !== 'put' || late.length) return value.bind(target)
      return async (...args: unknown[]) => {
        late.push(() => value.apply(target, args) as Promise<unknown>)
        throw new AlveoleError('offline')
      }
    },
  })
  const vault = await reopen(alice, pod)
  const collection = await folder(vault)
  const put = (note: string, id: string) =>
    vault.records.put('Immunization', { note }, { collection, id: id.repeat(16) as never })
  await expect(put('late', 'ab')).rejects.toMatchObject({ code: 'offline' })
  await late[0]!()
  await put('next', 'cd')
  expect(await notes(vault)).toEqual(['first', 'late', 'next'])
  await everythingIsWell(await reopen(alice))
  start()
})
