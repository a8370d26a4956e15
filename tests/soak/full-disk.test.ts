/** The server's disk is full: whoever writes is told so, nothing that was there is lost, and all goes on once there is room. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createVault, memoryStore, openVault, solidPod, type CollectionId, type Vault } from '#core'
import { FLOOR } from '#crypto'
import { authenticatedFetch } from '../../client/node/session.ts'
import { newAccount } from '../accounts.ts'
import { PodProcess } from './pod-process.ts'
import { smallDisks } from './small-disk.ts'

const MB = 1_000_000
const password = 'a password of the soak'

const folder = await mkdtemp(join(tmpdir(), 'alveole-full-'))
const disks = smallDisks(folder)
await rm(folder, { recursive: true })

/** The code of what at last went wrong. */
async function until(work: (n: number) => Promise<unknown>): Promise<unknown> {
  for (let n = 0; n < 200; n++) {
    try {
      await work(n)
    } catch (error) {
      return (error as { code?: unknown }).code ?? error
    }
  }
  return 'nothing went wrong'
}

async function person(server: PodProcess) {
  const { webId, pod: storage, clientId, clientSecret } = await newAccount(server.url, 'alice')
  const fetch = () => authenticatedFetch({ oidcIssuer: server.url, clientId, clientSecret })
  const around = async () => ({ pod: await solidPod({ webId, storage, fetch: fetch() }), store })
  const store = memoryStore()
  const { vault } = await createVault(await around(), { password, passwordCost: FLOOR })
  const { id } = await vault.collections.create('Health')
  return { vault, collection: id, anew: async () => openVault(await around(), { password }) }
}

const put = (vault: Vault, collection: CollectionId, note: string) =>
  vault.records.put('Immunization', { note, place: 'x'.repeat(2000) }, { collection })
const notes = async (vault: Vault) => (await Array.fromAsync(vault.records.query())).map(({ value }) => value['note'])

test.each(disks)('of $name', { timeout: 120_000 }, async ({ disk }) => {
  const data = await mkdtemp(join(tmpdir(), 'alveole-full-'))
  const pods = join(data, 'pods')
  await mkdir(pods)
  const server = new PodProcess(pods)
  try {
    await server.start(disk(pods, 8 * MB))
    const { vault, collection, anew } = await person(server)
    const ballast = `${vault.pod.storage}ballast`
    await vault.pod.put(ballast, randomBytes(2 * MB))

    const done: string[] = []
    const file = { collection, name: 'a', mediaType: 'video/mp4' }
    for (const size of [MB, MB / 10])
      expect(await until(() => vault.blobs.put(new Blob([randomBytes(size)]), file))).toBe('full')
    const write = async (note: string): Promise<void> => {
      await put(vault, collection, note)
      done.push(note)
    }
    expect(await until(n => write(`${n}`))).toBe('full')
    expect(await notes(await anew())).toEqual(expect.arrayContaining(done))

    await vault.pod.delete(ballast)
    await write('once there is room')
    const after = await anew()
    expect(await notes(after)).toEqual(expect.arrayContaining(done))
    expect((await after.verify()).problems).toEqual([])
    expect((await after.repair()).problems).toEqual([])
  } finally {
    await server.kill()
    await rm(data, { recursive: true })
  }
})
