/**
 * Pages that no account names: what stores one may die before its account stands. They go after this device itself has seen them so
 * for a week, by its own clock, and after an account was written since: whoever was about to name one of them has an older account,
 * so that its swap fails (SPEC A11).
 */
import { decode, encode, objectName } from '#crypto'
import { garbageSeen } from './collections/garbage.ts'
import type { Context } from './context.ts'
import { inParallel } from './parallel.ts'
import { accountPagesUrl, isChild } from './paths.ts'
import { lasting, sinceWhen } from './since.ts'

const DAY = 24 * 3600_000
const WEEK = 7 * DAY

/** Once a day at most. */
export async function tidyAccount({ pod, store, clock, account }: Context): Promise<void> {
  const container = accountPagesUrl(pod.storage)
  const key = `garbage ${container}`
  const stored = await store.get(key)
  const before = stored ? decode(garbageSeen, stored) : null
  const now = clock()
  if (before && before.at <= now && now - before.at < DAY) return
  const listed = ((await pod.list(container)) ?? []).filter(url => isChild(container, url))
  await account.refresh() // after the list: whatever was named meanwhile is seen as named
  const unnamed = (): string[] => {
    const named = new Set(account.state.pages.map(({ sealId }) => container + objectName(sealId)))
    return listed.filter(url => !named.has(url))
  }
  const seen = sinceWhen(unnamed(), before?.unnamed, now)
  await store.set(key, encode(garbageSeen, { at: now, unnamed: seen, gone: [] }))
  const due = new Set(lasting(seen, now, WEEK))
  if (!due.size) return
  await account.change(state => state)
  await inParallel(
    unnamed().filter(url => due.has(url)),
    url => pod.delete(url),
  )
}
