/**
 * Chosen records on the real server: what a reader sees, what a reader with the whole disk opens, and what is left on the disk when the
 * grant ends.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordId } from '#core'
import { startPod } from '../../pod-server/pod.ts'
import { DAY, FACET, PURPOSE } from '../core/world.ts'
import { filesUnder } from './disk.ts'
import { actor } from './member.ts'
import { Thief } from './thief.ts'

const data = mkdtempSync(join(tmpdir(), 'alveole-selections-'))
let server: Awaited<ReturnType<typeof startPod>>
beforeAll(async () => {
  server = await startPod({ port: 0, data, quiet: true })
})
afterAll(async () => {
  await server.stop()
  rmSync(data, { recursive: true, force: true })
})

test('a reader of chosen records has these and nothing else, until the grant ends and the copies are gone', async () => {
  const [alice, bob] = await Promise.all(['alice', 'bob'].map(name => actor(server.url, name)))
  const { vault } = alice!
  const { id: collection, url } = await vault.collections.create('Health')
  const put = (note: string, id?: RecordId) =>
    vault.records.put('Immunization', { note }, { collection, ...(id && { id }) })
  const chosen = await put('chosen')
  await put('other')
  const scan = { collection, name: 'scan.txt', mediaType: 'text/plain' }
  const content = await vault.blobs.put(new Blob(['scanned']), scan)
  const file = await vault.records.put('File', { content: { ...content } }, { collection })
  const until = new Date(Date.now() + DAY)
  const { grant, collections } = await vault.grants.give({
    to: bob!.webId,
    until,
    purpose: PURPOSE,
    records: [chosen, file],
    facets: [FACET, 'papers'],
  })
  const view = async () => (await bob!.vault.views.open(alice!.webId)).rows
  const rows = await view()
  expect(rows.map(({ value }) => value['note']).filter(Boolean)).toEqual(['chosen'])
  const scanned = rows.find(({ kind }) => kind === 'File')!
  const bytes = bob!.vault.views.blob(scanned, scanned.value['content'] as never)
  expect(await new Response(bytes).text()).toBe('scanned')
  expect((await bob!.fetch(`${url}head.alv`)).status).toBe(403)

  const thief = await Thief.of(bob!)
  const texts = (await thief.read(filesUnder(data))).join()
  expect([texts.includes('"chosen"'), texts.includes('"other"')]).toEqual([true, false])

  await put('changed', chosen)
  expect((await view()).map(({ value }) => value['note']).filter(Boolean)).toEqual(['changed'])
  expect((await vault.verify()).problems).toEqual([])

  const [selection] = filesUnder(data).filter(({ path }) => path.includes(`/c/${collections[0]}/`))
  expect(selection).toBeDefined()
  const at = url.replace(/[^/]+\/$/, `${collections[0]}/`)
  await vault.grants.revoke(grant)
  expect((await bob!.fetch(`${at}head.alv`)).status).toBe(403)
  expect(await view()).toEqual([])
  expect(filesUnder(data).filter(({ path }) => path.includes(collections[0]!))).toEqual([])
  expect(existsSync(selection!.path.slice(0, selection!.path.indexOf(collections[0]!) + collections[0]!.length))).toBe(
    false,
  )
  expect((await vault.records.get(chosen))?.value).toEqual({ note: 'changed' })
})
