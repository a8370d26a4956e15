/**
 * [A15] No key and nonce seal twice. A commitment comes out of the derivation that gives its AEAD key, and the nonce of an envelope
 * is constant: one commitment over two ciphertexts would be one pair used twice (SPEC E3).
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Vault } from '#core'
import { random, toHex } from '#crypto'
import { faultyPod } from '../core/faulty-pod.ts'
import { folder, grantTo, reopen, world } from '../core/world.ts'
import { takeOver, watching } from '../hostile-pod.ts'
import { patience, thorough } from './effort.ts'
import { envelopesIn } from './envelopes-in.ts'
import { add } from './scene.ts'

const commitmentOf = (sealed: Uint8Array): string => toHex(sealed.subarray(0, 32))

/** Of the commitments and of what follows them, as `sealer.ts` writes them. */
const RECORD = 40
const [SEALS, LIVES] = thorough ? [1_000_000, 12] : [20_000, 3]

test(
  `[A15] over ${SEALS.toLocaleString('en')} seals, of every kind in turn, of the same input, by a device killed ${LIVES - 1} times and begun again`,
  patience,
  async () => {
    const seed = toHex(random(32))
    const seen = new Map<string, string>()
    const again = new Set<string>()
    let seals = 0
    for (let life = 1; life <= LIVES; life++) {
      for (const [commitment, rest] of await untilKilled(seed, Math.ceil(SEALS / LIVES))) {
        seals++
        if (seen.has(commitment)) again.add(commitment)
        if ((seen.get(commitment) ?? rest) !== rest) expect.unreachable('one key and nonce for two plaintexts')
        seen.set(commitment, rest)
      }
    }
    expect(seals).toBeGreaterThanOrEqual(SEALS)
    // of an older generation and an older epoch under their next there is one sealing, of one plaintext, whenever it is done (E3)
    expect(again.size).toBe(2)
  },
)

/** What a device sealed that was stopped once it had sealed so many. */
async function untilKilled(seed: string, seals: number): Promise<[commitment: string, rest: string][]> {
  const device = spawn(process.execPath, [join(import.meta.dirname, 'sealer.ts'), seed], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [chunks, gone] = [[] as Buffer[], once(device, 'close')]
  let bytes = 0
  device.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= seals * RECORD) device.kill('SIGKILL')
  })
  await gone
  const all = Buffer.concat(chunks)
  return Array.from({ length: Math.floor(all.length / RECORD) }, (_, i) => {
    const record = all.subarray(i * RECORD, (i + 1) * RECORD)
    return [record.toString('latin1', 0, 32), record.toString('latin1', 32)]
  })
}

test('[A15] over everything that a device sends, stopped at each request of its day in turn and begun again', async () => {
  const around = world()
  const host = takeOver(around.server, around.clock)
  const [alice, bob] = [await around.member('alice'), await around.member('bob')]
  const collection = await folder(alice.vault)
  await add(alice.vault, collection, 'before')
  const sealed = new Map<string, string>()
  const twice: string[] = []
  host.attack(
    watching((method, [url, body]) => {
      if (!['put', 'post'].includes(method) || /\.acl$|\/members-|identity\.alv$/.test(String(url))) return
      for (const one of envelopesIn(body as Uint8Array)) {
        const [commitment, rest] = [commitmentOf(one), toHex(one)]
        if ((sealed.get(commitment) ?? rest) !== rest) twice.push(String(url))
        sealed.set(commitment, rest)
      }
    }),
  )
  const back = around.save(alice.around.store, bob.around.store)
  const day = async (vault: Vault): Promise<void> => {
    const content = await vault.blobs.put(new Blob(['x']), { collection, name: 'a', mediaType: 'text/plain' })
    await vault.records.put('File', { content: { ...content } }, { collection })
    const { grant } = await vault.grants.give(grantTo(bob.vault.owner, around.clock))
    await vault.grants.revoke(grant)
    await vault.records.putAll(large, collection)
    await vault.settle()
  }
  for (let at = 1; ; at++) {
    back()
    const pod = faultyPod(alice.around.pod, { at, status: 0, applied: at % 2 === 0 })
    await reopen(alice, pod)
      .then(day)
      .catch(() => null)
    if (pod.requests.length < at) break
    await day(await reopen(alice))
  }
  expect(sealed.size).toBeGreaterThan(500)
  expect(twice).toEqual([])
})

const large = Array.from({ length: 20 }, () => ({ kind: 'Immunization', value: { note: 'x'.repeat(900) } }))
