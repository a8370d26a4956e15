/**
 * What a lock leaves behind: of a program that had a vault open, busy and with work under way, all that it can still reach is
 * written down before and after, buffers, strings and libsodium's own memory, and searched for every key it ever used.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromHex } from '#crypto'
import { LOOKED_AT, readHeap } from './heap.ts'
import { saveLivedIn, TEXTS } from './lived-in.ts'
import { notedIn, readNotes } from './note.ts'
import { Search } from './search.ts'

const folder = mkdtempSync(join(tmpdir(), 'alveole-lock-'))
const at = (name: string): string => join(folder, name)
const RECORD = join(import.meta.dirname, 'record.ts')
const PROGRAM = join(import.meta.dirname, 'locked.ts')

/** What a vault that is open and in use holds, by what it is the key of. */
const HELD = [
  'account state', // the account generation
  'facet root', // an epoch
  'manifest key',
  'section table', // a segment
  'blob part',
  'group key', // the secret of a circle's epoch
  'record id', // the account's secret
  'join request mac', // an invitation
].map(use => `alveole/1 ${use}`)

let search: Search
let outcomes: string[]

beforeAll(async () => {
  const { password, kit, link } = await saveLivedIn(at('saved'))
  writeFileSync(at('password'), password)
  writeFileSync(at('letter'), TEXTS.letter)
  mkdirSync(at('heap'))
  const args = ['--import', RECORD, ...LOOKED_AT, PROGRAM, at('saved'), at('password'), at('letter'), at('heap')]
  const env = { ...process.env, ...notedIn(at('notes')) }
  const { stdout } = await promisify(execFile)(process.execPath, args, { env })
  outcomes = (JSON.parse(stdout) as { outcomes: string[] }).outcomes
  const keys = readNotes(at('notes')).filter(({ what }) => what === 'key')
  search = new Search([
    ...keys.map(({ use, value }) => [use, fromHex(value)] as const),
    ...Object.entries(TEXTS),
    ['password', password],
    ['kit', kit.slice(0, 6).join(' ')],
    ['invitation', link.slice(link.indexOf('#') + 1)],
  ])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function foundIn(name: 'before' | 'after'): string[] {
  const { buffers, strings } = readHeap(at(join('heap', name)))
  return [...search.in(buffers), ...search.in(strings)]
}

test('an open vault’s keys and contents are found in the memory of its program', () => {
  const found = foundIn('before').map(name => name.split(', ')[0])
  for (const use of [...HELD, 'signing seed', 'kem seed', ...Object.keys(TEXTS)]) expect(found).toContain(use)
})

test('whatever waits for an answer fails with `locked`', () => {
  expect(outcomes.length).toBeGreaterThan(8)
  expect(new Set(outcomes)).toEqual(new Set(['locked']))
})

test('once it is locked, none is', () => {
  expect(foundIn('after')).toEqual([])
})
