/** `alveole rm --erase` and `revoke --rewrap` where the server fails on the way, as a person meets it. */
import { mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPod, type Pod } from '../../pod-server/pod.ts'
import { member, run } from './alveole.ts'

let data: string
let server: Pod
let alice: Awaited<ReturnType<typeof member>>

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'alveole-erase-'))
  server = await startPod({ port: 0, data, quiet: true })
  alice = await member(server.url, 'alice')
  const files = ['one', 'two', 'three', 'four'].map(name => join(alice.folder, `${name}.txt`))
  for (const path of files) await writeFile(path, `note of ${path}`)
  const { code, stderr } = await alice.alveole('import', ...files, '--into', 'Notes')
  if (code !== 0) throw new Error(`import: ${code} ${stderr}`)
}, 300_000)
afterAll(() => server.stop())

const flags = (): string[] => [
  '--profile',
  join(alice.folder, 'profile'),
  '--unlock-file',
  join(alice.folder, 'unlock'),
]
const env = { NODE_OPTIONS: `--import ${join(import.meta.dirname, 'failing-deletes.ts')}` }
const rows = async (): Promise<{ id: string }[]> => (await alice.alveole('list')).json as { id: string }[]
/** Parts of files, as they lie on the server's disk. */
const parts = async (): Promise<string[]> =>
  (await readdir(data, { recursive: true })).filter(path => /\/c\/[\w-]{22}\/[\w-]{22}\/[\w-]{22}\.alv/.test(path))

test('rm --erase says that the server failed; the record is gone from lists, its file from the disk by the next command', async () => {
  const [one] = await rows()
  expect(await parts()).toHaveLength(4)
  const failed = await run(['rm', one!.id, '--erase', ...flags()], { env })
  expect(failed).toMatchObject({ code: 5, stdout: Buffer.from('') })
  expect(failed.stderr).toMatch(/^alveole: /)
  expect(await parts()).toHaveLength(4)
  expect(await rows()).toHaveLength(3)
  expect(await parts()).toHaveLength(3)
})

test('the same line again names the record, and deletes what is left', async () => {
  const [two] = await rows()
  expect(await run(['rm', two!.id, '--erase', ...flags()], { env })).toMatchObject({ code: 5 })
  expect(await alice.alveole('rm', two!.id, '--erase')).toMatchObject({ code: 0, json: { removed: two!.id } })
  expect(await parts()).toHaveLength(2)
  expect(await alice.alveole('rm', two!.id)).toMatchObject({ code: 3 })
  expect(await alice.alveole('rm', '0'.repeat(32), '--erase')).toMatchObject({ code: 3 })
})
