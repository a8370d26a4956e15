/**
 * What is erased, looked for on the disk of the real server, byte by byte: the seal id of everything that ever held the record, old
 * segments, index runs and parts of its files, in names and contents; after a server that failed in the middle, too.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openVault, type BlobRef, type RecordId } from '#core'
import { AlveoleError, fromBase64Url, fromHex, PART_BYTES, toHex } from '#crypto'
import { startPod } from '../../pod-server/pod.ts'
import { answering } from '../hostile-pod.ts'
import { filesUnder, found } from './disk.ts'
import { actor } from './member.ts'

const data = mkdtempSync(join(tmpdir(), 'alveole-erasing-'))
let server: Awaited<ReturnType<typeof startPod>>
beforeAll(async () => {
  server = await startPod({ port: 0, data, quiet: true })
})
afterAll(async () => {
  await server.stop()
  rmSync(data, { recursive: true, force: true })
})

const NOTE = 'rappel à dix ans '.repeat(20)

test('nothing of it is left on the disk, and everything else is', async () => {
  const alice = await actor(server.url, 'alice')
  const { vault } = alice
  const { id, url } = await vault.collections.create('Health')
  const collection = await vault.collections.open(id)
  const held = new Map<string, Uint8Array>()
  let record: RecordId | null = null
  for (const [version, others] of [1200, 100].entries()) {
    const scan = { collection: id, name: `scan ${version}`, mediaType: 'application/pdf' }
    const content = await vault.blobs.put(new Blob([new Uint8Array(PART_BYTES + version)]), scan)
    record = await vault.records.put(
      'File',
      { content: { ...content } },
      { collection: id, ...(record && { id: record }) },
    )
    await vault.records.putAll(
      Array.from({ length: others }, (_, n) => ({ kind: 'Immunization', value: { note: `${n} ${NOTE}` } })),
      id,
    )
    for (const { segment } of collection.index.row(record)!.entries) held.set(`segment ${version}`, fromHex(segment!))
    for (const [at, { name }] of content.parts!.entries()) held.set(`part ${version} ${at}`, fromBase64Url(name))
    for (const { run } of collection.runs) held.set(`index run ${toHex(run.sealId)}`, run.sealId)
  }
  const kept = await vault.blobs.put(new Blob(['kept']), { collection: id, name: 'k', mediaType: 'text/plain' })
  const other = await vault.records.put('File', { content: { ...kept } }, { collection: id })
  await vault.settle()
  expect(held.size).toBeGreaterThan(5)
  for (const seal of held.values()) expect(found(filesUnder(data), [seal])).not.toEqual([])

  let answers = 2
  const failing = answering(alice.around.pod, {
    delete: async one => {
      if (answers-- <= 0) throw new AlveoleError('server', 'HTTP 500')
      return alice.around.pod.delete(one)
    },
  })
  const unlock = { password: 'alice a password' }
  const bad = await openVault({ ...alice.around, pod: failing }, unlock)
  await expect(bad.records.erase(record!)).rejects.toMatchObject({ code: 'server' })
  expect(found(filesUnder(data), held.values())).not.toEqual([])

  const later = await openVault(alice.around, unlock)
  expect(found(filesUnder(data), held.values())).toEqual([])
  await later.records.erase(record!)
  expect(await later.records.get(record!)).toBe(null)
  expect((await later.verify()).problems).toEqual([])
  const ref = (await later.records.get(other))!.value['content'] as unknown as BlobRef
  expect(await new Response(await later.blobs.open(ref, id)).text()).toBe('kept')
  expect(await Array.fromAsync(later.records.query({ kind: 'Immunization' }))).toHaveLength(1300)
  const folders = ((await alice.around.pod.list(url)) ?? []).filter(one => one.endsWith('/'))
  for (const folder of folders) expect(await alice.around.pod.list(folder)).not.toEqual([])
})
