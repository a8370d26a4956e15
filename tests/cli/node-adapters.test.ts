import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, inject, test, vi } from 'vitest'
import { deviceStore } from '../../client/node/device-store.ts'
import { asDiskError } from '../../client/node/durable-file.ts'
import { lockFolder } from '../../client/node/lock.ts'
import { authenticatedFetch } from '../../client/node/session.ts'
import { newAccount } from '../accounts.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alveole-node-'))
})

describe('the store on a folder', () => {
  test('keeps, replaces and forgets, across openings', async () => {
    const store = deviceStore(join(folder, 'device'))
    expect(await store.get('a')).toBeNull()
    await store.set('a', new Uint8Array([1, 2]))
    await store.set('A', new Uint8Array([3]))
    await store.set('seen https://pod.example/../x', new Uint8Array())
    await store.set('a', new Uint8Array([4]))
    const again = deviceStore(join(folder, 'device'))
    expect(await again.get('a')).toEqual(new Uint8Array([4]))
    expect(await again.get('A')).toEqual(new Uint8Array([3]))
    expect(await again.get('seen https://pod.example/../x')).toEqual(new Uint8Array())
    await again.set('a', null)
    await again.set('a', null)
    expect(await store.get('a')).toBeNull()
  })

  test('is for its owner only, and leaves nothing half written', async () => {
    const store = deviceStore(join(folder, 'device'))
    await Promise.all(Array.from({ length: 50 }, (_, n) => store.set('key', new Uint8Array(1000).fill(n))))
    expect((await stat(join(folder, 'device'))).mode & 0o777).toBe(0o700)
    for (const name of await readdir(join(folder, 'device')))
      expect((await stat(join(folder, 'device', name))).mode & 0o777).toBe(0o600)
    expect(new Set(await store.get('key')).size).toBe(1)
  })

  test('keeps what was set when its process is killed at any moment', async () => {
    const script = `
      import { deviceStore } from ${JSON.stringify(join(import.meta.dirname, '../../client/node/device-store.ts'))}
      const store = deviceStore(${JSON.stringify(folder)})
      for (let n = 0; ; n++) {
        await store.set('count', new TextEncoder().encode(String(n)))
        process.stdout.write(n + '\\n')
      }`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let told = -1
    child.stdout.on('data', (data: Buffer) => {
      told = Number(data.toString().trim().split('\n').at(-1))
      if (told > 200) child.kill('SIGKILL')
    })
    await once(child, 'close')
    const kept = Number(new TextDecoder().decode((await deviceStore(folder).get('count'))!))
    expect(kept).toBeGreaterThanOrEqual(told)
  })

  test('names no key, and wipes what was replaced', async () => {
    const store = deviceStore(folder)
    await store.set('seen https://pod.example/x', new TextEncoder().encode('the former value'))
    await store.set('seen https://pod.example/x', new TextEncoder().encode('the newer value'))
    new DatabaseSync(join(folder, 'kept.sqlite')).exec('PRAGMA wal_checkpoint(TRUNCATE)')
    const bytes = await readFile(join(folder, 'kept.sqlite'), 'latin1')
    expect(bytes).toContain('the newer value')
    expect(bytes).not.toContain('the former value')
    expect(bytes).not.toContain('pod.example')
  })

  test('says `full` where the disk does not take it', async () => {
    await mkdir(join(folder, 'kept.sqlite-wal'))
    expect(() => deviceStore(folder)).toThrow(expect.objectContaining({ code: 'full' }))
  })

  test('says `full` where the disk has no room', async () => {
    const error = await writeFile('/dev/full', 'x').catch((cause: unknown) => cause)
    expect(asDiskError(error)).toMatchObject({ code: 'full' })
  })
})

describe('the lock', () => {
  test('is held by one at a time, and tells the others that they wait', async () => {
    const release = await lockFolder(folder)
    let waited = 0
    const second = lockFolder(folder, { onWait: () => waited++ })
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(waited).toBe(1)
    release()
    ;(await second)()
  })

  test('dies with its process, however that ends', async () => {
    const script = `
      import { lockFolder } from ${JSON.stringify(join(import.meta.dirname, '../../client/node/lock.ts'))}
      await lockFolder(process.argv[1])
      process.kill(process.pid, 'SIGKILL')`
    const run = promisify(execFile)
    await expect(run(process.execPath, ['--input-type=module', '-e', script, folder])).rejects.toMatchObject({
      signal: 'SIGKILL',
    })
    let waited = false
    const release = await lockFolder(folder, { onWait: () => (waited = true) })
    release()
    expect(waited).toBe(false)
  })

  test('lets go of who does not want to wait any more', async () => {
    const release = await lockFolder(folder)
    await expect(lockFolder(folder, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ code: 'cancelled' })
    release()
  })
})

describe('the authenticated fetch', () => {
  test('signs in by itself, once for many requests', async () => {
    const account = await newAccount(inject('pod'), 'session')
    const fetch = authenticatedFetch({ ...account, oidcIssuer: inject('pod') })
    const replies = await Promise.all([1, 2, 3].map(() => fetch(account.pod)))
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200])
  })

  test('signs in again a minute before its token ends, and not sooner', async () => {
    const account = await newAccount(inject('pod'), 'session')
    const tokens: (string | undefined)[] = []
    const mirror = createServer((request, reply) => {
      tokens.push(request.headers.authorization)
      reply.end()
    }).listen(0, '127.0.0.1')
    await once(mirror, 'listening')
    let ahead = 0
    const fetch = authenticatedFetch({ ...account, oidcIssuer: inject('pod') }, () => Date.now() + ahead)
    const ask = async (seconds: number) => {
      ahead = seconds * 1000
      await fetch(`http://127.0.0.1:${(mirror.address() as AddressInfo).port}/`)
      return tokens.at(-1)
    }
    const first = await ask(0)
    expect(first).toMatch(/^DPoP /)
    expect(await ask(530)).toBe(first)
    expect(await ask(541)).not.toBe(first)
    ahead = 0
    expect((await fetch(account.pod)).status).toBe(200)
    mirror.close()
  })

  test('sends a large body in pieces, its length told, as it was when it was asked to', async () => {
    const account = await newAccount(inject('pod'), 'session')
    const got: { headers: IncomingHttpHeaders; body: Buffer }[] = []
    const mirror = createServer((request, reply) => {
      void buffer(request).then(body => {
        got.push({ headers: request.headers, body })
        reply.end()
      })
    }).listen(0, '127.0.0.1')
    await once(mirror, 'listening')
    const fetch = authenticatedFetch({ ...account, oidcIssuer: inject('pod') })
    const url = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/`
    for (const length of [262_144, 262_145, 1_000_000]) {
      const around = Uint8Array.from({ length: length + 20 }, (_, i) => (i * 31 + (i >> 8)) & 255)
      const body = around.subarray(10, 10 + length)
      await fetch(url, { method: 'PUT', headers: { 'content-type': 'a/b', 'if-none-match': '*' }, body })
      const sent = got.at(-1)!
      expect(sent.body.equals(body)).toBe(true)
      expect(sent.headers).toMatchObject({
        'content-length': String(length),
        'content-type': 'a/b',
        'if-none-match': '*',
        authorization: expect.stringMatching(/^DPoP /),
      })
      expect(sent.headers['transfer-encoding']).toBeUndefined()
    }
    mirror.close()
  })

  test('goes on signed in when the first token ends', async () => {
    const account = await newAccount(inject('pod'), 'session')
    const timers = vi.spyOn(globalThis, 'setTimeout')
    let ahead = 0
    const fetch = authenticatedFetch({ ...account, oidcIssuer: inject('pod') }, () => Date.now() + ahead)
    await fetch(account.pod)
    ahead = 541_000
    await fetch(account.pod)
    const ends = timers.mock.calls.filter(([, ms = 0]) => ms > 500_000).map(([work]) => work)
    timers.mockRestore()
    expect(ends).toHaveLength(2)
    ends[0]!() // what the library does then
    ahead = 0
    expect((await fetch(account.pod)).status).toBe(200)
  })

  test('tells credentials that were withdrawn from a dead line', async () => {
    const { clientId } = await newAccount(inject('pod'), 'session')
    const wrong = authenticatedFetch({ clientId, clientSecret: 'wrong', oidcIssuer: inject('pod') })
    await expect(wrong(inject('pod'))).rejects.toMatchObject({ code: 'unauthorized' })
    const nobody = authenticatedFetch({ clientId, clientSecret: 'x', oidcIssuer: 'http://localhost:9/' })
    await expect(nobody('http://localhost:9/')).rejects.toMatchObject({ code: 'offline' })
  })

  test('and from an issuer that is too busy to renew a token: that is tried again', async () => {
    const { clientId, clientSecret } = await newAccount(inject('pod'), 'session')
    const about = await (await globalThis.fetch(new URL('.well-known/openid-configuration', inject('pod')))).json()
    const late = createServer((request, reply) => {
      if (!request.url?.startsWith('/.well-known/')) return // never answers
      const here = `http://localhost:${(late.address() as AddressInfo).port}/`
      reply.setHeader('content-type', 'application/json')
      reply.end(JSON.stringify({ ...(about as object), issuer: here, token_endpoint: `${here}token` }))
    }).listen(0)
    await once(late, 'listening')
    const oidcIssuer = `http://localhost:${(late.address() as AddressInfo).port}/`
    const fetch = authenticatedFetch({ clientId, clientSecret, oidcIssuer })
    await expect(fetch(inject('pod'))).rejects.toMatchObject({ code: 'busy' })
    late.closeAllConnections()
    late.close()
  })
})
