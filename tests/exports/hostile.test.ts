/** An export is somebody's word: what it says wrongly is told with its place, and nothing of it gets in (A27). */
import { beforeAll, describe, expect, test } from 'vitest'
import type { SourceFile } from '#core'
import { sourceFile } from '../formats/read.ts'
import { reopen, world, type Member } from '../core/world.ts'
import { exported, folderOf, jsonOf, textOf, type Files, type Listed } from './exported.ts'

let bob: Member
let back: () => void
let files: Files
let record: string
let stored: string

beforeAll(async () => {
  const around = world()
  const alice = await around.member('alice')
  bob = await around.member('bob')
  await bob.vault.settle()
  back = around.save(bob.around.store)
  await alice.vault.import([sourceFile('a.txt', 'one'), sourceFile('b.txt', 'two')])
  files = await exported(alice.vault)
  const paths = [...files.keys()]
  record = paths.find(path => path.endsWith('.record.json'))!
  stored = (JSON.parse(textOf(files, record)) as { files: { path: string }[] }).files[0]!.path
})

async function imported(of: Files | SourceFile[]) {
  back()
  const vault = await reopen(bob)
  const report = await vault.import(Array.isArray(of) ? of : folderOf(of))
  const kept = await Array.fromAsync(vault.records.query())
  return { ...report.files[0]!, total: report.total, reports: report.files.length, kept: kept.length }
}

const encoded = (json: unknown) => Buffer.from(JSON.stringify(json))
const manifest = (edit: (of: Listed) => unknown): Files => {
  const told = jsonOf(files, 'alveole.json')
  return new Map(files).set('alveole.json', encoded(edit(told) ?? told))
}
type ListedFile = Listed['collections'][number]['files'][number]
const listed = (edit: (of: ListedFile, at: string) => void, path = stored): Files =>
  manifest(told => {
    const found = told.collections[0]!.files.find(one => one.path === path)!
    edit(found, path)
  })

/** A record's file, with the manifest's word that it is so. */
async function retold(edit: (of: RecordFile) => unknown): Promise<Files> {
  const told = JSON.parse(textOf(files, record)) as RecordFile
  const bytes = encoded(edit(told) ?? told)
  const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')
  return new Map(listed(of => Object.assign(of, { size: bytes.length, sha256 }), record)).set(record, bytes)
}
interface RecordFile {
  id: string
  kind: string
  modified: string
  value: Record<string, unknown>
  files: { at: string; path: string }[]
}

describe('nothing of it is imported where', () => {
  const cases: [string, () => Files, string][] = [
    [
      'the manifest is cut',
      () => new Map(files).set('alveole.json', files.get('alveole.json')!.slice(0, 300)),
      'syntax',
    ],
    ['it is of another version', () => manifest(told => Object.assign(told, { version: 2 })), 'not-restorable'],
    ['it is of no known form', () => manifest(told => Object.assign(told, { form: 'turtle' })), 'not-restorable'],
    ['it is RDF without a document', () => manifest(told => Object.assign(told, { form: 'nquads' })), 'not-restorable'],
    ['a path leads upwards', () => listed(of => (of.path = '../../etc/passwd')), 'bad-path'],
    ['a path is absolute', () => listed(of => (of.path = '/etc/passwd')), 'bad-path'],
    ['a path is of Windows', () => listed(of => (of.path = 'C:\\secret')), 'bad-path'],
    ['a path has a step without a name', () => listed(of => (of.path = 'a//b')), 'bad-path'],
    ['a path is there twice', () => listed(of => (of.path = record)), 'same-id'],
    ['a size is below zero', () => listed(of => (of.size = -1)), 'wrong-type'],
    ['a size is not whole', () => listed(of => (of.size = 1.5)), 'wrong-type'],
    ['a hash is no hash', () => listed(of => (of.sha256 = 'x')), 'wrong-type'],
    ['an id is no id', () => listed(of => (of.record!.id = '__proto__'), record), 'wrong-type'],
    ['a folder has no name', () => manifest(told => void (told.collections[0]!.name = ' ')), 'wrong-type'],
    ['folders are no list', () => manifest(told => Object.assign(told, { collections: {} })), 'wrong-type'],
    ['a folder is null', () => manifest(told => Object.assign(told, { collections: [null] })), 'wrong-type'],
  ]
  test.each(cases)('%s', async (_, of, reason) => {
    expect(await imported(of())).toMatchObject({
      format: 'alveole',
      total: 0,
      kept: 0,
      reports: 1,
      problems: [{ reason }],
    })
  })
})

describe('the record is left out, and the others come in, where', () => {
  const cases: [string, () => Files | Promise<Files>, string][] = [
    ['a file is altered', () => new Map(files).set(stored, Buffer.from('eno')), 'altered'],
    ['a file is longer', () => new Map(files).set(stored, Buffer.from('one and more')), 'altered'],
    ['a file says to be longer', () => listed(of => (of.size = 1e15)), 'altered'],
    ['a file is missing', () => without(stored), 'missing-target'],
    ['its own file is missing', () => without(record), 'missing-target'],
    [
      'it is altered',
      () => new Map(files).set(record, Buffer.from(textOf(files, record).replace('File', 'Film'))),
      'altered',
    ],
    ['it is another than the manifest says', () => retold(of => void (of.id = 'f'.repeat(32))), 'altered'],
    ['it is of no kind', () => retold(of => Object.assign(of, { kind: 'constructor' })), 'altered'],
    ['it has a property of no kind', () => retold(of => void (of.value['toString'] = 1)), 'no-such-kind'],
    [
      'it has a prototype',
      () =>
        retold(of => JSON.parse(JSON.stringify(of).replace('"value":{', '"value":{"__proto__":{"x":1},')) as unknown),
      'no-such-kind',
    ],
    [
      'it names a file by a key',
      () => retold(of => void (of.value['content'] = { type: 'blob', key: 'x', blob: 'y' })),
      'wrong-type',
    ],
    ['it is of no day', () => retold(of => void (of.modified = 'yesterday')), 'wrong-type'],
    ['it is nested without end', () => retold(of => void (of.value['name'] = nest(40))), 'too-deep'],
    ['it is no object', () => retold(() => 'text'), 'syntax'],
    ['it names no list of files', () => retold(of => Object.assign(of, { files: 1 })), 'wrong-type'],
    [
      'it has a file of another place',
      () => retold(of => void (of.files[0]!.path = '../../etc/passwd')),
      'missing-target',
    ],
    ['it has a file that is a record', () => retold(of => void (of.files[0]!.path = record)), 'missing-target'],
    ['two files go to one place', () => retold(of => void of.files.push({ ...of.files[0]!, path: '' })), 'same-id'],
    [
      'it has one file twice',
      () =>
        retold(of => {
          of.value['name'] = null
          of.files.push({ ...of.files[0]!, at: '/name' })
        }),
      'same-id',
    ],
    ['a file goes where nothing is', () => retold(of => void (of.files[0]!.at = '/toString/name')), 'wrong-type'],
    ['a file goes to a prototype', () => retold(of => void (of.files[0]!.at = '/__proto__')), 'wrong-type'],
    ['a file goes over a value', () => retold(of => void (of.files[0]!.at = '/name')), 'wrong-type'],
  ]
  test.each(cases)('%s', async (_, of, reason) => {
    const { problems, ...rest } = await imported(await of())
    expect(rest).toMatchObject({ total: 1, kept: 1, reports: 1 })
    expect(problems.map(problem => problem.reason)).toEqual([reason])
    expect(Object.getPrototypeOf({})).not.toHaveProperty('x')
  })
})

const nest = (levels: number): unknown => (levels ? [nest(levels - 1)] : 1)
function without(path: string): Files {
  const fewer = new Map(files)
  fewer.delete(path)
  return fewer
}

test('a folder whose export did not finish is files like any others', async () => {
  const { reports, format } = await imported(without('alveole.json'))
  expect([reports > 1, format]).toEqual([true, 'file'])
})

test('what stands beside an export and is not of it is imported too', async () => {
  const more = new Map(files).set('Files/extra.txt', Buffer.from('extra'))
  expect(await imported(more)).toMatchObject({ total: 3, kept: 3, reports: 2 })
})
