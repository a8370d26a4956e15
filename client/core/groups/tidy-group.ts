/** What is left over of a stewarded circle's changes when a device died of one and never came back. */
import { decode, encode, struct, uint } from '#crypto'
import type { Context } from '../context.ts'
import type { KnownGroups } from './known-groups.ts'
import { membersDiffer, mendMembers } from './members-document.ts'
import { memberOf } from './open-group.ts'
import { readRequests } from './request.ts'

const DAY = 24 * 3600_000
const looked = struct({ at: uint })

/** Once a day at most. The document first: while a request stands, its admission can be done again. */
export async function tidyGroup(context: Context, groups: KnownGroups, url: string): Promise<void> {
  const { pod, store, clock } = context
  const key = `tidied ${url}`
  const before = await store.get(key)
  const at = clock()
  const last = before ? decode(looked, before).at : -Infinity
  if (last <= at && at - last < DAY) return
  if (await membersDiffer(context, groups, url)) await mendMembers(context, groups, url)
  const open = await groups.opened(url)
  const requests = await readRequests(context, groups.steward(url))
  const ofMembers = requests.filter(({ person }) => memberOf(open, person.webId))
  for (const message of ofMembers.flatMap(({ urls }) => urls)) await pod.delete(message)
  await store.set(key, encode(looked, { at }))
}
