/** Every row of the table of attacks, A1 to A37, has tests that bear its name. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROWS = 37
const folders = [import.meta.dirname, join(import.meta.dirname, '../core')]

test('every attack is tried', () => {
  const files = folders.flatMap(folder => readdirSync(folder).map(name => join(folder, name)))
  const tests = files.filter(file => file.endsWith('.test.ts') && !file.endsWith('rows.test.ts'))
  const text = tests.map(file => readFileSync(file, 'utf8')).join('\n')
  const missing = Array.from({ length: ROWS }, (_, i) => `[A${i + 1}]`).filter(row => !text.includes(row))
  expect(missing).toEqual([])
})
