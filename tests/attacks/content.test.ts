/**
 * What a member of the circle may have put in their own records to harm whoever looks (A27), or to make them ask for something
 * somewhere (A21). What the browser makes of it is tried in the browser, where pages for it exist; bounds on how much one member
 * may share are not built yet.
 */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isBlob, type BlobRef, type ViewRow } from '#core'
import { random, toBase64Url, toHex } from '#crypto'
import { kind as kindOf, kinds } from '#vocab'
import type { Write } from '../../client/core/collections/pack.ts'
import { openBlob } from '../../client/core/blobs/open-blob.ts'
import { reopen } from '../core/world.ts'
import { watching } from '../hostile-pod.ts'
import { orCode } from './shown.ts'
import { scene, type Scene } from './scene.ts'

let at: Scene
beforeAll(async () => void (at = await scene()))
beforeEach(() => at.back())

const LEAF = 'health/immunizations/entry'
const cell = (properties: unknown, more: Partial<Write> = {}): Write => ({
  record: toHex(random(16)),
  stamp: 1,
  kind: 'Immunization',
  facet: LEAF,
  properties: properties as Write['properties'],
  ...more,
})

/** By bob's own device, past all that his client would check. */
async function bobWrites(writes: Write[]): Promise<void> {
  const vault = await reopen(at.bob)
  const [mine] = await vault.collections.list()
  await vault.collections.write(mine!.id, writes)
}

/** What carol sees of the circle, and asks for to see it. */
async function carolSees(query = {}): Promise<{ rows: ViewRow[]; problems: unknown[]; asked: string[] }> {
  const asked: string[] = []
  const stop = at.host.attack(watching((method, [url]) => void asked.push(`${method} ${String(url)}`)))
  const vault = await reopen(at.carol)
  const view = await vault.views.open(at.group, query)
  stop()
  return { ...view, asked }
}
const notesOf = (rows: ViewRow[], owner: string): unknown[] =>
  rows.filter(row => row.ownerName === owner).map(({ value }) => value['note'])

const nested = (depth: number): unknown => Array.from({ length: depth }).reduce(inner => [inner], 'x')
const TEXTS = [
  '<script>alert(1)</script><img src=https://tracker.example/p.gif onerror=alert(2)>',
  'javascript:alert(1)',
  '\u202Etxt.exe\u0000\u0007\uFEFF',
  '\uD800',
  '${7*7}{{7*7}}%s%n',
  'https://tracker.example/?q=1',
  'x'.repeat(300_000),
]
const ODD: unknown[] = [
  null,
  true,
  -1.5,
  1e308,
  '',
  [],
  {},
  [[]],
  [null],
  { ref: '../../account.alv' },
  { value: {}, unit: [] },
  { start: 5, end: {} },
  ...TEXTS,
]
describe('[A27] a granted member’s records', () => {
  test.each(kinds.map(({ name }) => name))(
    'of kind %s with odd values in every property are shown as they are, or not, and hide nobody else’s',
    async kind => {
      const properties = Object.keys(kindOf(kind)!.properties)
      await bobWrites(ODD.map(value => cell(Object.fromEntries(properties.map(name => [name, value])), { kind })))
      const { rows, problems } = await carolSees()
      expect(notesOf(rows, 'alice')).toContain('MMR')
      expect(problems).toEqual([])
      expect(rows.length).toBeGreaterThan(ODD.length)
      for (const { label, date, value } of rows) {
        expect([typeof label, date === null || typeof date === 'string']).toEqual(['string', true])
        expect(JSON.parse(JSON.stringify(value))).toEqual(value)
      }
      await carolSees({ text: 'mmr', order: 'date' })
    },
  )

  test('of kinds that are none, named as what every object has, are shown or not, and hide nobody else’s', async () => {
    const names = ['', 'Nope', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '\u0000', 'x'.repeat(10_000)]
    await bobWrites([
      ...names.map(kind => cell({ note: kind }, { kind })),
      cell(
        JSON.parse(
          '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}, "note": "proto"}',
        ),
      ),
    ])
    const { rows } = await carolSees()
    expect(notesOf(rows, 'alice')).toContain('MMR')
    expect(notesOf(rows, 'bob')).toEqual(expect.arrayContaining(['of bob', 'proto']))
    expect(({} as { polluted?: boolean }).polluted).toBe(undefined)
    expect(rows.filter(({ value }) => (value as { polluted?: boolean }).polluted)).toEqual([])
  })

  test.each([
    ['nested too deeply to walk', [cell({ note: nested(2000) })]],
    ['of a time that no date can say', [cell({ note: 'late' }, { stamp: Number.MAX_SAFE_INTEGER })]],
  ])('%s are refused, theirs alone', async (_, writes) => {
    await bobWrites(writes)
    const { rows, problems } = await carolSees()
    expect(notesOf(rows, 'alice')).toContain('MMR')
    expect(problems).toEqual([{ owner: at.bob.vault.owner, code: 'tampered' }])
  })

  test('in a great number, each of them large, are shown, and the others’ too', async () => {
    await bobWrites(Array.from({ length: 20_000 }, (_, i) => cell({ note: `row ${i}` })))
    const { rows } = await carolSees()
    expect(notesOf(rows, 'alice')).toContain('MMR')
    expect(notesOf(rows, 'bob')).toHaveLength(20_001)
  })

  test('that refer to each other in circles, or to nothing, are rows like any', async () => {
    const [a, b] = [toHex(random(16)), toHex(random(16))]
    await bobWrites([
      cell({ person: { ref: a }, relative: { ref: b } }, { record: a, kind: 'Relationship' }),
      cell({ person: { ref: b }, relative: { ref: a } }, { record: b, kind: 'Relationship' }),
    ])
    expect((await carolSees()).rows.filter(({ kind }) => kind === 'Relationship')).toHaveLength(2)
  })
})

test('[A21] no text, reference or address in a record makes its reader ask for anything', async () => {
  const usual = (await carolSees()).asked
  at.back()
  const url = 'https://tracker.example/p.gif'
  await bobWrites([
    ...TEXTS.slice(0, -1).map(note => cell({ note })),
    cell({ note: { '@id': url }, photo: url, url, source: { mediaType: 'text/html', text: `<img src="${url}">` } }),
    cell({ content: { type: 'blob', key: url, blob: url, size: 1, name: url, mediaType: 'image/png', parts: [] } }),
  ])
  const { asked, rows } = await carolSees()
  expect(rows.length).toBeGreaterThan(7)
  expect(asked.sort()).toEqual(usual.sort())
})

test('[A27] what only says that it is a file is a value like any, for who reads it and who tidies', async () => {
  const page = { folder: 'f', name: 'n', hash: 'h' }
  const good = { type: 'blob', key: 'k', blob: 'b', size: 1, name: 'n', mediaType: 'image/png' }
  const others = [
    { type: 'blob' },
    { type: 'blob', key: 'k' },
    ...Object.keys(good).map(name => ({ ...good, [name]: { toString: 1 } })),
    { ...good, parts: 5 },
    { ...good, parts: { 0: page } },
    { ...good, parts: [null] },
    { ...good, parts: [{ folder: 'f' }] },
    { ...good, page: 'x' },
  ]
  await bobWrites(others.map(content => cell({ content, note: 'said' }, { kind: 'File' })))
  const { rows } = await carolSees()
  const said = rows.filter(({ value }) => value['note'] === 'said')
  expect(said).toHaveLength(others.length)
  for (const { value } of said) expect(isBlob(value['content'])).toBe(false)
  const own = await reopen(at.carol)
  const { id } = await own.collections.create('Health')
  for (const content of others) await own.records.put('File', { content }, { collection: id })
  await own.collections.tidy()
  expect((await own.verify()).problems).toEqual([])
  for (const { value } of await Array.fromAsync(own.records.query())) expect(isBlob(value['content'])).toBe(false)
})

describe('[A27] a reference to a file that is none', () => {
  const good = (): BlobRef => ({
    type: 'blob',
    blob: toBase64Url(random(16)),
    key: toBase64Url(random(32)),
    size: 5,
    mediaType: 'text/plain',
    name: 'a',
    parts: [{ folder: toBase64Url(random(16)), name: toBase64Url(random(16)), hash: toBase64Url(random(32)) }],
  })
  const part = good().parts![0]!
  const others: Record<string, unknown>[] = [
    { size: -1 },
    { size: 1e300 },
    { size: '5' },
    { size: null },
    { key: '' },
    { key: 5 },
    { key: toBase64Url(random(100)) },
    { key: '!' },
    { blob: null },
    { blob: {} },
    { parts: {} },
    { parts: 'abc' },
    { parts: [null] },
    { parts: [{}] },
    { parts: [{ ...part, hash: undefined }] },
    { parts: [{ ...part, hash: 5 }] },
    { parts: [{ ...part, name: [part.name] }] },
    { parts: [{ ...part, folder: '..' }] },
    { parts: undefined },
    { parts: undefined, page: {} },
    { parts: undefined, page: { ...part, hash: null } },
    { parts: undefined, page: 'x' },
  ]

  test.each(others)('%j: refused with a code, whole or by range', async other => {
    const pod = at.alice.around.pod
    const container = `${pod.storage}alveole/c/${'A'.repeat(22)}/`
    const ref = { ...good(), ...other } as BlobRef
    for (const named of [ref.parts?.[0], ref.page])
      if (typeof named?.name === 'string')
        at.host.replace(`${container}${named.folder}/${named.name}.alv`, new Uint8Array(200))
    for (const range of [undefined, { start: 0, end: 3 }]) {
      const got = await orCode(async () => new Response(openBlob({ pod, container }, ref, range)).bytes())
      expect(got).toEqual({ code: 'tampered' })
    }
  })
})
