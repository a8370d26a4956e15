/**
 * A page of the newest records out of what the account lists of its folders (SPEC Q6); of those of which it may hold more than is
 * listed, out of the folders themselves.
 */
import { ListedFolder } from './collections/newest.ts'
import { find, type Found } from './listing.ts'
import { inParallel } from './parallel.ts'
import type { Shown } from './pending.ts'
import type { CollectionId, Query } from './types.ts'

/** What the account lists of a record has no words. */
export const isOfNewest = ({ order, limit, text, person }: Query): boolean =>
  order === '-date' && limit !== undefined && !text && !person

export async function firstPage(
  folders: readonly (Shown | ListedFolder)[],
  query: Query,
  open: (id: CollectionId) => Promise<Shown>,
): Promise<Found[]> {
  const { offset = 0, limit = Infinity } = query
  const until = offset + limit
  let sources = folders
  for (;;) {
    const page = [...find(sources, { ...query, offset: 0, limit: until })]
    const last = page.length === until ? (page.at(-1)?.row ?? null) : null
    const short = new Set(sources.filter(one => one instanceof ListedFolder && one.isShortOf(last)))
    if (!short.size) return page.slice(offset)
    sources = await inParallel(sources, async one => (short.has(one) ? open(one.id) : one))
  }
}
