/** What a feed that was read says: what is granted by whom, and which heads a collection has. */
import { equal, toHex } from '#crypto'
import type { Announcement } from '../announce.ts'
import type { OpenGroup } from '../groups/open-group.ts'
import type { ToldHead } from './lines.ts'
import type { FeedState } from './read-feed.ts'
import { announcementOf, signedLines } from './rows.ts'

/** Heads that somebody told of, with the signed bytes that prove it. */
export interface ToldOf {
  head: ToldHead
  proof: Uint8Array
}

/** Of grants that are not taken back; not those that these devices signed. */
export const announcementsOf = (
  { rows }: FeedState,
  group: OpenGroup,
  without: ReadonlySet<string> = new Set(),
): Announcement[] =>
  rows.flatMap(row =>
    row.grants
      .filter(({ collections, signer }) => collections.length && !without.has(toHex(signer)))
      .map(of => announcementOf(row, group.url, of)),
  )

export const toldOf = ({ rows }: FeedState, group: OpenGroup, owner: string, collection: Uint8Array): ToldOf[] =>
  rows
    .filter(({ webId }) => webId === owner)
    .flatMap(row =>
      row.lines.flatMap(line =>
        line.heads
          .filter(head => equal(head.collection, collection))
          .map(head => ({ head, proof: signedLines(row, group.url, line) })),
      ),
    )
