/**
 * Objects of a circle that nothing leads to any more: what a change replaced, and what a lost attempt left. They go after
 * this device itself has seen them unlisted for a week; no attempt is taken up again that is as old (renew-tree.ts).
 */
import { decode, encode } from '#crypto'
import type { Context } from '../context.ts'
import { catalogueNames } from '../feed/catalogue.ts'
import { isChild } from '../paths.ts'
import { lasting, since, sinceWhen } from '../since.ts'
import { namesOf } from './group-objects.ts'
import type { OpenGroup } from './open-group.ts'

const WEEK = 7 * 24 * 3600_000

export async function collectGarbage(context: Context, group: OpenGroup): Promise<void> {
  const { pod, store, clock } = context
  const { url } = group
  const key = `unlisted ${url}`
  const names = new Set([...(await namesOf(group)), ...(await catalogueNames(context, group))])
  const stored = ((await pod.list(url)) ?? []).filter(one => isChild(url, one) && /\/[\w-]{22}\.alv$/.test(one))
  const loose = stored.filter(one => !names.has(one.slice(url.length)))
  const before = await store.get(key)
  const seen = sinceWhen(loose, before ? decode(since, before) : [], clock())
  await store.set(key, encode(since, seen))
  for (const one of lasting(seen, clock(), WEEK)) await pod.delete(one)
}
