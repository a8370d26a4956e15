/**
 * What a world means to the people in it: what each sees in their vault and of the others', and what the servers let them fetch.
 * Names stand for ids, contents for files, so that two runs of one action mean the same.
 */
import type { Pod, Vault } from '#core'
import { isBlob } from '#core'
import { AlveoleError, hash, toBase64Url, toHex, utf8 } from '#crypto'
import type { AccountState } from '../../client/core/account-state.ts'
import { reopen, type Member, type World } from '../core/world.ts'
import { diskOf } from './disk.ts'

export type Meaning = { [person: string]: { [what: string]: unknown } }

/**
 * Of everybody, or of some, each by a program that starts anew; what waits to be written is written in the end. A device of
 * somebody's stands for them.
 */
export async function meaningOf(world: World, cast: readonly Member[], of = cast): Promise<Meaning> {
  const open = await Promise.all(cast.map(async member => ({ name: member.name, member, vault: await reopen(member) })))
  const places = new Map<string, string>()
  for (const { name, vault } of open) {
    for (const folder of await vault.collections.list()) places.set(`${name}: ${folder.name}`, folder.url)
    for (const circle of await vault.groups.list()) places.set(circle.name, circle.group)
  }
  const asked = open.filter(({ member }) => of.includes(member))
  const seen = asked.map(async ({ name, vault }) => [
    name,
    { ...(await ownOf(vault)), received: await received(vault, open), fetches: await fetches(vault.pod, places) },
  ])
  const meaning: Meaning = Object.fromEntries(await Promise.all(seen))
  for (const { name, member, vault } of asked) {
    await vault.settle()
    Object.assign(meaning[name]!, keptOf((await diskOf(world, member)).account))
  }
  return meaning
}

/** What only shows later: whom the vault holds for checked, and how many links still let people ask. */
const keptOf = ({ pins, groups }: AccountState) => ({
  pins: sorted(pins.map(({ webId, confirmed }) => [webId, confirmed])),
  links: sorted(groups.map(({ name, invitations }) => [name, invitations.length])),
})

async function ownOf(vault: Vault) {
  const folders = await vault.collections.list()
  const records = await Array.fromAsync(vault.records.query())
  const nameOf = (id: string): string => folders.find(folder => folder.id === id)?.name ?? 'copies'
  const circles = (await vault.groups.list()).map(async ({ group, ...circle }) => ({
    ...circle,
    offers: await codeOr(async () =>
      (await vault.groups.offers(group)).map(({ terms, state }) => [terms.title.en, state]),
    ),
    answers: await codeOr(async () =>
      (await vault.groups.consents(group)).map(({ subject, status, facets }) => [subject, status, facets]),
    ),
    members: await codeOr(async () => (await vault.groups.members(group)).map(({ webId, state }) => [webId, state])),
  }))
  const grants = (await vault.grants.list()).map(({ toName, facets, state, until, progress, collections }) => [
    toName,
    facets,
    state,
    until,
    progress,
    collections.map(nameOf).sort(),
  ])
  return {
    folders: folders.map(({ name }) => name).sort(),
    records: sorted(
      await Promise.all(
        records.map(async ({ collection, kind, facets, value }) => [
          nameOf(collection),
          kind,
          facets,
          await shown(value, ref => vault.blobs.open(ref, collection)),
        ]),
      ),
    ),
    grants: sorted(grants),
    circles: sorted(await Promise.all(circles)),
    devices: (await vault.devices.list()).map(({ name, kind, active }) => [name, kind, active]),
    consents: (await vault.consents.list()).map(({ status, facets, told, terms }) => [
      terms.title.en,
      status,
      facets,
      told,
    ]),
    journal: (await vault.journal.lines()).map(({ what, who }) => `${what} ${who}`),
    doctor: (await vault.doctor()).problems,
  }
}

/** What each of the others and their circles show. */
async function received(vault: Vault, open: readonly { name: string; vault: Vault }[]) {
  const circles = (await vault.groups.list()).map(({ group, name }) => [name, group] as const)
  const persons = open.map(one => [one.name, one.vault.owner] as const)
  const views = [...persons, ...circles].map(async ([name, from]) => [
    name,
    await codeOr(async () => {
      const { rows, problems } = await vault.views.open(from)
      return { rows: sorted(rows.map(({ owner, kind, value }) => [owner, kind, value['note'] ?? null])), problems }
    }),
  ])
  return Object.fromEntries(await Promise.all(views))
}

async function fetches(pod: Pod, places: Map<string, string>) {
  const asked = [...places].map(async ([name, url]) => [
    name,
    await codeOr(async () => Boolean(await pod.get(`${url}head.alv`))),
    await codeOr(async () => Boolean(await pod.list(url))),
  ])
  return sorted(await Promise.all(asked))
}

async function shown(value: unknown, open: (ref: never) => Promise<ReadableStream<Uint8Array>>): Promise<unknown> {
  if (isBlob(value)) {
    const bytes = await new Response((await open(value as never)) as never).bytes()
    return `${value.name} ${value.mediaType} ${bytes.length < 100 ? toBase64Url(bytes) : shortOf(bytes)}`
  }
  if (typeof value === 'string') return shortened(value.replaceAll(/[0-9a-f]{32}/g, 'id'))
  if (Array.isArray(value)) return Promise.all(value.map(one => shown(one, open)))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(async ([key, one]) => [key, await shown(one, open)])
  return Object.fromEntries(await Promise.all(entries))
}

const shortened = (text: string): string => (text.length < 100 ? text : shortOf(utf8(text)))
const shortOf = (bytes: Uint8Array): string => `${bytes.length} ${toHex(hash(bytes)).slice(0, 8)}`

async function codeOr<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AlveoleError) return error.code
    throw error
  }
}

const sorted = (all: readonly unknown[]): unknown[] =>
  [...all].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
