/** An export of any size takes little above what a list takes: what it has read it lets go, and what it lists it keeps as bytes. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeAll, describe, expect, test } from 'vitest'
import { Lines } from '../../client/core/exports/lines.ts'
import type { ExportForm } from '../../client/core/exports/files.ts'
import type { CollectionId, Vault } from '#core'
import { folder, reopen, world } from '../core/world.ts'

const MB = 1_000_000
const RECORDS = 20_000
/** Characters of each, no two alike. */
const LONG = 1500

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
/** What is held and not merely not collected yet, in bytes. */
function held(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function readToItsEnd(body: Uint8Array | ReadableStream<Uint8Array>, onPiece: () => void): Promise<number> {
  if (body instanceof Uint8Array) return body.length
  let size = 0
  for await (const piece of body) {
    size += piece.length
    onPiece()
  }
  return size
}

describe('an export of many records', () => {
  let vault: Vault
  let collection: CollectionId

  beforeAll(async () => {
    const alice = await world().member('alice')
    collection = await folder(alice.vault)
    const note = (index: number): string => `${index} `.repeat(Math.ceil(LONG / `${index} `.length))
    for (let at = 0; at < RECORDS; at += 5000) {
      const some = Array.from({ length: 5000 }, (_, i) => ({ kind: 'Immunization', value: { note: note(at + i) } }))
      await alice.vault.records.putAll(some, collection)
    }
    await alice.vault.settle()
    await alice.vault.lock()
    vault = await reopen(alice)
    await vault.records.list({ collection })
  }, 180_000)

  test.each(['source', 'nquads'] satisfies ExportForm[])('as %s', { timeout: 180_000 }, async form => {
    const before = held()
    let [most, bytes, pieces] = [-Infinity, 0, 0]
    const look = (): void => {
      if (++pieces % 2000 === 0) most = Math.max(most, held() - before)
    }
    for await (const { body } of vault.export(form)) {
      bytes += await readToItsEnd(body, look)
      look()
    }
    expect(bytes).toBeGreaterThan(RECORDS * LONG)
    expect(most).not.toBe(-Infinity) // it was looked at; it may be less than before, which was not all in use
    expect(most).toBeLessThan(32 * MB)
  })
})

test('lines of any length are the bytes that they are, whatever block they end in', async () => {
  const lines = new Lines()
  const all = Array.from({ length: 300 }, (_, i) => `${'é€😀x'.repeat(i * 7)}\n`)
  for (const line of all) lines.add(line)
  const bytes = await new Response(lines.stream() as ReadableStream<Uint8Array<ArrayBuffer>>).bytes()
  expect(new TextDecoder().decode(bytes)).toBe(all.join(''))
  expect(lines.size).toBe(bytes.length)
})
