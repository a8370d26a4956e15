/** What is left over of a stewarded circle's changes when a device died of one and never came back, or that nobody waits for. */
import { decode, encode, struct, uint } from '#crypto'
import type { Context } from '../context.ts'
import { lasting, since, sinceWhen } from '../since.ts'
import { isHost, writeGroupRules } from './access.ts'
import { collectGarbage } from './group-garbage.ts'
import { everyoneOf, memberOf } from './group-members.ts'
import type { KnownGroups } from './known-groups.ts'
import { isOverdue } from './log-part.ts'
import { membersDiffer, mendMembers } from './members-document.ts'
import { groupBytes } from './open-group.ts'
import { readRequests } from './request.ts'
import { FEW, staleAmong } from './stale-leaves.ts'

const DAY = 24 * 3600_000
const WEEK = 7 * DAY
export const tidied = struct({ at: uint })

/** Once a day at most, unless `always`. The document first: while a request stands, its admission can be done again. */
export async function tidyGroup(context: Context, groups: KnownGroups, url: string, always: boolean): Promise<void> {
  const { pod, store, clock, account } = context
  const key = `tidied ${url}`
  const before = await store.get(key)
  const at = clock()
  const last = before ? decode(tidied, before).at : -Infinity
  if (!always && last <= at && at - last < DAY) return
  if (await membersDiffer(context, groups, url)) await mendMembers(context, groups, url)
  const open = await groups.opened(url)
  if (isHost(context, url) && open.state.stewards.size > 1) await writeGroupRules(context, open) // whoever made them stewards
  await account.refresh() // another device may have invited
  const { waiting, uninvited } = await readRequests(context, groups.steward(url))
  const members = await Promise.all(waiting.map(({ person }) => memberOf(open, person.webId)))
  const ofMembers = waiting.filter((_, i) => members[i]).flatMap(({ urls }) => urls)
  for (const message of [...ofMembers, ...(await overdue(context, url, uninvited, at))]) await pod.delete(message)
  await bringUpToDate(context, groups, url)
  await collectGarbage(context, await groups.opened(url, true))
  await store.set(key, encode(tidied, { at }))
}

/** What nobody's change was the occasion for: a checkpoint, an epoch without who left, leaves of keys that are others' too. */
async function bringUpToDate(context: Context, groups: KnownGroups, url: string): Promise<void> {
  const { clock } = context
  await groups.change(url, async open => {
    const everyone = (await everyoneOf(open)).filter(({ state }) => state === 'member')
    const from = (Math.floor(clock() / DAY) * FEW) % Math.max(everyone.length, 1)
    const stale = await staleAmong(context, groupBytes(open.id), everyone.slice(from, from + FEW))
    const isDue = open.state.exposed || isOverdue(open, open.state) || stale.entries.length || stale.exposed.length
    return isDue ? stale : null
  })
}

/** Which this device has seen uninvited for a week: a removal voids the links, and what was asked by them waits for nothing. */
async function overdue({ store }: Context, url: string, uninvited: readonly string[], now: number): Promise<string[]> {
  const key = `uninvited ${url}`
  const before = await store.get(key)
  const seen = sinceWhen(uninvited, before ? decode(since, before) : [], now)
  await store.set(key, encode(since, seen))
  return lasting(seen, now, WEEK)
}
