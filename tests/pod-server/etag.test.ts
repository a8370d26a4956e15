/** ETags: what PUT answers is the state it wrote, conditions are atomic, and no two states share a tag. */
import { mkdtemp, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { StampedFileAccessor } from '../../pod-server/components/stamped-file-accessor.ts'
import { css } from '../../pod-server/css.ts'
import { newAccount } from '../accounts.ts'
import type { Account } from '../accounts.ts'

const base = inject('pod')
let alice: Account
let count = 0

beforeAll(async () => {
  alice = await newAccount(base, 'alice')
})

const fresh = (suffix = ''): string => `${alice.pod}tags/${(count += 1)}${suffix}`

const put = (url: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  alice.fetch(url, { method: 'PUT', headers: { 'content-type': 'application/vnd.alveole', ...headers }, body })

const tagOf = (response: Response): string => {
  const tag = response.headers.get('etag')
  if (!tag) throw new Error(`no ETag with ${response.status}`)
  return tag
}

describe('PUT answers with the ETag that GET and HEAD then give', () => {
  test.each([
    ['application/vnd.alveole', ''],
    ['application/vnd.alveole', '.alv'],
    ['application/octet-stream', ''],
    ['text/turtle', '.ttl'],
    ['text/plain; charset=utf-8', '.txt'],
    ['application/xml', ''],
    ['image/jpeg', '.png'],
    ['application/x-unheard-of', ''],
  ])('%s at a name ending in "%s"', async (type, suffix) => {
    const url = fresh(suffix)
    const headers = { 'content-type': type }
    const created = await put(url, '', headers)
    expect(created.status).toBe(201)
    expect(created.headers.get('location')).toBe(url)
    expect(tagOf(await alice.fetch(url))).toBe(tagOf(created))
    const changed = await put(url, '', headers)
    expect(changed.status).toBe(205)
    expect(tagOf(changed)).not.toBe(tagOf(created))
    expect(tagOf(await alice.fetch(url, { method: 'HEAD' }))).toBe(tagOf(changed))
    const again = await alice.fetch(url, { headers: { 'if-none-match': tagOf(changed) } })
    expect(again.status).toBe(304)
    expect((await alice.fetch(url, { headers: { 'if-none-match': tagOf(created) } })).status).toBe(200)
  })

  test('an ACL has one too', async () => {
    const url = fresh()
    await put(url, '')
    const rule = `<#owner> a <http://www.w3.org/ns/auth/acl#Authorization>;
      <http://www.w3.org/ns/auth/acl#agent> <${alice.webId}>; <http://www.w3.org/ns/auth/acl#accessTo> <${url}>;
      <http://www.w3.org/ns/auth/acl#mode> <http://www.w3.org/ns/auth/acl#Read>, <http://www.w3.org/ns/auth/acl#Control>.`
    const written = await put(`${url}.acl`, rule, { 'content-type': 'text/turtle' })
    expect(tagOf(await alice.fetch(`${url}.acl`))).toBe(tagOf(written))
    const stale = { 'content-type': 'text/turtle', 'if-match': '"1-text/turtle"' }
    expect((await put(`${url}.acl`, rule, stale)).status).toBe(412)
  })

  test('a container, a refused PUT and one without a type keep the answers of CSS', async () => {
    const container = await alice.fetch(`${fresh()}/`, { method: 'PUT' })
    expect(container.status).toBe(201)
    const url = fresh()
    const untyped = await alice.fetch(url, { method: 'PUT', body: new Uint8Array(3) })
    expect(untyped.status).toBe(400)
    expect((await put(`${url}.meta`, '', { 'content-type': 'text/turtle' })).status).toBe(405)
    expect((await fetch(url, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: '' })).status).toBe(401)
  })
})

const statuses = (answers: { response: Response }[]): number[] =>
  answers.map(({ response }) => response.status).sort((a, b) => a - b)

const WRITERS = Array.from({ length: 8 }, (_, writer) => `writer ${writer}`)

describe('8 writers at once', () => {
  const race = async (url: string, headers: Record<string, string>) => {
    const answers = await Promise.all(WRITERS.map(async body => ({ body, response: await put(url, body, headers) })))
    const stored = await alice.fetch(url)
    const text = await stored.text()
    return { answers, text, tag: tagOf(stored), winners: answers.filter(({ response }) => response.status < 300) }
  }

  test.each([5])('without condition: each tag is its own state, %i times', async times => {
    for (let round = 0; round < times; round += 1) {
      const { answers, text, tag, winners } = await race(fresh(), {})
      expect(winners.length).toBe(WRITERS.length)
      expect(answers.filter(({ response }) => response.status === 201).length).toBe(1)
      expect(new Set(answers.map(({ response }) => tagOf(response))).size).toBe(WRITERS.length)
      expect(tagOf(answers.find(({ body }) => body === text)?.response ?? Response.error())).toBe(tag)
    }
  })

  test('If-None-Match: * lets one create', async () => {
    const { answers, text, tag, winners } = await race(fresh(), { 'if-none-match': '*' })
    expect(statuses(answers)).toEqual([201, ...WRITERS.slice(1).map(() => 412)])
    expect(winners.map(({ body, response }) => [body, tagOf(response)])).toEqual([[text, tag]])
  })

  test('If-Match lets one change', async () => {
    const url = fresh()
    const { answers, text, tag, winners } = await race(url, { 'if-match': tagOf(await put(url, 'first')) })
    expect(statuses(answers)).toEqual([205, ...WRITERS.slice(1).map(() => 412)])
    expect(winners.map(({ body, response }) => [body, tagOf(response)])).toEqual([[text, tag]])
  })
})

describe('modification times', () => {
  const TYPE = 'application/vnd.alveole'

  const withAccessor = async (use: (accessor: StampedFileAccessor, folder: string) => Promise<void>): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'alveole-stamps-'))
    const mapper = new css.ExtensionBasedMapper('http://localhost/', folder, { alv: TYPE, meta: 'text/turtle' })
    await use(new StampedFileAccessor(mapper, folder, '/.temp/'), folder)
    await rm(folder, { recursive: true })
  }

  const id = { path: 'http://localhost/x' }

  const write = async (accessor: StampedFileAccessor): Promise<number> => {
    const metadata = new css.RepresentationMetadata(id, TYPE)
    await accessor.writeDocument(id, css.guardedStreamFrom('x'), metadata)
    const said = metadata.get(css.DC.terms.modified)?.value
    expect((await accessor.getMetadata(id)).get(css.DC.terms.modified)?.value).toBe(said)
    return Date.parse(said ?? '')
  }

  test('500 writes in a row have 500 of them, each read back as it was told', async () => {
    await withAccessor(async accessor => {
      const times: number[] = []
      for (let round = 0; round < 500; round += 1) times.push(await write(accessor))
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
    })
  })

  test('a clock that went back does not repeat one, even after a delete', async () => {
    await withAccessor(async (accessor, folder) => {
      const ahead = new Date(Date.now() + 3_600_000)
      await write(accessor)
      await utimes(join(folder, 'x$.alv'), ahead, ahead)
      expect(await write(accessor)).toBeGreaterThan(ahead.getTime())
      await accessor.deleteResource(id)
      const later = await write(accessor)
      await accessor.deleteResource(id)
      expect(await write(accessor)).toBeGreaterThan(later)
    })
  })
})
