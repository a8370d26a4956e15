/**
 * The access lists of collections, on the server. Read before the account is, so that whoever changes either one meanwhile
 * is noticed: by the account's own swap, or by the ETag when the rules are written (protocol §6).
 */
import { isCode } from '#crypto'
import { saysRules, writeAcl } from '../acl.ts'
import { collectionRules } from '../collection-rules.ts'
import type { Context } from '../context.ts'
import type { KnownGroups } from '../groups/known-groups.ts'
import { contend } from '../contend.ts'
import { inParallel } from '../parallel.ts'
import { collectionUrl } from '../paths.ts'
import type { Pod, PodReply } from '../pod.ts'

/** As it was read. */
export interface AccessList {
  collection: Uint8Array
  url: string
  current: PodReply | null
}

export const readAccessLists = (pod: Pod, collections: readonly Uint8Array[]): Promise<AccessList[]> =>
  inParallel(collections, async collection => {
    const url = await pod.aclOf(collectionUrl(pod.storage, collection))
    return { collection, url, current: await pod.get(url) }
  })

/**
 * The rules of one collection, written whole as the account has them, onto exactly the list that was read. Whoever ends or
 * changes a grant writes them `always`, even where they say so already: another device that is giving this very grant, or changing it,
 * must find that its list is not the newest.
 */
export async function writeRules(
  context: Context,
  groups: KnownGroups,
  list: AccessList,
  { always }: { always: boolean },
): Promise<void> {
  const { pod, account, me, clock } = context
  const resource = collectionUrl(pod.storage, list.collection)
  const { url } = list
  let { current } = list
  await contend(async () => {
    const membersIri = (group: string) => groups.membersIri(group)
    const rules = await collectionRules(account.state, me.webId, list.collection, clock(), membersIri)
    if (!always && current && saysRules(resource, current.body, rules)) return
    try {
      const condition = current?.etag ? { ifMatch: current.etag } : { ifNoneMatch: '*' as const }
      await pod.put(url, writeAcl(resource, rules), { ...condition, type: 'text/turtle' })
    } catch (error) {
      if (!isCode(error, 'conflict')) throw error
      current = await pod.get(url)
      await account.refresh()
      throw error
    }
  })
}
