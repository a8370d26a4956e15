/** Safe by default: loopback only, cookies of our own pages only, headers that apps need, a quiet and complete stop. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, inject, test } from 'vitest'
import { startPod } from '../../pod-server/pod.ts'
import { newAccount, signIn } from '../accounts.ts'

const base = inject('pod')
const { port, origin } = new URL(base)

const answers = (host: string): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(Number(port), host)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

test('listens on 127.0.0.1 and nowhere else', async () => {
  expect(await answers('127.0.0.1')).toBe(true)
  const others = Object.values(networkInterfaces()).flatMap(list => list?.map(({ address }) => address) ?? [])
  for (const address of ['127.0.0.2', '::1', ...others].filter(other => other !== '127.0.0.1')) {
    expect([address, await answers(address)]).toEqual([address, false])
  }
})

test('listens where it is told to', async () => {
  const data = await mkdtemp(join(tmpdir(), 'alveole-host-'))
  const pod = await startPod({ port: 0, data, host: '127.0.0.2', quiet: true })
  const response = await fetch(pod.url.replace('localhost', '127.0.0.2'), { headers: { host: new URL(pod.url).host } })
  expect(response.status).toBeLessThan(500)
  await pod.stop()
  await rm(data, { recursive: true })
})

describe('the account API', () => {
  const json = { accept: 'application/json', 'content-type': 'application/json' }

  /** Whether the account's own controls are shown: they are to its owner only. */
  const isOwner = async (headers: Record<string, string>): Promise<boolean> => {
    const response = await fetch(`${base}.account/`, { headers: { accept: 'application/json', ...headers } })
    const { controls } = (await response.json()) as { controls: { account: { pod?: string } } }
    return controls.account.pod !== undefined
  }

  const login = async (): Promise<string> => {
    const { email, password } = await newAccount(base, 'alice')
    const body = JSON.stringify({ email, password })
    const response = await fetch(`${base}.account/login/password/`, { method: 'POST', headers: json, body })
    return response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  }

  test('takes the cookie from its own pages, not from another origin', async () => {
    const cookie = await login()
    expect(cookie).toMatch(/^css-account=/)
    expect(await isOwner({ cookie })).toBe(true)
    expect(await isOwner({ cookie, origin })).toBe(true)
    for (const foreign of ['http://localhost:1', 'http://evil.localhost', 'https://evil.example', 'null']) {
      expect([foreign, await isOwner({ cookie, origin: foreign })]).toEqual([foreign, false])
    }
  })

  test('refuses to change anything for a foreign page', async () => {
    const headers = { ...json, cookie: await login(), origin: 'http://localhost:1' }
    const index = await fetch(`${base}.account/`, { headers: { accept: 'application/json', cookie: headers.cookie } })
    const { controls } = (await index.json()) as { controls: { account: { pod: string } } }
    const response = await fetch(controls.account.pod, { method: 'POST', headers, body: '{"name":"stolen"}' })
    expect(response.status).toBe(401)
  })

  test('takes a token from any page', async () => {
    const { email, password } = await newAccount(base, 'alice')
    const headers = { ...json, origin: 'https://app.example' }
    const body = JSON.stringify({ email, password })
    const response = await fetch(`${base}.account/login/password/`, { method: 'POST', headers, body })
    const { authorization } = (await response.json()) as { authorization: string }
    expect(await isOwner({ authorization: `CSS-Account-Token ${authorization}`, origin: 'https://app.example' })).toBe(
      true,
    )
  })
})

test('apps of other origins see the headers they need', async () => {
  const response = await fetch(`${base}x`, { headers: { origin: 'https://app.example' } })
  expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example')
  const exposed = response.headers.get('access-control-expose-headers')?.split(',')
  expect(exposed).toEqual(expect.arrayContaining(['ETag', 'Link', 'Location', 'WAC-Allow']))
})

test('a second start on the same folder finds accounts, pods and credentials', async () => {
  const data = await mkdtemp(join(tmpdir(), 'alveole-restart-'))
  const first = await startPod({ port: 0, data, quiet: true })
  const alice = await newAccount(first.url, 'alice')
  const url = `${alice.pod}note`
  const put = await alice.fetch(url, {
    method: 'PUT',
    headers: { 'content-type': 'application/vnd.alveole' },
    body: 'x',
  })
  await first.stop()
  const second = await startPod({ port: Number(new URL(first.url).port), data, quiet: true })
  const session = await signIn(second.url, alice.clientId, alice.clientSecret)
  const read = await session.fetch(url)
  expect([read.status, await read.text()]).toEqual([200, 'x'])
  expect(read.headers.get('etag')).toBe(put.headers.get('etag'))
  expect(read.headers.get('content-type')).toBe('application/vnd.alveole')
  await second.stop()
  await rm(data, { recursive: true })
})

test('a stopped server lets the process end, open sockets or not', async () => {
  const data = await mkdtemp(join(tmpdir(), 'alveole-stop-'))
  const script = `
    import { connect } from 'node:net'
    import { startPod } from ${JSON.stringify(new URL('../../pod-server/pod.ts', import.meta.url).href)}
    const pod = await startPod({ port: 0, data: ${JSON.stringify(data)}, quiet: true })
    await (await fetch(pod.url + '.account/')).text()
    connect(Number(new URL(pod.url).port), '127.0.0.1').on('error', () => {}).unref()
    const at = performance.now()
    await pod.stop()
    process.on('exit', () => console.log(performance.now() - at))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000)
  const output: string[] = []
  child.stdout.on('data', (text: Buffer) => output.push(text.toString()))
  expect(await once(child, 'close')).toEqual([0, null])
  clearTimeout(timer)
  expect(Number(output.join(''))).toBeLessThan(5000)
  await rm(data, { recursive: true })
})
