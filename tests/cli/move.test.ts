/** `alveole move`, from one real server to another, and what the other devices of the person make of it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { startPod } from '../../pod-server/pod.ts'
import { member, run, type Run } from './alveole.ts'

let ana: Awaited<ReturnType<typeof member>>
let other: Awaited<ReturnType<typeof startPod>>
let data: string
let line: string[]

const ok = (run: Run): Run => {
  expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' })
  return run
}
const labels = (run: Run): string[] => (ok(run).json as { label: string }[]).map(({ label }) => label).toSorted()

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'alveole-move-'))
  ;[ana, other] = await Promise.all([member(inject('pod'), 'ana'), startPod({ port: 0, data, quiet: true })])
  await writeFile(join(ana.folder, 'a.txt'), 'one')
  await writeFile(join(ana.folder, 'b.txt'), 'two')
  ok(await ana.alveole('import', join(ana.folder, 'a.txt')))
  const [email, password] = [`${ana.name}@elsewhere.example`, join(ana.folder, 'password')]
  line = ['move', '--server', other.url, '--email', email, '--password-file', password, '--name', ana.name]
})
afterAll(async () => {
  await other.stop()
  await rm(data, { recursive: true, force: true })
})

describe('move', () => {
  test('says what it lacks', async () => {
    expect((await ana.alveole('move', '--server', other.url)).code).toBe(2)
  })

  test('keeps the WebID and everything, and says where it is now; again, it is done already', async () => {
    const expected = { webId: ana.webId, pod: `${other.url}${ana.name}/`, from: ana.pod }
    expect(ok(await ana.alveole(...line)).json).toEqual(expected)
    expect(labels(await ana.alveole('list'))).toEqual(['a.txt'])
    expect(ok(await ana.alveole('doctor')).json).toEqual({
      webId: ana.webId,
      pod: expected.pod,
      problems: [],
      repaired: [],
      garbage: [],
    })
    const again = await ana.alveole(...line)
    expect([again.code, again.json]).toEqual([0, { ...expected, from: expected.pod }])
  })

  test('is followed by a new machine, and by one that did not hear of it', async () => {
    const at = (name: string): string[] => ['--profile', join(ana.folder, name)]
    const unlock = ['--unlock-file', join(ana.folder, 'unlock'), '--json']
    const login = ok(await run(['login', ...ana.account, ...at('second'), ...unlock]))
    expect(login.json).toEqual({ webId: ana.webId, pod: `${other.url}${ana.name}/` })
    const file = join(ana.folder, 'profile', 'session.json')
    const session = JSON.parse(await readFile(file, 'utf8')) as object
    await writeFile(file, JSON.stringify({ ...session, pod: ana.pod })) // as of before the move
    ok(await ana.alveole('import', join(ana.folder, 'b.txt')))
    expect(labels(await ana.alveole('list'))).toEqual(['a.txt', 'b.txt'])
    expect(await readFile(file, 'utf8')).toContain(other.url)
  })
})
