/** Objects kept in a folder, against the port's acceptance suite; then what only a disk does. */
import { mkdtemp, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sqliteObjects } from '../../client/node/object-store.ts'
import { objectStoreContract, optionsOf } from '../object-store-contract.ts'

const emptyFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'alveole-objects-'))

objectStoreContract('a folder', async () => {
  const folder = await emptyFolder()
  return { open: async options => sqliteObjects(folder, optionsOf(options)) }
})

test('its files are for their owner alone, and name no URL', async () => {
  const folder = join(await emptyFolder(), 'device')
  await sqliteObjects(folder).put('https://pod.example/alveole/account.alv', new Uint8Array(5000))
  const files = await readdir(folder)
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) {
    expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600)
    expect((await readFile(join(folder, file))).includes('pod.example')).toBe(false)
  }
})

test.each([
  ['is no database', (file: string) => writeFile(file, 'x'.repeat(20_000))],
  ['was cut', (file: string) => truncate(file, 5000)],
])('where the file %s it begins anew', async (_, damage) => {
  const folder = await emptyFolder()
  const before = sqliteObjects(folder)
  for (let i = 0; i < 50; i++) await before.put(`${i}`, new Uint8Array(4000))
  await damage(join(folder, 'objects.sqlite'))
  await writeFile(join(folder, 'objects.sqlite-wal'), '')
  const store = sqliteObjects(folder)
  for (let i = 0; i < 50; i++) await store.get(`${i}`).catch(() => expect.fail('a cache fails no reading'))
  await store.put('after', new Uint8Array(7))
  expect(await store.get('after')).toEqual(new Uint8Array(7))
})
