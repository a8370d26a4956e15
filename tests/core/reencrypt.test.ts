/** R3: what a grant opened is sealed under new keys, and the old ciphertext goes, whatever happens in between (protocol §6). */
import { beforeAll, describe, expect, test } from 'vitest'
import type { BlobRef, CollectionId, GrantId, Pod, RecordId, Vault } from '#core'
import { blobsIn } from '../../client/core/blob-refs.ts'
import { answering } from '../hostile-pod.ts'
import { DAY, PURPOSE, folder, reopen, secondDevice, world, type Member, type World } from './world.ts'

const LARGE = 34 * 262_144 + 5
const LARGE_TEXT = 'x'.repeat(LARGE)
let around: World
let alice: Member
let other: Member
let bob: Member
let papers: CollectionId
let ids: { [name: string]: RecordId }
let grant: GrantId
let back: () => void

const textOf = async (vault: Vault, ref: BlobRef): Promise<string> => {
  const text = await new Response(await vault.blobs.open(ref, papers)).text()
  return text === LARGE_TEXT ? 'large' : text
}
const refOf = async (vault: Vault, name: string): Promise<BlobRef> =>
  blobsIn((await vault.records.get(ids[name]!))!.value)[0]!
const contents = async (vault: Vault): Promise<{ [name: string]: string }> =>
  Object.fromEntries(
    await Promise.all(Object.keys(ids).map(async name => [name, await textOf(vault, await refOf(vault, name))])),
  )
const texts = { one: 'first', two: 'second', large: 'large', outside: 'of another facet' }

/** A line of 100 kB a second, so that a large file has many small parts. */
const slow = (pod: Pod): Pod => {
  const put: Pod['put'] = (url, body, options) => {
    around.pass(Math.ceil(body.length / 100))
    return pod.put(url, body, options)
  }
  return answering(pod, { put })
}

beforeAll(async () => {
  around = world()
  ;[alice, bob] = [await around.member('alice'), await around.member('bob')]
  papers = await folder(alice.vault, 'Papers')
  const vault = await reopen(alice, slow(alice.around.pod))
  ids = {}
  for (const [name, text] of Object.entries(texts)) {
    const content = await vault.blobs.put(new Blob([name === 'large' ? LARGE_TEXT : text]), {
      collection: papers,
      name,
      mediaType: 'text/plain',
    })
    const [kind, property] = name === 'outside' ? ['Photo', 'image'] : ['File', 'content']
    ids[name] = await vault.records.put(kind, { [property]: { ...content } }, { collection: papers })
  }
  const until = new Date(around.clock() + 30 * DAY)
  const given = await vault.grants.give({ to: bob.vault.owner, facets: ['papers'], until, purpose: PURPOSE })
  grant = given.grant
  await vault.settle()
  other = await secondDevice(alice)
  await other.vault.grants.confirm()
  await Array.fromAsync(other.vault.records.query())
  await other.vault.settle()
  back = around.save(alice.around.store, other.around.store, bob.around.store)
})

const isPart = (url: string): boolean => /\/c\/[\w-]{22}\/[\w-]{22}\/[\w-]{22}\.alv$/.test(url)
const partsOnDisk = (): string[] => [...around.server.files.keys()].filter(isPart)

test('what was granted has new keys and new parts, the rest is as it was, and the former reader opens nothing', async () => {
  back()
  const vault = await reopen(alice)
  const old = Object.fromEntries(
    await Promise.all(Object.keys(ids).map(async name => [name, await refOf(vault, name)])),
  )
  const before = new Set(partsOnDisk())
  const heard: [number, number][] = []
  const ended = await vault.grants.revoke(grant, {
    reencrypt: true,
    onProgress: (done, total) => void heard.push([done, total]),
  })
  const bytes = LARGE + 5 + 6
  expect(ended).toMatchObject({ state: 'ended', reencrypted: { files: 3, bytes } })
  expect(heard.at(-1)).toEqual([bytes, bytes])
  expect(heard.map(([done]) => done)).toEqual(heard.map(([done]) => done).toSorted((a, b) => a - b))
  const again = await reopen(alice)
  expect(await contents(again)).toEqual(texts)
  for (const name of ['one', 'two', 'large']) {
    const now = await refOf(again, name)
    expect([now.key === old[name].key, now.blob === old[name].blob]).toEqual([false, false])
    await expect(textOf(again, old[name])).rejects.toMatchObject({ code: 'not-granted' })
  }
  expect(await refOf(again, 'outside')).toEqual(old['outside'])
  const kept = partsOnDisk().filter(url => before.has(url))
  expect(kept).toHaveLength(1)
  const { rows } = await (await reopen(bob)).views.open(alice.vault.owner)
  expect(rows).toEqual([])
  expect((await again.verify()).problems).toEqual([])
})

test('chosen records alone', async () => {
  back()
  const vault = await reopen(alice)
  const old = await refOf(vault, 'two')
  expect(await vault.blobs.reencrypt([ids['one']!])).toEqual({ files: 1, bytes: 5 })
  expect(await refOf(vault, 'two')).toEqual(old)
  expect(await contents(await reopen(alice))).toEqual(texts)
})

test('garbage is collected afterwards, though old cells still name what is deleted', async () => {
  back()
  await (await reopen(alice)).grants.revoke(grant, { reencrypt: true })
  for (let day = 0; day < 9; day++) {
    around.pass(DAY + 1)
    await (await reopen(alice)).tidy()
  }
  expect(await contents(await reopen(alice))).toEqual(texts)
})

test('killed at any request: done again, it goes on, ends, and leaves no old part', async () => {
  back()
  const killing = (at: number) => {
    let [count, dead] = [0, false]
    const step = async <T>(work: () => Promise<T>): Promise<T> => {
      if (dead || ++count === at) {
        dead = true
        throw new Error('killed')
      }
      return work()
    }
    const { pod } = alice.around
    const killed = answering(pod, {
      put: (...args) => step(() => pod.put(...args)),
      delete: (...args) => step(() => pod.delete(...args)),
    })
    return { pod: killed, count: () => count }
  }
  const run = async (at: number): Promise<number> => {
    const { pod, count } = killing(at)
    const vault = await reopen(alice, pod)
    await vault.grants.revoke(grant, { reencrypt: true }).catch((error: unknown) => {
      if (!(error instanceof Error && error.message === 'killed')) throw error
    })
    return count()
  }
  const whole = await run(Infinity)
  expect(whole).toBeGreaterThan(40)
  const partsBefore = new Set(partsOnDisk())
  for (let at = 1; at <= whole; at += at < 12 ? 1 : 4) {
    back()
    await run(at)
    expect([at, await contents(await reopen(alice))]).toEqual([at, texts])
    await run(Infinity)
    expect([at, await contents(await reopen(alice))]).toEqual([at, texts])
    expect([...alice.around.store.values.keys()].filter(key => /^(reencrypt|upload )/.test(key))).toEqual([])
    // What the kill left behind: parts that were sent and not noted
    expect(partsOnDisk().length).toBeLessThanOrEqual(partsBefore.size + 4)
  }
})

test('a reader whose grant lives on reads the new file, and is told that the old one is gone', async () => {
  back()
  const theirs = await reopen(bob)
  const row = async () => (await theirs.views.open(alice.vault.owner)).rows.find(({ id }) => id === ids['one'])!
  const old = await row()
  await (await reopen(alice)).blobs.reencrypt([ids['one']!])
  const open = (at: typeof old) => new Response(theirs.views.blob(at, blobsIn(at.value)[0]!)).text()
  await expect(open(old)).rejects.toMatchObject({ code: 'not-granted' })
  expect(await open(await row())).toBe('first')
})

describe('another device that knew the file before', () => {
  test('is told that it is gone, not that somebody took it; and reads the new one', async () => {
    back()
    const theirs = await reopen(other)
    const old = await refOf(theirs, 'large')
    await (await reopen(alice)).grants.revoke(grant, { reencrypt: true })
    await expect(textOf(theirs, old)).rejects.toMatchObject({ code: 'not-granted' })
    expect(await textOf(theirs, await refOf(theirs, 'large'))).toBe(texts.large)
  })

  test('does not bring the old reference back by a change of its own', async () => {
    back()
    const theirs = await reopen(other)
    const old = await refOf(theirs, 'one') // what it shows and edits
    await (await reopen(alice)).grants.revoke(grant, { reencrypt: true })
    const stale = theirs.records.put(
      'File',
      { content: { ...old }, origin: { file: 'elsewhere' } },
      { collection: papers, id: ids['one']! },
    )
    await expect(stale).rejects.toMatchObject({ code: 'not-granted' })
    expect(await contents(await reopen(alice))).toEqual(texts)
  })

  test('which changes the record meanwhile loses nothing', async () => {
    back()
    const theirs = await reopen(other)
    let meanwhile = async (): Promise<void> => undefined
    const { pod } = alice.around
    const interrupted = answering(pod, {
      put: async (url, body, options) => {
        if (url.endsWith('head.alv')) {
          const act = meanwhile
          meanwhile = async () => undefined
          await act()
        }
        return pod.put(url, body, options)
      },
    })
    const vault = await reopen(alice, interrupted)
    meanwhile = async () => {
      const { value } = (await theirs.records.get(ids['one']!))!
      await theirs.records.put('File', { ...value, name: 'renamed' }, { collection: papers, id: ids['one']! })
      const file = await theirs.blobs.put(new Blob(['another']), {
        collection: papers,
        name: 'b',
        mediaType: 'text/plain',
      })
      await theirs.records.put('File', { content: { ...file } }, { collection: papers, id: ids['two']! })
    }
    await vault.grants.revoke(grant, { reencrypt: true })
    const last = await reopen(alice)
    expect(await contents(last)).toEqual({ ...texts, two: 'another' })
    expect((await last.records.get(ids['one']!))!.value['name']).toBe('renamed')
    // Three small files, the large one in parts of 4 MiB, and what was sealed anew of a file that was replaced meanwhile: garbage
    expect(partsOnDisk()).toHaveLength(3 + 3 + 1)
  })
})
