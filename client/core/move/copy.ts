/**
 * All that stands in a vault, from one storage to another, byte for byte: heads name owner and collection, never where they stand
 * (SPEC H2). What has a name of its own never changes, so what the other storage has already is not sent again.
 */
import { AlveoleError, equal, isCode } from '#crypto'
import type { Context } from '../context.ts'
import { checkSignal, inParallel } from '../parallel.ts'
import {
  accountPagesUrl,
  accountUrl,
  collectionUrl,
  headUrl,
  identityUrl,
  inboxUrl,
  isChild,
  MEDIA_TYPE,
} from '../paths.ts'
import type { Pod } from '../pod.ts'
import { everyCollection } from '../selections/entries.ts'

export interface MoveOptions {
  /** Objects that are there, of how many. */
  onProgress?: (done: number, of: number) => void
  signal?: AbortSignal
}

/** Segments, keyrings, pages, parts of files, messages: whatever is never replaced. */
export async function copyObjects({ pod, account }: Context, to: Pod, options: MoveOptions): Promise<void> {
  const { onProgress, signal } = options
  const missing: string[] = []
  for (const { id } of everyCollection(account.state)) {
    const container = collectionUrl(pod.storage, id)
    const children = await childrenOf(pod, container)
    for (const folder of [container, ...children.filter(isFolder)]) missing.push(...(await missingIn(pod, to, folder)))
  }
  for (const folder of [accountPagesUrl(pod.storage), inboxUrl(pod.storage)])
    missing.push(...(await missingIn(pod, to, folder)))
  let done = 0
  await inParallel(missing, async url => {
    checkSignal(signal)
    await copyOne(pod, to, url)
    onProgress?.(++done, missing.length)
  })
}

const isFolder = (url: string): boolean => url.endsWith('/')

async function missingIn(pod: Pod, to: Pod, folder: string): Promise<string[]> {
  const there = new Set(await to.list(elsewhere(pod, to, folder)))
  const objects = (await childrenOf(pod, folder)).filter(url => !isFolder(url) && url !== headUrl(folder))
  return objects.filter(url => !there.has(elsewhere(pod, to, url)))
}

/** Only children, whatever the server lists (A21). */
async function childrenOf(pod: Pod, folder: string): Promise<string[]> {
  const listed = (await pod.list(folder)) ?? []
  return listed.filter(url => isChild(folder, url.replace(/\/$/, '')))
}

const elsewhere = (pod: Pod, to: Pod, url: string): string => to.storage + url.slice(pod.storage.length)

async function copyOne(pod: Pod, to: Pod, url: string): Promise<void> {
  const reply = await pod.get(url)
  if (!reply) return // garbage that another device removed
  try {
    await to.put(elsewhere(pod, to, url), reply.body, { ifNoneMatch: '*', type: MEDIA_TYPE })
  } catch (error) {
    if (!isCode(error, 'conflict')) throw error // an earlier attempt of ours: the check that follows reads every byte
  }
}

/** What is replaced as the vault changes; the identity last, since it is what makes a vault (`create.ts`). */
export async function copyHeads({ pod, account }: Context, to: Pod): Promise<void> {
  const heads = everyCollection(account.state).map(({ id }) => [
    headUrl(collectionUrl(pod.storage, id)),
    headUrl(collectionUrl(to.storage, id)),
  ])
  const rest = [
    [accountUrl(pod.storage), accountUrl(to.storage)],
    [identityUrl(pod.storage), identityUrl(to.storage)],
  ]
  for (const [from, copy] of [...heads, ...rest]) await replace(pod, to, from!, copy!)
}

async function replace(pod: Pod, to: Pod, from: string, copy: string): Promise<void> {
  const [wanted, there] = await Promise.all([pod.get(from), to.get(copy)])
  if (!wanted || (there && equal(wanted.body, there.body))) return // no head yet, or it is there
  if (there && !there.etag) throw new AlveoleError('conflict', 'a server that tells no ETag', { detail: { url: copy } })
  const condition = there?.etag ? { ifMatch: there.etag } : { ifNoneMatch: '*' as const }
  await to.put(copy, wanted.body, { ...condition, type: MEDIA_TYPE })
}
