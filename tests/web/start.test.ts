/** `npm start` as a person types it: says where to go, serves both halves, stops on Ctrl-C, and says what is in the way. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const start = join(import.meta.dirname, '../../client/start.ts')

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** What it says, as it grows. */
const listen = ({ stdout, stderr }: ChildProcess): { said(): string } => {
  let text = ''
  stdout?.on('data', data => (text += String(data)))
  stderr?.on('data', data => (text += String(data)))
  return { said: () => text }
}

describe('npm start', () => {
  let data: string
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'alveole-start-'))
  })
  afterAll(() => rm(data, { recursive: true }))

  const run = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [start, '--data', data, ...args], {
      env: { ...process.env, LANG: 'en_GB.UTF-8', LC_ALL: '' },
    })

  it('serves the pod and the pages, and stops both on Ctrl-C', async () => {
    const [port, webPort] = [await freePort(), await freePort()]
    const child = run('--port', String(port), '--web-port', String(webPort))
    const { said } = listen(child)
    await expect.poll(said, { timeout: 50_000, interval: 200 }).toContain(`http://localhost:${webPort}/`)
    expect(said()).toContain('Ouvrez cette adresse')
    const config = (await (await fetch(`http://localhost:${webPort}/config.json`)).json()) as { pod: string }
    expect(config.pod).toBe(`http://localhost:${port}/`)
    expect((await fetch(`${config.pod}.account/`)).status).toBe(200)
    const busy = run('--port', String(await freePort()), '--web-port', String(webPort))
    const excuse = listen(busy)
    const [code] = (await once(busy, 'exit')) as [number]
    expect(code).toBe(1)
    expect(excuse.said().trim().split('\n').at(-1)).toBe(
      `alveole: Port ${webPort} is already in use: choose another with --web-port.`,
    )
    child.kill('SIGINT')
    await once(child, 'exit')
    await expect
      .poll(() =>
        fetch(config.pod).then(
          () => true,
          () => false,
        ),
      )
      .toBe(false)
  })

  it('says which option is off', async () => {
    const child = run('--port', 'eighty')
    const { said } = listen(child)
    const [code] = (await once(child, 'exit')) as [number]
    expect(code).toBe(2)
    expect(said()).toContain('--port: “eighty” is not a port.')
  })
})
