/** Fast reads keep much in memory, yet see each change at the next request; and they hold on to nothing of a client. */
import { randomUUID } from 'node:crypto'
import { readdir, readFile, readlink, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FreshFiles } from '../../pod-server/fast-read/fresh-files.ts'
import { alv, xsd } from '#vocab'
import { CSS, FastPod, PREFIX, TYPE } from './fast-reads.ts'

let pod: FastPod

beforeAll(async () => {
  pod = await FastPod.start()
})

afterAll(() => pod.stop())

const rulesFor = (subject: string, readers: readonly string[], more = ''): string =>
  `${PREFIX} <#owner> a acl:Authorization; acl:agent <${pod.alice.webId}>; acl:accessTo <${subject}>;
     acl:default <${subject}>; acl:mode acl:Read, acl:Write, acl:Control.
   ${readers.map((reader, at) => `<#${at}> a acl:Authorization; acl:agent <${reader}>; acl:accessTo <${subject}>; acl:default <${subject}>; ${more} acl:mode acl:Read.`).join('\n')}`

/** Longer than any file system's step of time: what is read now is kept. */
const SETTLED_MS = 2_200

describe('what was read is kept, and a change counts at the next request', () => {
  const owner = () => pod.alice.webId
  const bob = () => pod.bob.webId
  const put = (url: string, body: string) => pod.put(url, body, 'text/turtle')

  /** Each takes bob's access to `folder/x.alv` away, whose folder alone has rules. */
  const revocations: [string, (folder: string) => Promise<unknown>][] = [
    ['rules written again', folder => put(`${folder}.acl`, rulesFor(folder, []))],
    ['rules of its own', folder => put(`${folder}x.alv.acl`, rulesFor(`${folder}x.alv`, []))],
    ['rules deleted', folder => pod.alice.fetch(`${folder}.acl`, { method: 'DELETE' })],
    [
      'rules of another type',
      folder => put(`${folder}.acl`, '').then(() => put(`${folder}.acl`, rulesFor(folder, []))),
    ],
    ['rules written again on disk', folder => writeFile(pod.file(`${folder}.acl`), rulesFor(folder, []))],
    ['rules removed on disk', folder => rm(pod.file(`${folder}.acl`))],
    [
      'rules added on disk, by renaming',
      async folder => {
        const file = pod.file(`${folder}x.alv.acl`)
        await writeFile(`${file}.new`, rulesFor(`${folder}x.alv`, []))
        await rename(`${file}.new`, file)
      },
    ],
    [
      'as many bytes, and the former date set again',
      async folder => {
        const file = pod.file(`${folder}.acl`)
        const { atime, mtime } = await stat(file)
        const text = await readFile(file, 'utf8')
        await writeFile(file, text.replace(bob(), bob().replace('bob', 'bib')))
        await utimes(file, atime, mtime)
      },
    ],
    ['rules that cannot be read', folder => writeFile(pod.file(`${folder}.acl`), 'not <Turtle')],
    ['a folder above it', folder => put(`${folder}.acl`, rulesFor(folder, [owner()]))],
  ]

  test('in ten ways', async () => {
    const cases = revocations.map(([name, revoke], at) => ({ name, revoke, folder: `${pod.alice.pod}r${at}/` }))
    for (const { folder } of cases) {
      await pod.put(`${folder}x.alv`, 'sealed')
      await put(`${folder}.acl`, rulesFor(folder, [bob()]))
    }
    await wait(SETTLED_MS)
    for (const { name, folder } of cases)
      for (let time = 0; time < 2; time += 1)
        expect([name, await pod.get(pod.bob.fetch, `${folder}x.alv`)]).toMatchObject([
          name,
          { status: 200, fast: true },
        ])
    for (const { name, revoke, folder } of cases) {
      await revoke(folder)
      const seen = await pod.get(pod.bob.fetch, `${folder}x.alv`)
      expect([name, seen.fast, seen.body]).toEqual([name, false, expect.not.stringContaining('sealed')])
      expect(seen).toEqual(await pod.get(pod.bob.fetch, `${folder}x.alv`, CSS))
    }
  })

  test('a date ends access by itself', async () => {
    const url = `${pod.alice.pod}until/x.alv`
    await pod.put(url, 'sealed')
    const end = new Date(Date.now() + SETTLED_MS + 1_500)
    const until = `<${alv.validUntil}> "${end.toISOString()}"^^<${xsd.dateTime}>;`
    await put(`${url}.acl`, rulesFor(url, [bob()], until))
    await wait(SETTLED_MS)
    for (let time = 0; time < 2; time += 1)
      expect(await pod.get(pod.bob.fetch, url)).toMatchObject({ status: 200, fast: true })
    await wait(end.getTime() - Date.now() + 1)
    expect(await pod.get(pod.bob.fetch, url)).toMatchObject({ status: 403, fast: false })
  })

  test('a file is read again for its stamp only, and not kept when it has just changed', async () => {
    const file = pod.file(`${pod.alice.pod}${randomUUID()}`)
    const files = new FreshFiles<string>(1)
    let reads = 0
    const get = () =>
      files.get('name', file, async () => {
        reads += 1
        return readFile(file, 'utf8')
      })
    await expect(get()).rejects.toThrow('ENOENT')
    await writeFile(file, 'a')
    expect([await get(), await get(), reads]).toEqual(['a', 'a', 2])
    await wait(SETTLED_MS)
    expect([await get(), await get(), reads]).toEqual(['a', 'a', 3])
    await writeFile(file, 'b')
    expect([await get(), reads]).toEqual(['b', 4])
    const moving = files.get('moving', file, () => writeFile(file, randomUUID().slice(0, (reads += 1))).then(() => ''))
    await expect(moving).rejects.toThrow('keeps changing')
    await rm(file)
    await expect(get()).rejects.toThrow('ENOENT')
  })
})

describe('a proof of possession counts once', () => {
  const url = () => `${pod.alice.pod}proof.alv`

  test.each<[string, Record<string, string>, Record<string, string>]>([
    ['fast, then fast', {}, {}],
    ['fast, then CSS', {}, CSS],
    ['CSS, then fast', CSS, {}],
  ])('%s', async (_name, first, second) => {
    await pod.put(url(), 'sealed')
    expect(await pod.get(pod.alice.fetch, url(), first)).toMatchObject({ status: 200, fast: first !== CSS })
    const stolen = pod.credentials()
    const refused = await pod.get(fetch, url(), { ...stolen, ...second })
    expect(refused).toMatchObject({ status: 401, fast: false })
    expect(refused).toEqual(await pod.get(fetch, url(), { ...stolen, ...CSS }))
  })

  test('and a second look at the same request is not a second time', async () => {
    await pod.put(url(), 'sealed')
    await writeFile(pod.file(`${url()}.meta`), '')
    expect(await pod.get(pod.alice.fetch, url())).toMatchObject({ status: 200, fast: false })
    await rm(pod.file(`${url()}.meta`))
  })
})

/** Files of the pods that this process has open, where the system says so. */
const openFiles = async (): Promise<string[]> => {
  const numbers = await readdir('/proc/self/fd').catch(() => [])
  const paths = await Promise.all(numbers.map(number => readlink(`/proc/self/fd/${number}`).catch(() => '')))
  return paths.filter(path => path.startsWith(pod.file(pod.alice.pod)))
}

const LARGE = 48 * 1024 * 1024

describe('a large file', () => {
  const url = () => `${pod.alice.pod}large.alv`

  test('that is replaced while it is read arrives whole, as it was', async () => {
    const tag = (await pod.put(url(), 'a'.repeat(LARGE))).headers.get('etag')
    const response = await pod.alice.fetch(url())
    expect(await openFiles()).toHaveLength(1)
    await pod.put(url(), 'b'.repeat(LARGE))
    expect(response.headers.get('etag')).toBe(tag)
    expect(await response.text()).toBe('a'.repeat(LARGE))
    expect((await pod.alice.fetch(url())).headers.get('etag')).not.toBe(tag)
  })

  test('of which nobody reads on is closed', async () => {
    await pod.put(url(), 'a'.repeat(LARGE))
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const controller = new AbortController()
        const { body } = await pod.alice.fetch(url(), { signal: controller.signal })
        await body?.getReader().read()
        controller.abort()
      }),
    )
    for (let tries = 0; (await openFiles()).length > 0; tries += 1) {
      if (tries > 100) throw new Error('still open')
      await wait(50)
    }
  })
})

test('whoever asks and stops before the answer leaves nothing open', async () => {
  const url = `${pod.alice.pod}small.alv`
  await pod.put(url, 'a'.repeat(100_000))
  await Promise.all(
    Array.from({ length: 40 }, async (_, at) => {
      const controller = new AbortController()
      const asked = pod.alice.fetch(url, { signal: controller.signal }).catch(() => null)
      await wait(at / 4)
      controller.abort()
      await asked
    }),
  )
  for (const headers of [{}, { 'if-none-match': '"1-x"' }])
    expect(await pod.get(pod.alice.fetch, url, headers)).toMatchObject({ fast: true })
  expect(await openFiles()).toEqual([])
})

test('a read waits for the write that is under way', async () => {
  const url = `${pod.alice.pod}slow/x.alv`
  await pod.put(url, 'former')
  // So that the rules are known, and it is the file alone that must be waited for.
  await wait(SETTLED_MS)
  await pod.get(pod.alice.fetch, url)
  let finish = (): void => {}
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('new'))
      finish = () => controller.close()
    },
  })
  const init = { method: 'PUT', headers: { 'content-type': TYPE }, body, duplex: 'half' }
  const writing = pod.alice.fetch(url, init)
  const temporary = pod.file(`${pod.url}.internal/tempFiles/`)
  for (let tries = 0; (await readdir(temporary)).length === 0 && tries < 100; tries += 1) await wait(20)
  const reading = pod.get(pod.alice.fetch, url)
  await Promise.race([reading, wait(300)])
  finish()
  const tag = (await writing).headers.get('etag')
  const { headers, body: read, fast } = await reading
  expect([read, new Map(headers).get('etag'), fast]).toEqual(['new', tag, true])
})

test('8 writers and 8 readers at once: an ETag is always that of the bytes beside it', async () => {
  const url = `${pod.alice.pod}race/x.alv`
  await pod.put(url, 'first')
  const written = new Map<string | null, string>()
  const read: { tag: string | null; body: string; status: number }[] = []
  const each = <T>(work: (at: number) => Promise<T>) => Promise.all(Array.from({ length: 8 }, (_, at) => work(at)))
  const writing = each(async writer => {
    for (let round = 0; round < 10; round += 1) {
      const body = `${writer} ${round} `.repeat(writer * 9_000 + 1)
      written.set((await pod.put(url, body)).headers.get('etag'), body)
    }
  })
  const reading = each(async () => {
    for (let round = 0; round < 40; round += 1) {
      const response = await pod.alice.fetch(url)
      read.push({ tag: response.headers.get('etag'), body: await response.text(), status: response.status })
    }
  })
  await Promise.all([writing, reading])
  const during = read.filter(({ body }) => body !== 'first')
  expect(during.length).toBeGreaterThan(20)
  for (const { tag, body } of during) expect(written.get(tag) === body).toBe(true)
})
