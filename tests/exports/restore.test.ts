/** What an export is put back into is what it came out of, grants aside; twice is once; nothing that is there is written over. */
import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { RecordId, Vault } from '#core'
import { kinds, type Json, type RecordValue } from '#vocab'
import { fixture, sourceFile } from '../formats/read.ts'
import { jpegWith } from '../formats/images.ts'
import { reopen, secondDevice, world, type Member, type World } from '../core/world.ts'
import { comparable, exported, filled, folderOf, meaning, rehashed, textOf, type Files } from './exported.ts'

let around: World
let alice: Member
let bob: Member
let back: () => void
let files: Files

beforeAll(async () => {
  around = world()
  alice = await around.member('alice')
  bob = await around.member('bob')
  await alice.vault.settle()
  await bob.vault.settle()
  back = around.save(alice.around.store, bob.around.store)
  await fill(alice.vault)
  files = await exported(alice.vault)
})

async function fill(vault: Vault): Promise<void> {
  await vault.import([
    fixture('bundle.fhir'),
    sourceFile('p.jpg', jpegWith(6).bytes),
    sourceFile(`${'é'.repeat(300)}.bin`, 'a file'),
    sourceFile('CON', 'another'),
  ])
  const { id } = await vault.collections.create('a/b')
  await vault.collections.create('A_B') // on a disk these two would be one
  around.pass(5000)
  for (const { name } of kinds) await vault.records.put(name, filled(name), { collection: id })
  const content = await vault.blobs.put(new Blob([new Uint8Array(5 << 20)]), {
    collection: id,
    name: 'zeros',
    mediaType: 'x/y',
  })
  const [one, two] = [await note(vault, id, 'b'), await note(vault, id, 'a')]
  const nested = { content: { ...content }, '~/': [{ deep: one }, two] }
  await vault.records.put(
    'File',
    { content: nested.content, name: 'zeros', origin: { a: nested['~/'] } },
    { collection: id },
  )
}

const note = async (
  vault: Vault,
  collection: Parameters<Vault['collections']['open']>[0],
  text: string,
): Promise<Json> => ({
  ...(await vault.blobs.put(new Blob([text]), { collection, name: 'n.txt', mediaType: 'text/plain' })),
})

const valuesOf = async (vault: Vault): Promise<unknown[]> =>
  (await Array.fromAsync(vault.records.query()))
    .map(({ id, kind, modified, value }) => ({ id, kind, modified, value: withoutKeys(value) }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))

const withoutKeys = (value: RecordValue): unknown =>
  JSON.parse(JSON.stringify(value, (name, json) => (['key', 'blob', 'parts'].includes(name) ? undefined : json)))

describe('an export put back into another vault', () => {
  test('is the same again: records, dates, references, files', async () => {
    back()
    const vault = await reopen(bob)
    const report = await vault.import(folderOf(files))
    expect(report.files).toHaveLength(1)
    expect(report.files[0]).toMatchObject({
      file: '/tmp/out/alveole.json',
      format: 'alveole',
      duplicates: 0,
      problems: [],
    })
    const fresh = await reopen(bob)
    expect(comparable(await exported(fresh))).toEqual(comparable(files))
    expect((await fresh.verify()).problems).toEqual([])
    const again = await fresh.import(folderOf(files))
    expect(again).toMatchObject({ total: 0, files: [{ duplicates: report.total, problems: [] }] })
    expect(comparable(await exported(fresh))).toEqual(comparable(files))
  })

  test.each(['jsonld', 'nquads'] as const)('is the same again as %s', async form => {
    back()
    const from = await reopen(alice)
    await fill(from)
    const [source, graphs] = [await exported(from), await exported(from, form)]
    const vault = await reopen(bob)
    const report = await vault.import(folderOf(graphs))
    expect(report.files).toMatchObject([{ format: 'alveole', duplicates: 0, problems: [] }])
    const fresh = await reopen(bob)
    expect(meaning(await exported(fresh))).toEqual(meaning(source))
    expect((await fresh.verify()).problems).toEqual([])
    expect(await fresh.import(folderOf(graphs))).toMatchObject({ total: 0, files: [{ duplicates: report.total }] })
  })

  test('is the same again where a tool put the triples in another order', async () => {
    back()
    const from = await reopen(alice)
    await fill(from)
    const [source, graphs] = [await exported(from), await exported(from, 'nquads')]
    for (const path of graphs.keys()) {
      if (!path.endsWith('.nq')) continue
      const lines = textOf(graphs, path).trim().split('\n')
      const sorted = lines.toSorted((a, b) => (a.slice(0, 60) === b.slice(0, 60) ? 1 : 0) && (a < b ? 1 : -1))
      graphs.set(path, Buffer.from(`${sorted.join('\n')}\n`))
    }
    const vault = await reopen(bob)
    const report = await vault.import(folderOf(await rehashed(graphs)))
    expect(report.files).toMatchObject([{ problems: [] }])
    expect(meaning(await exported(vault))).toEqual(meaning(source))
  })

  test('is the same on two devices that put it back at once', async () => {
    back()
    const other = await secondDevice(bob)
    await Promise.all([(await reopen(bob)).import(folderOf(files)), (await reopen(other)).import(folderOf(files))])
    const [here, there] = [await reopen(bob), await reopen(other)]
    expect(await valuesOf(here)).toEqual(await valuesOf(there))
    expect((await here.verify()).problems).toEqual([])
  })

  test('leaves what was changed or deleted there as it is', async () => {
    back()
    const vault = await reopen(bob)
    await vault.import(folderOf(files))
    const [person] = await Array.fromAsync(vault.records.query({ kind: 'Person' }))
    const [file] = await Array.fromAsync(vault.records.query({ kind: 'File' }))
    await vault.records.put('Person', { name: 'mine' }, { collection: person!.collection, id: person!.id })
    await vault.records.remove(file!.id)
    const report = await vault.import(folderOf(files))
    expect(report.total).toBe(0)
    expect((await vault.records.get(person!.id))?.value).toEqual({ name: 'mine' })
    expect(await vault.records.get(file!.id)).toBeNull()
  })

  test('goes on where it was cut short', async () => {
    back()
    const vault = await reopen(bob)
    const stop = new AbortController()
    const onProgress = ({ done }: { done: number }): void => void (done > 0.5 && stop.abort())
    await expect(vault.import(folderOf(files), { onProgress, signal: stop.signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
    await vault.import(folderOf(files))
    expect(comparable(await exported(await reopen(bob)))).toEqual(comparable(files))
  })

  test('a change that claims to be of tomorrow is of now', async () => {
    back()
    const tomorrow = new Map(files)
    for (const [path, bytes] of files)
      if (path.endsWith('.json'))
        tomorrow.set(
          path,
          Buffer.from(
            Buffer.from(bytes)
              .toString()
              .replaceAll(/"modified": "2026-/g, '"modified": "2126-'),
          ),
        )
    const vault = await reopen(bob)
    await vault.import(folderOf(await rehashed(tomorrow)))
    for await (const { modified } of vault.records.query()) expect(modified).toBeLessThan(around.clock() + 60_000)
  })
})

const anyJson = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>
const anyRecord = fc.constantFrom(...kinds.filter(({ name }) => name !== 'File')).chain(({ name, properties }) =>
  fc.record({
    kind: fc.constant(name),
    value: fc.dictionary(fc.constantFrom(...Object.keys(properties)), anyJson, {
      minKeys: 1,
    }),
  }),
)
const anyFolders = fc.uniqueArray(
  fc.record({
    name: fc.string({ unit: 'grapheme', minLength: 1 }).filter(name => name.trim() !== ''),
    records: fc.array(anyRecord, { maxLength: 6 }),
    files: fc.array(fc.record({ name: fc.string({ unit: 'grapheme' }), bytes: fc.uint8Array({ maxLength: 600 }) }), {
      maxLength: 2,
    }),
  }),
  { selector: ({ name }) => name.trim().toLowerCase(), maxLength: 4 },
)

test.each(['source', 'jsonld', 'nquads'] as const)('whatever a vault holds, it holds after %s and back', async form => {
  await fc.assert(
    fc.asyncProperty(anyFolders, async folders => {
      back()
      const from = await reopen(alice)
      for (const { name, records, files } of folders) {
        const { id } = await from.collections.create(name)
        await from.records.putAll(records, id)
        for (const { name: called, bytes } of files) {
          const content = await from.blobs.put(new Blob([bytes]), { collection: id, name: called, mediaType: 'a/b' })
          await from.records.put('File', { content: { ...content } }, { collection: id })
        }
      }
      const [first, sources] = [await exported(from, form), await exported(from)]
      const into = await reopen(bob)
      expect((await into.import(folderOf(first))).files).toMatchObject([{ problems: [] }])
      if (form === 'source') expect(comparable(await exported(into))).toEqual(comparable(first))
      expect(meaning(await exported(into))).toEqual(meaning(sources))
      expect(await valuesOf(into)).toEqual(await valuesOf(from))
    }),
    { numRuns: 15 },
  )
})

test('an id is in use once it is seen, and stays so when it is deleted', async () => {
  back()
  const vault = await reopen(bob)
  const { id: collection } = await vault.collections.create('x')
  const id = await vault.records.put('File', { name: 'n' }, { collection })
  expect(await vault.records.isTaken(id)).toBe(true)
  await vault.records.remove(id)
  expect(await vault.records.isTaken(id)).toBe(true)
  expect(await vault.records.isTaken('0'.repeat(32) as RecordId)).toBe(false)
})
