/** Running it: settings from a file, limits, health, logs that name nobody, and backups that restore what was there. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backup, restore } from '../../pod-server/backup.ts'
import { withoutPersons } from '../../pod-server/components/stderr-logger-factory.ts'
import { Rate } from '../../pod-server/door/rate.ts'
import { startPod } from '../../pod-server/pod.ts'
import type { PodOptions } from '../../pod-server/pod.ts'
import { readSettings } from '../../pod-server/settings.ts'
import { newAccount, signIn } from '../accounts.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alveole-operations-'))
})

afterAll(() => rm(folder, { recursive: true }))

let count = 0
const withPod = async (options: Partial<PodOptions>, use: (url: string, data: string) => Promise<void>) => {
  const data = join(folder, `data-${(count += 1)}`)
  const pod = await startPod({ port: 0, data, quiet: true, ...options })
  try {
    await use(pod.url, data)
  } finally {
    await pod.stop()
  }
}

const main = (args: string[]) => {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../pod-server/main.ts', import.meta.url)), ...args],
    {
      env: { ...process.env, LC_ALL: 'C' },
    },
  )
  const said = { out: '', err: '' }
  child.stdout.on('data', (text: Buffer) => (said.out += text.toString()))
  child.stderr.on('data', (text: Buffer) => (said.err += text.toString()))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, ...said }))
  return { child, said, ended }
}

const settings = async (content: unknown): Promise<string> => {
  const file = join(folder, `settings-${(count += 1)}.json`)
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

describe('--config', () => {
  test('starts by the file alone; the command line wins; requests are logged without who or what', async () => {
    const config = await settings({ port: 1, data: 'configured', requestLog: true, rate: 1000 })
    const { child, said, ended } = main(['--config', config, '--port', '0'])
    while (!said.out.includes('ready')) await wait(50)
    const url = /ready (\S+)/.exec(said.out)?.[1] ?? ''
    expect((await fetch(`${url}health`)).status).toBe(200)
    expect((await fetch(`${url}alice/alveole/c/x/secret.alv?q=secret`)).status).toBe(401)
    while (!said.err.includes('vault')) await wait(50)
    child.kill()
    const { code, err } = await ended
    expect([code, await readdir(join(folder, 'configured'))]).toEqual([0, expect.arrayContaining(['.internal'])])
    const lines = err
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as { request: object })
    expect(lines.map(({ request: one }) => one)).toMatchObject([
      { method: 'GET', kind: 'health', status: 200, whole: true },
      { method: 'GET', kind: 'vault', status: 401, whole: true },
    ])
    for (const secret of ['alice', 'secret', '127.0.0.1']) expect(err).not.toContain(secret)
  })

  test.each<[string, unknown, string]>([
    ['not JSON', '{', 'is not JSON'],
    ['a list', [], 'is not a JSON object'],
    ['an unknown name', { prot: 1 }, '"prot": is not a setting'],
    ['a name of all objects', '{"toString": 1}', '"toString": is not a setting'],
    ['a port', { port: 70_000 }, '"port": has a value'],
    ['a size', { quota: '10 GB' }, '"quota": has a value'],
    ['half a certificate', { tls: { cert: 'x' } }, '"tls": has a value'],
    ['an address', { baseUrl: 'pods.example' }, '"baseUrl": has a value'],
  ])('%s: one line, 2', async (_, content, message) => {
    const { code, out, err } = await main(['--config', await settings(content)]).ended
    expect([code, out, err.trimEnd().split('\n').length]).toEqual([2, '', 1])
    expect(err).toContain(message)
  })

  test('paths are from where the file stands', async () => {
    const file = await settings({ data: 'pods', tls: { cert: 'a.pem', key: '/b.pem' } })
    expect(await readSettings(file)).toEqual({
      data: join(folder, 'pods'),
      tls: { cert: join(folder, 'a.pem'), key: '/b.pem' },
    })
  })
})

describe('limits', () => {
  test('a pod holds its quota and no more; what is deleted makes room', async () => {
    await withPod({ quota: 300_000 }, async url => {
      const { pod, fetch: as } = await newAccount(url, 'alice')
      const put = async (name: string, bytes: number): Promise<number> => {
        const init = { method: 'PUT', headers: { 'content-type': 'application/vnd.alveole' }, body: 'x'.repeat(bytes) }
        return (await as(pod + name, init)).status
      }
      expect(await put('a.alv', 200_000)).toBe(201)
      expect(await put('b.alv', 200_000)).toBe(507)
      expect((await as(`${pod}b.alv`)).status).toBe(404)
      expect(await put('a.alv', 220_000)).toBe(205)
      expect(await put('a.alv', 400_000)).toBe(507)
      expect((await (await as(`${pod}a.alv`)).text()).length).toBe(220_000)
      expect((await as(`${pod}a.alv`, { method: 'DELETE' })).status).toBe(205)
      expect(await put('b.alv', 200_000)).toBe(201)
    })
  })

  test('a body that is too long is refused, said or not, and nothing of it stays', async () => {
    await withPod({ maxBody: 100_000 }, async (url, data) => {
      const { pod, fetch: as } = await newAccount(url, 'alice')
      const headers = { 'content-type': 'application/vnd.alveole' }
      const said = await as(`${pod}a.alv`, { method: 'PUT', headers, body: 'x'.repeat(100_001) })
      expect(said.status).toBe(413)
      const body = new ReadableStream({
        async pull(controller) {
          await wait(5)
          controller.enqueue(new Uint8Array(20_000))
        },
      })
      const unsaid = await as(`${pod}b.alv`, { method: 'PUT', headers, body, duplex: 'half' } as RequestInit).then(
        response => response.status,
        () => 0,
      )
      expect([413, 0]).toContain(unsaid)
      expect((await as(`${pod}b.alv`)).status).toBe(404)
      expect(await readdir(join(data, '.internal', 'tempFiles'))).toEqual([])
      expect((await as(`${pod}c.alv`, { method: 'PUT', headers, body: 'x'.repeat(100_000) })).status).toBe(201)
    })
  })

  test('who asks too often waits, and is told how long', async () => {
    await withPod({ rate: 20 }, async url => {
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => fetch(`${url}.well-known/openid-configuration`)),
      )
      const refused = answers.filter(({ status }) => status === 429)
      expect(refused.length).toBeGreaterThanOrEqual(18)
      expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
      expect((await fetch(`${url}health`)).status).toBe(200)
    })
  })

  test('a bucket fills again', () => {
    const rate = new Rate(60)
    for (let time = 0; time < 60; time += 1) expect(rate.wait('a', 0)).toBe(0)
    expect([rate.wait('a', 0), rate.wait('b', 0), rate.wait('a', 999), rate.wait('a', 1_000)]).toEqual([1, 0, 1, 0])
    expect(new Rate(0).wait('a', 0)).toBe(0)
  })
})

test('without a proxy nobody is believed about where they are; with one, it is', async () => {
  const ask = async (url: string): Promise<number> => {
    const headers = { 'x-forwarded-host': 'elsewhere.example', 'x-forwarded-proto': 'https' }
    const sent = request(`${url}x.alv`, { headers }).end()
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    answer.resume()
    return answer.statusCode ?? 0
  }
  await withPod({}, async url => expect(await ask(url)).toBe(401))
  await withPod({ proxy: true }, async url => expect(await ask(url)).toBe(500))
})

test('/health tells of a disk that takes nothing, and of the end', async () => {
  await withPod({}, async (url, data) => {
    const health = async () => {
      const response = await fetch(`${url}health`)
      return [response.status, await response.json()]
    }
    expect(await health()).toEqual([200, { status: 'ok' }])
    await rm(data, { recursive: true })
    expect(await health()).toEqual([503, { status: 'unwritable' }])
  })
})

test('what CSS says is logged without persons', () => {
  expect(withoutPersons('Error reading ACL resource http://localhost:1/alice/x.acl: "not" on line 1.')).toBe(
    'Error reading ACL resource <address> "not" on line 1.',
  )
  expect(withoutPersons("ENOTDIR: not a directory, lstat '/var/lib/pods/alice/.acl.meta'")).toBe(
    "ENOTDIR: not a directory, lstat '<path>'",
  )
  expect(withoutPersons('No account for ana@example.org and/or none')).toBe('No account for <e-mail> and/or none')
})

describe('a backup', () => {
  const filled = async (use: (data: string, url: string, secret: { id: string; secret: string }) => Promise<void>) => {
    const data = join(folder, `data-${(count += 1)}`)
    const pod = await startPod({ port: 0, data, quiet: true })
    const alice = await newAccount(pod.url, 'alice')
    const url = `${alice.pod}a/b.alv`
    await alice.fetch(url, { method: 'PUT', headers: { 'content-type': 'application/vnd.alveole' }, body: 'sealed' })
    await pod.stop()
    await use(data, url, { id: alice.clientId, secret: alice.clientSecret })
  }

  const tree = async (root: string): Promise<unknown[]> => {
    const names = (await readdir(root, { recursive: true })).sort()
    const kept = names.filter(name => !/^\.internal\/(?:tempFiles|locks)/.test(name) && name !== 'backup.json')
    return Promise.all(
      kept.map(async name => {
        const found = await stat(join(root, name))
        return found.isFile() ? [name, found.mtimeMs, await readFile(join(root, name), 'latin1')] : [name]
      }),
    )
  }

  test('restored is what was there, byte for byte and date for date, and serves as before', async () => {
    await filled(async (data, url, { id, secret }) => {
      const [copy, again] = [`${data}-copy`, `${data}-again`]
      const { code, out } = await main(['backup', '--data', data, '--to', copy]).ended
      const files = (await tree(data)).filter(entry => (entry as unknown[]).length > 1).length
      expect([code, JSON.parse(out)]).toEqual([0, { files }])
      expect((await main(['restore', '--from', copy, '--data', again]).ended).code).toBe(0)
      expect(await tree(again)).toEqual(await tree(data))
      const pod = await startPod({ port: Number(new URL(url).port), data: again, quiet: true })
      const session = await signIn(pod.url, id, secret)
      expect(await (await session.fetch(url)).text()).toBe('sealed')
      await pod.stop()
    })
  })

  test('that was altered, cut or added to from outside is not restored, nor over anything', async () => {
    await filled(async data => {
      const copy = `${data}-copy`
      await backup(data, copy)
      const reason = (to = `${data}-again`) =>
        restore(copy, to).then(
          () => 'restored',
          (error: Error) => error.message,
        )
      expect(await reason(data)).toBe('backup-target')
      expect(await backup(data, copy).catch((error: Error) => error.message)).toBe('backup-exists')
      const list = join(copy, 'backup.json')
      const listed = await readFile(list, 'utf8')
      await writeFile(list, listed.replace('"path":"', '"path":"../../'))
      expect(await reason()).toBe('backup-altered')
      await writeFile(list, listed)
      await appendFile(join(copy, '.acl'), ' ')
      expect(await reason()).toBe('backup-altered')
      await rm(join(copy, '.acl'))
      expect(await reason()).toBe('backup-altered')
      await rm(list)
      expect(await reason()).toBe('backup-altered')
      expect((await readdir(folder)).filter(name => name.includes('again') && name.includes(data.slice(-3)))).toEqual(
        [],
      )
    })
  })

  test('of nothing says so', async () => {
    const { code, err } = await main(['backup', '--data', join(folder, 'absent'), '--to', join(folder, 'x')]).ended
    expect([code, err]).toEqual([2, `alveole-pod: ${join(folder, 'absent')}: is no folder that can be read\n`])
    expect((await main(['restore', '--data', 'x']).ended).err).toBe('alveole-pod: --from is missing; see --help\n')
  })
})
