/** The command line on a machine that keeps what it fetched: fewer requests, and none at all with the server gone. */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPod, type Pod } from '../../pod-server/pod.ts'
import { member, run } from './alveole.ts'

let data: string
let server: Pod
let alice: Awaited<ReturnType<typeof member>>

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'alveole-offline-'))
  server = await startPod({ port: 0, data, quiet: true })
  alice = await member(server.url, 'alice')
  for (const name of ['one', 'two']) await writeFile(join(alice.folder, `${name}.txt`), `note ${name}`)
  const files = ['one', 'two'].map(name => join(alice.folder, `${name}.txt`))
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
/** The pod's own resources that a command asks for. */
async function askedBy(...args: string[]): Promise<string[]> {
  const log = join(alice.folder, 'requests')
  await writeFile(log, '')
  const env = {
    ALVEOLE_TEST_REQUESTS: log,
    NODE_OPTIONS: `--import ${join(import.meta.dirname, 'watched-fetch.ts')}`,
  }
  expect(await run([...args, ...flags(), '--json'], { env })).toMatchObject({ code: 0 })
  const lines = (await readFile(log, 'utf8')).split('\n')
  return lines.filter(line => line.includes(alice.pod))
}
const listed = async (): Promise<{ id: string; label: string; pending?: true }[]> =>
  (await alice.alveole('list')).json as { id: string; label: string; pending?: true }[]

test('a second list asks one question, on the real server', async () => {
  await askedBy('list')
  const again = await askedBy('list')
  expect(again, again.join('\n')).toHaveLength(1)
  expect(again[0]).toMatch(/^GET .*account\.alv$/)
})

test('with the server gone list works, says so, and a deletion waits until it is back', async () => {
  const [record] = await listed()
  const port = Number(new URL(server.url).port)
  await server.stop()
  expect((await listed()).length).toBe(2)
  const shown = await run(['list', ...flags()], { env: { LANG: 'fr_FR' } })
  expect(shown).toMatchObject({ code: 0, stderr: expect.stringContaining('Le serveur ne répond pas') })
  const removed = await run(['rm', record!.id, ...flags()], {})
  expect(removed).toMatchObject({ code: 0, stderr: expect.stringContaining('Changes not sent yet: 1') })
  expect((await listed()).length).toBe(1)
  const [waiting] = (await alice.alveole('outbox')).json as { id: string }[]
  expect(waiting).toMatchObject({ collection: 'Notes', records: [record!.id], problem: null })
  expect(await alice.alveole('outbox', 'discard', '999')).toMatchObject({ code: 3 })
  expect(await alice.alveole('outbox', 'discard', waiting!.id)).toMatchObject({ json: { discarded: waiting!.id } })
  expect((await listed()).length).toBe(2)
  expect((await alice.alveole('outbox')).json).toEqual([])
  expect(await alice.alveole('rm', record!.id)).toMatchObject({ code: 0 })
  expect(await alice.alveole('group', 'found', 'Others')).toMatchObject({ code: 5 })

  server = await startPod({ port, data, quiet: true })
  const back = await run(['list', ...flags()], {})
  expect(back).toMatchObject({ code: 0, stderr: '' })
  expect((await listed()).length).toBe(1)
  expect((await alice.alveole('verify')).json).toMatchObject({ problems: [] })
})
