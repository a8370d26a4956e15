/**
 * Reads the vault anew, identity, account, heads, segments, keyrings and every part of every blob, and checks each signature,
 * hash and seal; and compares the access rules that the pod serves with those that the account wants.
 */
import { AlveoleError, continues, isCode, openIdentity, toHex, type Section } from '#crypto'
import { Account } from './account.ts'
import type { Collections } from './collections/collections.ts'
import { facetKeysOf } from './collections/epochs.ts'
import { OwnCollection } from './collections/own-collection.ts'
import type { Entry } from './collections/own-index.ts'
import { fetchNamed, openNamed } from './collections/sections.ts'
import { openBlob } from './blobs/open-blob.ts'
import type { Context } from './context.ts'
import { blobsIn } from './blob-refs.ts'
import { readAccessLists } from './grants/access-lists.ts'
import { suspendedGrants } from './grants/confirmation.ts'
import type { Telling } from './feed/telling.ts'
import { rulesProblem } from './grants/mend-rules.ts'
import type { KnownGroups } from './groups/known-groups.ts'
import { isFounding } from './groups/look.ts'
import { membersDiffer } from './groups/members-document.ts'
import { openGroup } from './groups/open-group.ts'
import { verifyGroup } from './groups/verify-group.ts'
import { identityUrl } from './paths.ts'
import type { Pod, PodReply } from './pod.ts'
import { everyCollection } from './selections/entries.ts'

export interface Verification {
  resources: number
  bytes: number
  problems: { where: string; code: string }[]
}

export async function verifyVault(
  context: Context,
  collections: Collections,
  groups: KnownGroups,
  onProgress?: (resources: number) => void,
): Promise<Verification> {
  const found: Verification = { resources: 0, bytes: 0, problems: [] }
  const pod = counting(context.pod, ({ body }) => {
    found.bytes += body.length
    found.resources += 1
    onProgress?.(found.resources)
  })
  const check = async (where: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!isCode(error, 'tampered', 'rolled-back', 'forked', 'identity-changed', 'not-granted')) throw error
      found.problems.push({ where, code: error.code })
    }
  }
  await check('identity', () => verifyIdentity({ ...context, pod }))
  await check('account', () => verifyOwnAccount({ ...context, pod }))
  for (const { id, name } of everyCollection(context.account.state))
    await check(name, async () => {
      const cited = collections.checkpoints.cited(id)
      collections.checkpoints.check(await verifyCollection({ ...context, pod }, id), cited)
    })
  for (const { url } of context.account.state.groups.filter(({ state }) => state === 'member')) {
    await check(url, async () => {
      const open = await openGroup({ ...context, pod }, groups.entry(url))
      if (open) await verifyGroup({ ...context, pod }, open)
      else await groups.remember(url, null)
    })
  }
  return found
}

async function verifyIdentity({ pod, me }: Context): Promise<void> {
  const reply = await pod.get(identityUrl(pod.storage))
  if (!reply) throw new AlveoleError('rolled-back', 'the identity log is gone')
  if (!continues(openIdentity(reply.body), me.identity))
    throw new AlveoleError('rolled-back', 'the identity log lost entries')
}

async function verifyOwnAccount({ pod, store, me, clock }: Context): Promise<void> {
  const account = new Account(pod, store, me, clock)
  await account.refresh()
  await account.history()
}

/** Loads it anew, from nothing but the pod: head, index, segments, keyring, and every part of every file. */
async function verifyCollection({ pod, store, me, clock }: Context, id: Uint8Array): Promise<OwnCollection> {
  const collection = new OwnCollection(pod, store, me, id, clock)
  await collection.refresh()
  await collection.reading(() => verifyStanding(collection)) // another device may put segments together meanwhile
  return collection
}

async function verifyStanding(collection: OwnCollection): Promise<void> {
  const { head, owner, manifest, tail } = collection.state
  if (!head || !owner || !manifest) return
  const { keyring } = head.header
  if (keyring) await fetchNamed(collection.place, keyring.sealId, keyring.hash)
  const seen = new Set<Entry>()
  for (const entry of await collection.reader.list(manifest)) {
    const { sections } = await openNamed(collection.place, entry, facetKeysOf(owner))
    await verifySections(collection, sections, toHex(entry.sealId), seen)
  }
  await verifySections(collection, tail, null, seen)
  if (seen.size < [...collection.index.entries()].length)
    throw new AlveoleError('tampered', 'an index of more than there is')
}

/** No cell may be newer than the index says; the files of the newest are read. */
async function verifySections(
  { index, place }: OwnCollection,
  sections: readonly Section[],
  segment: string | null,
  seen: Set<Entry>,
): Promise<void> {
  for (const { facet, cells } of sections) {
    for (const { record, stamp, properties } of cells) {
      const row = index.row(record)
      const standing = row?.entries.find(entry => entry.facet === facet)
      if (!row || !standing || (standing.stamp < stamp && !row.isDeleted))
        throw new AlveoleError('tampered', 'an index of less than there is')
      if (standing.segment !== segment || standing.stamp !== stamp) continue
      seen.add(standing)
      for (const ref of row.isDeleted ? [] : blobsIn(properties))
        await drain(openBlob({ pod: place.pod, container: place.container }, ref))
    }
  }
}

async function drain(stream: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stream.getReader()
  while (!(await reader.read()).done);
}

function counting(pod: Pod, count: (reply: PodReply) => void): Pod {
  return new Proxy(pod, {
    get(target, property) {
      if (property === 'get') {
        return async (url: string, options: Parameters<Pod['get']>[1] = {}) => {
          const reply = await target.get(url, { ...options, fresh: true })
          if (reply) count(reply)
          return reply
        }
      }
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

export interface Diagnosis {
  webId: string
  pod: string
  problems: { code: string; detail: string }[]
}

/** Whether the pod's rules are those that the account wants: another app may have rewritten them (A37). */
export async function diagnose(context: Context, groups: KnownGroups, telling: Telling): Promise<Diagnosis> {
  const { pod, me, account, clock } = context
  const problems: Diagnosis['problems'] = []
  for (const { id, name } of everyCollection(account.state)) {
    for (const list of await readAccessLists(pod, [id])) {
      const code = await rulesProblem(context, groups, list)
      if (code) problems.push({ code, detail: name })
    }
  }
  for (const entry of account.state.groups.filter(({ role }) => role === 'steward')) {
    if (isFounding(entry)) problems.push({ code: 'unfinished-circle', detail: entry.name })
    else if (await membersDiffer(context, groups, entry.url))
      problems.push({ code: 'members-differ', detail: entry.name })
  }
  problems.push(...(await telling.problems()))
  const isSuspended = await suspendedGrants(context.store)
  for (const grant of account.state.grants) {
    const { state, to, until } = grant
    if (state === 'giving' || state === 'ending') problems.push({ code: 'unfinished-grant', detail: to })
    if (isSuspended(grant) && clock() < until) problems.push({ code: 'unconfirmed-grant', detail: to })
  }
  return { webId: me.webId, pod: pod.storage, problems }
}
