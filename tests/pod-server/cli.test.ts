/** `alveole-pod` as a person or a script meets it: one line out, one line of error, exit codes, both languages. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../../pod-server/main.ts', import.meta.url))
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alveole-cli-'))
})

afterAll(() => rm(folder, { recursive: true }))

/** English unless the test says otherwise; the rest of the environment is the caller's. */
const start = (args: string[], env: Record<string, string> = {}) => {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, LC_ALL: 'C', ...env } })
  let out = ''
  let err = ''
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString()
      const url = /^ready (\S+)\n/.exec(out)?.[1]
      if (url) resolve(url)
    })
    child.once('close', () => reject(new Error(err)))
  })
  ready.catch(() => {})
  child.stderr.on('data', (text: Buffer) => {
    err += text.toString()
  })
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }))
  return { child, ready, ended }
}

const data = (name: string): string[] => ['--port', '0', '--data', join(folder, name)]

describe('a server that runs', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('says so, answers, and ends well by %s', async signal => {
    const { child, ready, ended } = start(data(signal))
    const url = await ready
    expect((await fetch(`${url}.account/`)).status).toBe(200)
    child.kill(signal)
    expect(await ended).toEqual({ code: 0, out: `ready ${url}\n`, err: '' })
  })

  test('ignores variables of the environment, CSS_… and NODE_ENV', async () => {
    const { child, ready, ended } = start(data('env'), {
      CSS_PORT: '1',
      CSS_BASE_URL: 'http://elsewhere.example/',
      CSS_CONFIG: '/nowhere.json',
      CSS_LOGGING_LEVEL: 'silly',
      CSS_ROOT_FILE_PATH: '/nowhere',
      NODE_ENV: 'test',
    })
    const url = await ready
    expect(url).toMatch(/^http:\/\/localhost:\d+\/$/)
    expect((await fetch(`${url}.well-known/openid-configuration`)).status).toBe(200)
    child.kill()
    expect(await ended).toEqual({ code: 0, out: `ready ${url}\n`, err: '' })
  })

  test('stands behind the base URL it is given', async () => {
    const { child, ready, ended } = start([...data('base'), '--base-url', 'https://pods.example/at'])
    expect(await ready).toBe('https://pods.example/at/')
    child.kill()
    await ended
  })
})

describe('--seed', () => {
  const seed = async (name: string, content: unknown): Promise<string[]> => {
    const file = join(folder, name)
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
    return ['--seed', file]
  }
  const zoe = { email: 'zoe@example.org', password: 'secret', name: 'zoe' }

  const login = async (url: string): Promise<number> => {
    const headers = { accept: 'application/json', 'content-type': 'application/json' }
    const body = JSON.stringify({ email: zoe.email, password: zoe.password })
    return (await fetch(`${url}.account/login/password/`, { method: 'POST', headers, body })).status
  }

  test('makes accounts with their pods, once', async () => {
    const args = [...data('seeded'), ...(await seed('good.json', [zoe]))]
    for (let time = 0; time < 2; time += 1) {
      const { child, ready, ended } = start(args)
      const url = await ready
      expect(await login(url)).toBe(200)
      expect((await fetch(`${url}zoe/`)).status).toBe(401)
      expect(await (await fetch(`${url}zoe/profile/card`)).text()).toContain('"zoe"')
      child.kill()
      expect((await ended).code).toBe(0)
    }
  })

  test('with the name of a pod that is there already', async () => {
    const args = [...data('seeded'), ...(await seed('clash.json', [{ ...zoe, email: 'other@example.org' }]))]
    expect(await start(args).ended).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(/^alveole-pod: zoe: a pod of that name .*\n$/),
    })
  })

  test.each<[string, unknown, string]>([
    ['not JSON', '[{', 'is not JSON'],
    ['not a list', zoe, 'is not a list'],
    ['no name', [{ email: 'a@b.example', password: 'x' }], '[1]: lacks'],
    ['no e-mail', [zoe, { ...zoe, email: 'nobody' }], '[2]: lacks'],
    ['a number', [3], '[1]: lacks'],
    ['null', [null], '[1]: lacks'],
    ['one e-mail twice', [zoe, { ...zoe, email: 'ZOE@example.org', name: 'b' }], 'an e-mail appears twice'],
    ['one name twice', [zoe, { ...zoe, email: 'b@example.org' }], 'two names make the same pod'],
  ])('%s: one line, 2', async (name, content, message) => {
    const { code, out, err } = await start([...data('bad-seed'), ...(await seed(`${name}.json`, content))]).ended
    expect({ code, out, lines: err.trimEnd().split('\n').length }).toEqual({ code: 2, out: '', lines: 1 })
    expect(err).toContain(message)
  })

  test('a file that is not there', async () => {
    const { code, err } = await start([...data('no-seed'), '--seed', join(folder, 'absent.json')]).ended
    expect([code, err]).toEqual([2, `alveole-pod: ${join(folder, 'absent.json')}: cannot be read\n`])
  })
})

describe('what cannot work', () => {
  test('a taken port', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { code, out, err } = await start(['--port', String(port), '--data', join(folder, 'taken')]).ended
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: `alveole-pod: port ${port} is taken\n` })
    server.close()
  })

  test('a folder that cannot be written', async () => {
    const file = join(folder, 'a-file')
    await writeFile(file, '')
    for (const path of [file, join(file, 'below')]) {
      const { code, err } = await start(['--port', '0', '--data', path]).ended
      expect([code, err]).toEqual([1, `alveole-pod: cannot write in ${path}\n`])
    }
  })

  test('an address of another machine', async () => {
    const { code, err } = await start([...data('host'), '--host', '192.0.2.1']).ended
    expect([code, err]).toEqual([1, 'alveole-pod: cannot listen on 192.0.2.1:0\n'])
  })

  test.each<[string[], string]>([
    [[], '--port is missing; see --help'],
    [['--port', '0'], '--data is missing; see --help'],
    [['--port', '70000', '--data', 'x'], '--port has a value that cannot be used; see --help'],
    [['--port', 'x', '--data', 'x'], '--port has a value that cannot be used; see --help'],
    [['--port'], '--port has a value that cannot be used; see --help'],
    [['--port', '0', '--data', 'x', '--base-url', 'x'], '--base-url has a value that cannot be used; see --help'],
    [['--colour'], '--colour is not an option; see --help'],
    [['words'], 'words is not an option; see --help'],
  ])('%j', async (args, message) => {
    expect(await start(args).ended).toEqual({ code: 2, out: '', err: `alveole-pod: ${message}\n` })
  })
})

test('--help and errors in French, by LC_ALL or LANG', async () => {
  const help = await start(['--help'], { LC_ALL: 'fr_FR.UTF-8' }).ended
  expect(help).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Lance le serveur de pods') })
  expect((await start(['--help']).ended).out).toContain('Runs the pod server')
  expect((await start([], { LC_ALL: '', LANG: 'fr_CA' }).ended).err).toBe(
    'alveole-pod: il manque --port ; voir --help\n',
  )
})
