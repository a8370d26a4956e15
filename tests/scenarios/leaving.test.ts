/** Leaving a server for another with everything one has, by a folder or an age file: real files in, out, put back, compared one by one. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import type { BlobRef, ExportForm, ImportOptions, SourceFile, Vault, VaultRecord } from '#core'
import { startPod } from '../../pod-server/pod.ts'
import { jpegWith } from '../formats/images.ts'
import { sourceFile } from '../formats/read.ts'
import { exported, folderOf } from '../exports/exported.ts'
import { sample, samplesPresent } from '../samples.ts'
import { bundle } from './generated-bundle.ts'
import { actor, type Actor } from './member.ts'

const folders = ['a', 'b'].map(name => mkdtempSync(join(tmpdir(), `alveole-leaving-${name}-`)))
let servers: Awaited<ReturnType<typeof startPod>>[]
let before: Actor
beforeAll(async () => {
  servers = await Promise.all(folders.map(data => startPod({ port: 0, data, quiet: true })))
  before = await actor(servers[0]!.url, 'zoe')
  await before.vault.import(await files())
})
afterAll(async () => {
  for (const server of servers) await server.stop()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const tree = '0 HEAD\n0 @I1@ INDI\n1 NAME Ada /B/\n0 @F1@ FAM\n1 HUSB @I1@\n0 TRLR\n'
const files = async (): Promise<SourceFile[]> =>
  samplesPresent
    ? Promise.all(
        [
          'fhir/Babara_Rice_1343812f-e993-4973-a849-e3dad63c3e74.json',
          'gedcom/royal92.ged',
          'photos/DSCN0010.jpg',
          'photos/IMG_5195.HEIC',
        ].map(sample),
      )
    : [bundle(500), sourceFile('t.ged', tree), sourceFile('p.jpg', jpegWith(6).bytes)]

const recordsOf = async (vault: Vault): Promise<Map<string, VaultRecord>> =>
  new Map((await Array.fromAsync(vault.records.query())).map(record => [record.id, record]))
const isFile = (value: unknown): value is BlobRef => (value as BlobRef | null)?.type === 'blob'
const plain = (value: unknown): unknown => (isFile(value) ? [value.name, value.mediaType, value.size] : value)

/** Written by the one and read by the other, who has the age identity. */
async function carried(from: Vault, form: ExportForm | 'age'): Promise<[SourceFile[], ImportOptions]> {
  if (form !== 'age') return [folderOf(await exported(from, form)), {}]
  const identity = await generateX25519Identity()
  const sealed = await from.exportAge({ recipients: [await identityToRecipient(identity)] })
  const file = sourceFile('alveole.tar.age', new Uint8Array(await new Response(sealed).arrayBuffer()))
  return [[file], { age: { identities: [identity] } }]
}

test.each(['source', 'jsonld', 'nquads', 'age'] as const)('as %s, all of it is on the other server', async form => {
  const after = await actor(servers[1]!.url, `zoe-${form}`)
  const [out, options] = await carried(before.vault, form)
  const report = await after.vault.import(out, options)
  expect(report.files.flatMap(({ problems }) => problems)).toEqual([])
  const [mine, theirs] = [await recordsOf(before.vault), await recordsOf(after.vault)]
  expect(mine.size).toBeGreaterThan(500)
  expect([...theirs.keys()].toSorted()).toEqual([...mine.keys()].toSorted())
  let compared = 0
  for (const [id, { kind, value, modified, facets, collection }] of mine) {
    const there = theirs.get(id)!
    expect([there.kind, there.modified, there.facets]).toEqual([kind, modified, facets])
    for (const [name, content] of Object.entries(value)) {
      expect(plain(there.value[name])).toEqual(plain(content))
      if (!isFile(content)) continue
      const bytes = async (vault: Vault, ref: unknown, at: typeof collection) =>
        Buffer.from(await new Response(await vault.blobs.open(ref as BlobRef, at)).arrayBuffer())
      const [one, other] = [
        await bytes(before.vault, content, collection),
        await bytes(after.vault, there.value[name], there.collection),
      ]
      expect(one.equals(other)).toBe(true)
      compared += 1
    }
  }
  expect(compared).toBeGreaterThan(0)
  expect((await after.vault.import(out, options)).total).toBe(0)
  expect((await after.vault.verify()).problems).toEqual([])
})
