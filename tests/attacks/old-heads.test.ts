/** A device whose pod hides the newest head, and takes whatever is written (A9, H10): it writes onto no older one. */
import { expect, test } from 'vitest'
import { openVault, type Pod, type Vault } from '#core'
import {
  AlveoleError,
  fromBase64Url,
  fromHex,
  isCode,
  narrow,
  openGrantPage,
  openKeyring,
  openManifest,
  openSection,
  openSegment,
} from '#crypto'
import { leavesUnder } from '#vocab'
import { memoryObjects } from '../../client/core/object-store.ts'
import { collectionUrl, objectUrl } from '../../client/core/paths.ts'
import { folder, grantTo, openSeal, secondDevice, world } from '../core/world.ts'
import { attacked, takeOver } from '../hostile-pod.ts'
import { headOf, ownSeeds, stored } from './league.ts'

const HEAD = /c\/.*head\.alv$/
type Get = Pod['get']

const hidden: { [how: string]: (etag: string | null) => Awaited<ReturnType<Get>> } = {
  'no answer': () => {
    throw new AlveoleError('server')
  },
  'nothing new': etag => ({ status: 304, etag, type: '', body: new Uint8Array() }),
}

test.each(Object.entries(hidden))('with %s it writes nothing that a former reader opens', async (_, answer) => {
  const around = world()
  takeOver(around.server, around.clock)
  const [alice, carol] = [await around.member('alice'), await around.member('carol')]
  const collection = await folder(alice.vault)
  const put = (vault: Vault, note: string) => vault.records.put('Immunization', { note }, { collection })
  await put(alice.vault, 'first')
  await alice.vault.settle()
  const two = await secondDevice(alice)
  await two.vault.grants.confirm()
  await two.vault.lock()
  let hides = false
  const power = (honest: Pod): Partial<Pod> => ({
    get: async (url, options) =>
      hides && HEAD.test(url) ? answer(options?.ifNoneMatch ?? null) : honest.get(url, options),
    put: (url, body, options) =>
      honest.put(url, body, hides && HEAD.test(url) ? { type: options!.type! } : (options ?? {})),
  })
  const laptop = await openVault(
    { ...two.around, pod: attacked(two.around.pod, power), objects: memoryObjects() },
    { seal: openSeal },
  )
  expect(await laptop.records.list()).toHaveLength(1)

  const { grant } = await alice.vault.grants.give(grantTo(carol.vault.owner, around.clock))
  const kept = await keysOf(grant)
  await alice.vault.grants.revoke(grant)
  await put(alice.vault, 'in a new epoch')
  await alice.vault.settle()
  around.pass(6 * 60_000)
  hides = true
  await laptop.sync().catch((error: unknown) => expect(isCode(error, 'server', 'offline', 'rolled-back')).toBe(true))
  await put(laptop, 'by the laptop').catch((error: unknown) => expect(isCode(error, 'rolled-back')).toBe(true))
  expect(await openedWith(kept)).not.toContain('by the laptop')

  async function keysOf(of: string) {
    const id = fromBase64Url(collection)
    const name = fromHex(of.slice('urn:uuid:'.length).replaceAll('-', ''))
    const { keyring } = headOf(around, alice.vault, collection).header
    const url = objectUrl(collectionUrl(alice.vault.pod.storage, id), keyring!.sealId)
    const whose = { owner: alice.vault.owner, collection: id, grant: name }
    const envelope = openKeyring(stored(around, url).body, whose, await ownSeeds(around, carol))!
    return { envelope, keys: [...envelope.newest, ...openGrantPage(name, envelope, envelope.page.sealed!).keys] }
  }

  /** Of the tail, with the keys of then. */
  async function openedWith({ envelope, keys }: Awaited<ReturnType<typeof keysOf>>): Promise<unknown[]> {
    const head = headOf(around, alice.vault, collection)
    try {
      const { tail } = openManifest(head, envelope.manifest)
      const segment = openSegment(head.parts.tail, alice.vault.owner, fromBase64Url(collection), tail)
      const leaves = keys.flatMap(({ facet, key }) => leavesUnder(facet).map(leaf => narrow(key, facet, leaf)))
      const sections = await Promise.all(leaves.map(async leaf => openSection(segment, leaf)))
      return sections.flatMap(cells => cells ?? []).map(({ properties }) => properties?.['note'])
    } catch (error) {
      if (isCode(error, 'tampered')) return []
      throw error
    }
  }
})
