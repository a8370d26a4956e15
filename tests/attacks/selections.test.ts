/**
 * Readers of selections, with their keys and the whole disk of the server, past every client: of the originals' collection they open
 * nothing, and two who got the same records de-identified find nothing that says so but what the records show.
 */
import { beforeAll, expect, test } from 'vitest'
import { isBlob, type BlobRef, type CollectionId, type RecordId, type ViewRow } from '#core'
import { toHex, hash } from '#crypto'
import type { Json } from '#vocab'
import { collectionUrl } from '../../client/core/paths.ts'
import { DAY, folder, PURPOSE, world, type Member, type World } from '../core/world.ts'
import { openedFrom, ownSeeds } from './league.ts'

let around: World
let alice: Member
let bob: Member
let carol: Member
let collection: CollectionId
let chosen: RecordId
let photo: RecordId

beforeAll(async () => {
  around = world()
  ;[alice, bob, carol] = [await around.member('alice'), await around.member('bob'), await around.member('carol')]
  collection = await folder(alice.vault)
  const value = { note: 'chosen', codes: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '08' }], date: '2024-05-17' }
  chosen = await alice.vault.records.put('Immunization', value, { collection })
  await alice.vault.records.put('Immunization', { note: 'other' }, { collection })
  const file = { collection, name: 'Zoé.jpg', mediaType: 'image/jpeg' }
  const image = await alice.vault.blobs.put(new Blob([new Uint8Array(70_000).fill(7)]), file)
  photo = await alice.vault.records.put('Photo', { image: { ...image }, taken: '2024-05-17' }, { collection })
})

const give = async ({ vault }: Member, deidentified: boolean): Promise<CollectionId> => {
  const until = new Date(around.clock() + 30 * DAY)
  const asked = { to: vault.owner, until, purpose: PURPOSE, records: [chosen, photo], deidentified }
  return (await alice.vault.grants.give(asked)).collections[0]!
}
const filesOf = (id: CollectionId): [string, Uint8Array][] =>
  [...around.server.files]
    .filter(([url]) => url.includes(`/c/${id}/`) && url.endsWith('.alv'))
    .map(([url, { body }]) => [url.slice(url.indexOf(id) + id.length + 1), body])
const rowsOf = async ({ vault }: Member): Promise<ViewRow[]> => (await vault.views.open(alice.vault.owner)).rows

/** Everything in what is shown that names something: ids, keys, places, hashes. */
const namesIn = (rows: { id: string; value: Json }[]): string[] =>
  rows.flatMap(({ id, value }) => {
    const refs = Object.values(value as { [name: string]: Json }).filter(isBlob) as never as BlobRef[]
    return [
      id,
      ...refs.flatMap(({ blob, key, name, parts }) => [
        blob,
        key,
        name,
        ...parts!.flatMap(part => Object.values(part)),
      ]),
    ]
  })

test('[A38] a reader of chosen records opens nothing of their collection, with the whole disk', async () => {
  const selection = await give(bob, false)
  const seeds = await ownSeeds(around, bob)
  expect(await openedFrom(around, alice.vault, collection, seeds)).toEqual([])
  expect(await openedFrom(around, alice.vault, selection, seeds)).toEqual(['chosen', 'undefined']) // the photo has no note
  const [given] = await alice.vault.grants.list()
  await alice.vault.grants.revoke(given!.grant)
  expect(filesOf(selection)).toEqual([])
  expect(await openedFrom(around, alice.vault, collection, seeds)).toEqual([])
  const url = `${collectionUrl(alice.around.pod.storage, new Uint8Array(16)).replace(/[^/]+\/$/, '')}${selection}/head.alv`
  await expect(bob.around.pod.get(url)).rejects.toMatchObject({ code: 'not-granted' })
})

test('[A39] two de-identified selections of the same records have no name, key, hash or byte in common, nor with the originals', async () => {
  const [bobs, carols] = [await give(bob, true), await give(carol, true)]
  const originals = await Promise.all([chosen, photo].map(id => alice.vault.records.get(id)))
  const shown = [await rowsOf(bob), await rowsOf(carol), originals.map(one => one!)]
  expect(shown.map(rows => rows.length)).toEqual([2, 2, 2])
  const names = shown.map(namesIn)
  for (const all of names) expect(all.length).toBeGreaterThan(6)
  expect(new Set(names.flatMap(all => [...new Set(all)])).size).toBe(
    names.reduce((sum, all) => sum + new Set(all).size, 0),
  )

  const disks = [bobs, carols, collection].map(filesOf)
  for (const [at, files] of disks.entries()) {
    const others = disks.toSpliced(at, 1).flat()
    const [paths, hashes] = [
      new Set(others.map(([path]) => path)),
      new Set(others.map(([, body]) => toHex(hash(body)))),
    ]
    for (const [path, body] of files) {
      if (path !== 'head.alv') expect(paths).not.toContain(path)
      expect(hashes).not.toContain(toHex(hash(body)))
    }
  }
  expect(JSON.stringify(shown.slice(0, 2).map(rows => rows.map(({ value }) => value)))).not.toMatch(/2024-|chosen|Zoé/)
})
