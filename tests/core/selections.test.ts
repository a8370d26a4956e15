/** [Z1]–[Z4], [Z8] Grants of chosen records: a copy of these and nothing beside, up to date or as it was, gone when its grant ends. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { BlobRef, CollectionId, GrantInfo, RecordId, Vault } from '#core'
import { AlveoleError, encode } from '#crypto'
import { followed } from '../../client/core/selections/note.ts'
import { partsOf } from '../../client/core/vault.ts'
import { answering } from '../crash/answering.ts'
import { unreachable } from '../crash/disk.ts'
import { DAY, FACET, folder, grantTo, PURPOSE, reopen, secondDevice, world, type Member, type World } from './world.ts'

let around: World
let alice: Member
let bob: Member
let health: CollectionId
let chosen: RecordId
let other: RecordId

const put = (vault: Vault, note: string, id?: RecordId): Promise<RecordId> =>
  vault.records.put('Immunization', { note }, { collection: health, ...(id && { id }) })
const terms = (how: { follow?: boolean; deidentified?: boolean } = {}) => ({
  to: bob.vault.owner,
  until: new Date(around.clock() + 30 * DAY),
  purpose: PURPOSE,
  records: [chosen],
  ...how,
})
const seen = async (vault = bob.vault): Promise<unknown[]> =>
  (await vault.views.open(alice.vault.owner)).rows.map(({ value }) => value['note']).sort()
const filesIn = (url: string): string[] => [...around.server.files.keys()].filter(one => one.startsWith(url))
/** The copy's head is not taken, so many times. */
const refusing = (copy: CollectionId, times: number) =>
  answering(alice.around.pod, {
    put: async (url, ...rest) => {
      if (url.includes(copy) && times-- > 0) throw new AlveoleError('server', 'HTTP 503')
      return alice.around.pod.put(url, ...rest)
    },
  })
const hasNote = (): boolean => alice.around.store.values.has('to follow')
const urlOf = ({ collections: [id] }: GrantInfo): string => `${alice.around.pod.storage}alveole/c/${id}/`
async function attach(vault: Vault, text: string, id?: RecordId): Promise<{ record: RecordId; ref: BlobRef }> {
  const file = { collection: health, name: 'a.txt', mediaType: 'text/plain' }
  const ref = await vault.blobs.put(new Blob([text]), file)
  const record = await vault.records.put(
    'File',
    { name: 'a', content: { ...ref } },
    { collection: health, ...(id && { id }) },
  )
  return { record, ref }
}

beforeEach(async () => {
  around = world()
  ;[alice, bob] = [await around.member('alice'), await around.member('bob')]
  health = await folder(alice.vault)
  chosen = await put(alice.vault, 'chosen')
  other = await put(alice.vault, 'other')
})

describe('[Z1] a selection', () => {
  test('shows its reader the chosen records and no other', async () => {
    const grant = await alice.vault.grants.give(terms())
    expect(grant.selection).toMatchObject({ records: [chosen], follows: true, deidentified: false })
    expect(await seen()).toEqual(['chosen'])
    const original = (await alice.vault.collections.find(health))!.url
    await expect(bob.around.pod.get(`${original}head.alv`)).rejects.toMatchObject({ code: 'not-granted' })
  })

  test('is in none of the lists, queries, exports of its owner', async () => {
    await alice.vault.grants.give(terms())
    const vault = await reopen(alice)
    expect((await vault.collections.list()).map(({ id }) => id)).toEqual([health])
    expect((await Array.fromAsync(vault.records.query())).length).toBe(2)
    expect((await vault.records.list({ order: '-date', limit: 10 })).length).toBe(2)
    expect((await vault.records.get(chosen))?.collection).toBe(health)
    await vault.settle()
    const again = await reopen(alice)
    expect((await again.records.list({ order: '-date', limit: 10 })).map(({ collection }) => collection)).toEqual([
      health,
      health,
    ])
    expect((await again.records.get(chosen))?.collection).toBe(health)
    const exported = await Array.fromAsync(again.export('jsonld'), async ({ path, body }) => [
      path,
      await new Response(body as never).text(),
    ])
    expect(exported.filter(([, text]) => text?.includes('chosen')).length).toBe(1)
    expect((await again.verify()).problems).toEqual([])
    expect((await again.doctor()).problems).toEqual([])
  })

  test('is granted to a circle as to a person', async () => {
    const { group } = await alice.vault.groups.found('Les Abeilles')
    await bob.vault.groups.join(await alice.vault.groups.invite(group))
    await alice.vault.groups.admit(group, bob.vault.owner)
    await alice.vault.grants.give({ ...terms(), to: group })
    expect((await bob.vault.views.open(group)).rows.map(({ value }) => value['note'])).toEqual(['chosen'])
  })

  test('of what is not there, of nothing in its facets, or with what it does not go with, is refused', async () => {
    const give = (more: object) => alice.vault.grants.give({ ...terms(), ...more })
    await expect(give({ records: [] })).rejects.toMatchObject({ code: 'usage' })
    await expect(give({ records: ['ab'.repeat(16) as RecordId] })).rejects.toMatchObject({ code: 'not-granted' })
    await expect(give({ facets: ['papers'] })).rejects.toMatchObject({ code: 'usage' })
    await expect(give({ collections: [health] })).rejects.toMatchObject({ code: 'usage' })
    await expect(give({ epochs: 'new' })).rejects.toMatchObject({ code: 'usage' })
    await expect(
      alice.vault.grants.give({ ...grantTo(bob.vault.owner, around.clock), follow: true }),
    ).rejects.toMatchObject({ code: 'usage' })
    const { collections } = await alice.vault.grants.give(terms())
    await expect(alice.vault.records.put('Immunization', {}, { collection: collections[0]! })).rejects.toMatchObject({
      code: 'not-granted',
    })
  })

  test('is of 4,096 records at most', async () => {
    const some = (count: number) =>
      Array.from({ length: count }, (_, n) => n.toString(16).padStart(32, '0') as RecordId)
    const make = (count: number) => alice.vault.selections.make({ records: some(count) })
    await expect(make(4097)).rejects.toMatchObject({ code: 'too-large', detail: { field: 'records', most: 4096 } })
    await expect(make(4096)).rejects.toMatchObject({ code: 'not-granted' }) // looked for, and not found
  })

  test('may stand for itself, be granted later, and be ended once nobody reads it', async () => {
    const { collection } = await alice.vault.selections.make({ records: [chosen] })
    await put(alice.vault, 'changed', chosen)
    const vault = await reopen(alice)
    expect(vault.selections.list()).toMatchObject([{ collection, records: [chosen] }])
    const { to, until, purpose } = terms()
    const { grant } = await vault.grants.give({ to, until, purpose, collections: [collection] })
    expect(await seen()).toEqual(['changed'])
    await expect(vault.selections.end(collection)).rejects.toMatchObject({ code: 'refused' })
    await vault.grants.revoke(grant)
    expect(vault.selections.list().length).toBe(1)
    await vault.selections.end(collection)
    await vault.settle()
    expect(filesIn(`${alice.around.pod.storage}alveole/c/${collection}/`)).toEqual([])
    expect((await reopen(alice)).selections.list().length).toBe(0)
  })
})

describe('[Z2] files', () => {
  test('are copied as they are, and read by who has the selection alone', async () => {
    const { record, ref } = await attach(alice.vault, 'a file')
    const grant = await alice.vault.grants.give({ ...terms(), records: [record], facets: ['papers'] })
    const [part] = ref.parts!
    const at = (url: string) => around.server.files.get(`${url}${part!.folder}/${part!.name}.alv`)
    expect(at(urlOf(grant))?.body).toEqual(at((await alice.vault.collections.find(health))!.url)?.body)
    const [row] = (await bob.vault.views.open(alice.vault.owner)).rows
    expect(await new Response(bob.vault.views.blob(row!, row!.value['content'] as never)).text()).toBe('a file')
  })

  test('outside of the facets stay where they are', async () => {
    const { record } = await attach(alice.vault, 'a file')
    const grant = await alice.vault.grants.give({ ...terms(), records: [record], facets: ['papers/entry'] })
    expect(
      filesIn(urlOf(grant)).filter(url => /\/[\w-]{22}\/[\w-]{22}\.alv$/.test(url.slice(urlOf(grant).length - 1))),
    ).toEqual([])
  })

  test('that were replaced, or are sealed anew, go from the copy too', async () => {
    const { record, ref } = await attach(alice.vault, 'a file')
    const grant = await alice.vault.grants.give({ ...terms(), records: [record], facets: ['papers'] })
    const standing = (of: BlobRef) => filesIn(urlOf(grant)).filter(url => url.includes(of.parts![0]!.name)).length
    expect(standing(ref)).toBe(1)
    await alice.vault.blobs.reencrypt([record])
    const anew = (await alice.vault.records.get(record))!.value['content'] as never as BlobRef
    expect([standing(ref), standing(anew)]).toEqual([0, 1])
    const { ref: third } = await attach(alice.vault, 'another file', record)
    expect([standing(anew), standing(third)]).toEqual([0, 1])
    expect((await alice.vault.verify()).problems).toEqual([])
  })
})

describe('[Z3] one that follows', () => {
  test('takes in changes and new facets, and lets go of what was deleted', async () => {
    await alice.vault.grants.give({ ...terms(), records: [chosen, other] })
    await put(alice.vault, 'changed', chosen)
    expect(await seen()).toEqual(['changed', 'other'])
    await alice.vault.records.remove(other)
    expect(await seen()).toEqual(['changed'])
    expect((await alice.vault.verify()).problems).toEqual([])
  })

  test('leaves nothing of a record that was erased, nor of its files', async () => {
    const { record, ref } = await attach(alice.vault, 'a file')
    const grant = await alice.vault.grants.give({ ...terms(), records: [record, chosen], facets: ['papers', FACET] })
    await alice.vault.records.erase(record)
    expect(filesIn(urlOf(grant)).filter(url => url.includes(ref.parts![0]!.name))).toEqual([])
    expect((await bob.vault.views.open(alice.vault.owner)).rows.map(({ id }) => id)).toEqual([chosen])
  })

  test('is part of the promise of erasing: where its files cannot be deleted it throws, and the same again deletes them', async () => {
    const { record, ref } = await attach(alice.vault, 'a file')
    const grant = await alice.vault.grants.give({ ...terms(), records: [record], facets: ['papers'] })
    const left = () => filesIn(urlOf(grant)).filter(url => url.includes(ref.parts![0]!.name)).length
    let isDown = true
    const pod = answering(alice.around.pod, {
      delete: async url => {
        if (isDown && url.startsWith(urlOf(grant))) throw new AlveoleError('server', 'HTTP 503')
        return alice.around.pod.delete(url)
      },
    })
    const vault = await reopen(alice, pod)
    await expect(vault.records.erase(record)).rejects.toMatchObject({ code: 'server' })
    await expect(vault.records.erase(record)).rejects.toMatchObject({ code: 'server' })
    expect(left()).toBe(1)
    isDown = false
    await vault.records.erase(record)
    expect(left()).toBe(0)
  })

  test('is brought up to date by another device, and after one that knew nothing of it', async () => {
    const laptop = await secondDevice(alice)
    await laptop.vault.grants.confirm()
    await alice.vault.grants.give(terms())
    await put(laptop.vault, 'by a device that has not looked', chosen)
    expect(await seen()).toEqual(['chosen'])
    await alice.vault.collections.open(health)
    around.pass(60_000)
    await alice.vault.sync()
    expect(await seen()).toEqual(['by a device that has not looked'])
    await laptop.vault.sync()
    await put(laptop.vault, 'by one that has', chosen)
    expect(await seen()).toEqual(['by one that has'])
  })

  test('is brought up to date by whichever device tidies, once a day', async () => {
    const laptop = await secondDevice(alice)
    await laptop.vault.grants.confirm()
    await alice.vault.grants.give(terms())
    await alice.vault.tidy()
    await put(laptop.vault, 'by a device that has not looked', chosen)
    await laptop.vault.settle()
    const later = await reopen(alice)
    await later.tidy()
    expect(await seen()).toEqual(['chosen'])
    around.pass(DAY)
    await later.tidy()
    expect(await seen()).toEqual(['by a device that has not looked'])
  })

  test('[Z4] costs nothing where no followed record is touched, and a swap where one is', async () => {
    const { collections } = await alice.vault.grants.give(terms())
    const asked: string[] = []
    const pod = new Proxy(alice.around.pod, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          if (typeof args[0] === 'string') asked.push(`${String(name)} ${args[0]}`)
          return (value as (...all: unknown[]) => unknown).apply(target, args)
        }
      },
    })
    const vault = await reopen(alice, pod)
    await put(vault, 'warm', other)
    await put(vault, 'warm', chosen)
    asked.length = 0
    await put(vault, 'cold', other)
    expect(asked.length).toBe(1)
    asked.length = 0
    await put(vault, 'hot', chosen)
    expect(asked.map(line => line.replace(/^(\w+) .*\/c\//, '$1 '))).toEqual([
      `put ${health}/head.alv`,
      `put ${collections[0]}/head.alv`,
    ])
  })

  test('[Z4] is brought up to what failed before by the next write of another original', async () => {
    const grant = await alice.vault.grants.give({ ...terms(), records: [chosen, other] })
    const vault = await reopen(alice, refusing(grant.collections[0]!, 1))
    await put(vault, 'missed', chosen)
    expect([await seen(), hasNote()]).toEqual([['chosen', 'other'], true])
    await put(vault, 'taken', other)
    expect([await seen(), hasNote()]).toEqual([['missed', 'taken'], false])
  })

  test('[Z4] is brought up to an erasure that failed before, files too', async () => {
    const { record, ref } = await attach(alice.vault, 'a file')
    const grant = await alice.vault.grants.give({ ...terms(), records: [record, other], facets: ['papers', FACET] })
    const vault = await reopen(alice, refusing(grant.collections[0]!, 1))
    await expect(vault.records.erase(record)).rejects.toMatchObject({ code: 'server' })
    await put(vault, 'taken', other)
    expect(filesIn(urlOf(grant)).filter(url => url.includes(ref.parts![0]!.name))).toEqual([])
    expect([await seen(), hasNote()]).toEqual([['taken'], false])
  })

  test('[Z4] misses neither of two writes at once of which one fails', async () => {
    const grant = await alice.vault.grants.give({ ...terms(), records: [chosen, other] })
    const vault = await reopen(alice, refusing(grant.collections[0]!, 1))
    await Promise.all([put(vault, 'one', chosen), put(vault, 'two', other)])
    await reopen(alice)
    expect([await seen(), hasNote()]).toEqual([['one', 'two'], false])
  })

  test('is brought up to date where the clock was years ahead once, and where another’s originals do not answer', async () => {
    const { id: photos } = await alice.vault.collections.create('Photos')
    const photo = await alice.vault.records.put('Immunization', { note: 'photo' }, { collection: photos })
    await alice.vault.grants.give({ ...terms(), records: [photo] })
    await alice.vault.grants.give(terms())
    await alice.vault.settle()
    const laptop = await secondDevice(alice)
    await laptop.vault.grants.confirm()
    const breaking = answering(laptop.around.pod, {
      put: async (url, ...rest) => {
        const isCopy = url.includes('/c/') && ![photos, health].some(id => url.includes(id))
        if (isCopy) throw new AlveoleError('server', 'HTTP 503')
        return laptop.around.pod.put(url, ...rest)
      },
    })
    const behind = await reopen(laptop, breaking)
    await put(behind, 'changed', chosen)
    await behind.records.put('Immunization', { note: 'changed too' }, { collection: photos, id: photo })
    expect(await seen()).toEqual(['chosen', 'photo'])
    let isDown = false
    const vault = await reopen(
      alice,
      answering(alice.around.pod, {
        get: async (url, ...rest) => {
          if (isDown && url.endsWith(`${photos}/head.alv`)) throw new AlveoleError('server', 'HTTP 503')
          return alice.around.pod.get(url, ...rest)
        },
      }),
    )
    const ahead = { at: around.clock() + 900 * DAY }
    await alice.around.store.set('followed', encode(followed, ahead))
    isDown = true
    around.pass(60_000)
    await expect(vault.tidy()).rejects.toMatchObject({ code: 'server' }) // the folder itself cannot be tidied
    expect(await seen()).toEqual(['changed', 'photo'])
    isDown = false
    around.pass(DAY)
    await vault.tidy()
    expect(await seen()).toEqual(['changed', 'changed too'])
  })

  test('[Z4] is finished by the next opening, where the program dies between the two commits', async () => {
    const { collections } = await alice.vault.grants.give(terms())
    const pod = answering(alice.around.pod, {
      put: async (url, ...rest) => {
        if (url.includes(collections[0]!)) throw new TypeError('dead')
        return alice.around.pod.put(url, ...rest)
      },
    })
    const dying = await reopen(alice, pod)
    await expect(put(dying, 'changed', chosen)).rejects.toThrow('dead')
    expect(await seen()).toEqual(['chosen'])
    await reopen(alice)
    expect(await seen()).toEqual(['changed'])
    expect([...alice.around.store.values.keys()]).not.toContain('to follow')
  })
})

describe('a snapshot', () => {
  test('stays as it was, whatever becomes of its originals', async () => {
    const { record, ref } = await attach(alice.vault, 'a file')
    await alice.vault.grants.give({
      ...terms({ follow: false }),
      records: [chosen, record],
      facets: ['papers', FACET],
    })
    await put(alice.vault, 'changed', chosen)
    await alice.vault.records.erase(record)
    await alice.vault.tidy()
    expect(alice.vault.selections.keptIn(record).length).toBe(1)
    expect(alice.vault.selections.keptIn(other)).toEqual([])
    const { rows } = await bob.vault.views.open(alice.vault.owner)
    expect(rows.map(({ value }) => value['note'] ?? value['name']).sort()).toEqual(['a', 'chosen'])
    const file = rows.find(({ kind }) => kind === 'File')!
    expect(await new Response(bob.vault.views.blob(file, ref)).text()).toBe('a file')
  })
})

describe('[Z8] ending the grant', () => {
  test('cuts its reader at once, and deletes the copies', async () => {
    const { record } = await attach(alice.vault, 'a file')
    const grant = await alice.vault.grants.give({ ...terms(), records: [chosen, record], facets: ['papers', FACET] })
    expect(filesIn(urlOf(grant)).length).toBeGreaterThan(2)
    const ended = await alice.vault.grants.revoke(grant.grant, { rewrap: true })
    expect([ended.state, ended.selection]).toEqual(['ended', null])
    expect(filesIn(urlOf(grant))).toEqual([])
    expect(await seen()).toEqual([])
    await alice.vault.settle()
    const vault = await reopen(alice)
    expect(partsOf(vault).context.account.state.selections).toEqual([])
    expect((await vault.verify()).problems).toEqual([])
    expect(await unreachable(around, [alice])).toEqual([])
    expect((await put(vault, 'on', chosen)) && (await vault.records.get(chosen))?.value).toEqual({ note: 'on' })
  })

  test('with new keys for files seals those of the originals anew', async () => {
    const { record, ref } = await attach(alice.vault, 'a file')
    const { grant } = await alice.vault.grants.give({ ...terms(), records: [record], facets: ['papers'] })
    const { reencrypted } = await alice.vault.grants.revoke(grant, { reencrypt: true })
    expect(reencrypted?.files).toBe(1)
    const anew = (await alice.vault.records.get(record))!.value['content'] as never as BlobRef
    expect(anew.key).not.toBe(ref.key)
  })

  test('with new keys for files, stopped on the way, goes on with those that it was of', async () => {
    const { record, ref } = await attach(alice.vault, 'a file')
    const { grant } = await alice.vault.grants.give({ ...terms(), records: [record], facets: ['papers'] })
    const stopped = alice.vault.grants.revoke(grant, { reencrypt: true, signal: AbortSignal.abort() })
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
    const { reencrypted } = await alice.vault.grants.revoke(grant, { reencrypt: true })
    expect(reencrypted?.files).toBe(1)
    expect((await alice.vault.records.get(record))!.value['content']).not.toMatchObject({ key: ref.key })
  })

  test('and asking for new keys only later is refused: what it was of is forgotten', async () => {
    const { record } = await attach(alice.vault, 'a file')
    const { grant } = await alice.vault.grants.give({ ...terms(), records: [record], facets: ['papers'] })
    await alice.vault.grants.revoke(grant)
    await expect(alice.vault.grants.revoke(grant, { reencrypt: true })).rejects.toMatchObject({
      code: 'refused',
      detail: { field: 'forgotten' },
    })
  })

  test('may be put off before, and comes with all others', async () => {
    const grant = await alice.vault.grants.give(terms())
    await alice.vault.grants.extend(grant.grant, { until: new Date(around.clock() + 60 * DAY) })
    around.pass(40 * DAY)
    await put(alice.vault, 'later', chosen)
    expect(await seen()).toEqual(['later'])
    await alice.vault.grants.stopEverything({ rotate: true })
    expect([filesIn(urlOf(grant)), await seen()]).toEqual([[], []])
    expect((await (await reopen(alice)).doctor()).problems).toEqual([])
  })

  test('by its date does so a week later, by whoever opens the vault', async () => {
    const grant = await alice.vault.grants.give(terms())
    await alice.vault.settle()
    around.pass(31 * DAY)
    await reopen(alice)
    expect(filesIn(urlOf(grant)).length).toBeGreaterThan(0)
    around.pass(8 * DAY)
    const vault = await reopen(alice)
    await vault.settle()
    expect(filesIn(urlOf(grant))).toEqual([])
  })

  test('takes no other device for tampered with that knows it still', async () => {
    const laptop = await secondDevice(alice)
    await laptop.vault.grants.confirm()
    const { grant } = await alice.vault.grants.give(terms())
    await laptop.vault.sync()
    await put(laptop.vault, 'known', chosen)
    await alice.vault.grants.revoke(grant)
    await alice.vault.settle()
    await put(laptop.vault, 'not known to be ended', chosen)
    await laptop.vault.sync()
    expect((await laptop.vault.records.get(chosen))?.value).toEqual({ note: 'not known to be ended' })
    expect(await unreachable(around, [alice])).toEqual([])
  })
})
