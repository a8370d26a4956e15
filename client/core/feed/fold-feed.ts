/**
 * Folding (protocol §7): a steward's device takes announcements and the newest line of each collection into the catalogue, each with its
 * owner's signature, and deletes what it took. The head's swap is the commit: what dies before it leaves pages that nothing names,
 * what dies after it messages that the next folding finds to say nothing new.
 */
import { decode, encode, fromHex, isCode, objectName, sealCatalogue, struct, uint, type StoredObject } from '#crypto'
import { contend } from '../contend.ts'
import type { Context } from '../context.ts'
import type { KnownGroups } from '../groups/known-groups.ts'
import { storeObjects } from '../groups/objects.ts'
import type { OpenGroup } from '../groups/open-group.ts'
import { inParallel } from '../parallel.ts'
import type { Pod } from '../pod.ts'
import { swap } from '../swap.ts'
import { catalogueKey, catalogueSeen, catalogueUrl, nextTurn, pageNames } from './catalogue.ts'
import type { Feeds } from './feeds.ts'
import type { FeedState } from './read-feed.ts'
import { arranged } from './arrange.ts'

const HOUR = 3600_000
export const foldedAt = struct({ at: uint })

/** Looks at most once an hour, unless `always`. */
export async function foldFeed(
  context: Context,
  groups: KnownGroups,
  feeds: Feeds,
  url: string,
  { always = false } = {},
): Promise<void> {
  const { store, clock } = context
  const stored = await store.get(`folded ${url}`)
  const since = clock() - (stored ? decode(foldedAt, stored).at : -Infinity)
  if (!always && since >= 0 && since < HOUR) return
  await contend(async () => {
    const group = await groups.opened(url, true)
    const state = await feeds.of(url).read(group, { folding: true })
    if (isFoldable(group, state)) await fold(context, group, state)
  })
  await store.set(`folded ${url}`, encode(foldedAt, { at: clock() }))
}

/** Something is there to be taken, or the head is by a steward or for members of before. */
function isFoldable({ header }: OpenGroup, { catalogue, spent }: FeedState): boolean {
  if (catalogue && (!catalogue.isStewards || catalogue.header.epoch !== header.epoch)) return true
  return spent.length > 0
}

async function fold(context: Context, group: OpenGroup, { catalogue, spent, rows }: FeedState): Promise<void> {
  const { pod, me, store, clock } = context
  const [id, stored]: [Uint8Array, StoredObject[]] = [fromHex(group.id), []]
  const next = arranged(id, rows, catalogue, clock(), stored)
  await storeObjects(group.place, stored)
  const turn = await nextTurn(context, group, catalogue)
  const epoch = group.epochs.at(-1)!
  const header = { version: 1, type: 'catalogue', owner: me.webId, group: id, turn } as const
  const head = sealCatalogue(header, next, epoch, me.signer)
  try {
    await swap(pod, catalogueUrl(group.url), head, catalogue?.etag ?? null)
  } catch (error) {
    // After any other failure the head may stand and name them; what nothing names goes as garbage.
    if (isCode(error, 'conflict')) await remove(pod, group.url, stored.map(objectIn))
    throw error
  }
  await store.set(catalogueKey(group.url), encode(catalogueSeen, { epoch: epoch.number, turn }))
  const named = new Set(pageNames(next.pages))
  const replaced = pageNames(catalogue?.pages ?? []).filter(name => !named.has(name))
  await remove(pod, group.url, replaced)
  await inParallel(spent, url => pod.delete(url))
}

const objectIn = ({ sealId }: StoredObject): string => objectName(sealId)

async function remove(pod: Pod, container: string, names: readonly string[]): Promise<void> {
  await Promise.allSettled(names.map(name => pod.delete(container + name)))
}
