/** As replay.ts, for what client/core writes inside what crypto/ seals and signs. */
import { decode, label, openAccountPage, verifySigned, type Codec, type Epoch } from '#crypto'
import { decodeHistory, decodeState } from '../../client/core/account-state.ts'
import { readAgreement } from '../../client/core/agreement.ts'
import { announcement } from '../../client/core/announce.ts'
import { CellIndex } from '../../client/core/collections/cell-index.ts'
import { feedLines } from '../../client/core/feed/lines.ts'
import { decodeRows, signedAnnouncement, signedLines } from '../../client/core/feed/rows.ts'
import { leaveRequest } from '../../client/core/groups/leave-request.ts'
import { joinMac, readLink } from '../../client/core/groups/link.ts'
import { request } from '../../client/core/groups/request.ts'
import type { CollectionId } from '../../client/core/types.ts'
import type { Label } from '../../crypto/labels.ts'
import { bytes, devicesOf, many, number, text, toJson, type Input, type Json } from './vector.ts'

/** The records that cells make, in whatever order they were read. */
function records(input: Input): Json {
  const index = new CellIndex()
  for (const cell of many(input, 'cells')) {
    const { record, kind, facet } = cell as { [name: string]: string }
    const properties = cell.properties as Input | null
    index.add(facet!, 'ee' as Epoch, [{ record: record!, stamp: number(cell, 'stamp'), kind: kind!, properties }])
  }
  return [...index.records('c' as CollectionId)].map(({ id, kind, facets, value }) => ({ id, kind, facets, value }))
}

const signed =
  <T>(use: Label, format: Codec<T>) =>
  (input: Input): Json =>
    toJson(decode(format, verifySigned(bytes(input, 'signed'), use, devicesOf(input)).signed))

/** What rows say, put together again and verified. */
function catalogueRows(input: Input): Json {
  const [to, keyOf] = [text(input, 'to'), devicesOf(input)]
  return toJson(
    decodeRows(bytes(input, 'rows')).map(row => ({
      name: row.name,
      announcements: row.grants.map(of =>
        decode(announcement, verifySigned(signedAnnouncement(row, to, of), label.announcement, keyOf).signed),
      ),
      lines: row.lines.map(of =>
        decode(feedLines, verifySigned(signedLines(row, to, of), label.feedLines, keyOf).signed),
      ),
    })),
  )
}

function invitation(input: Input): Json {
  const of = readLink(text(input, 'link'))
  return toJson({ ...of, mac: joinMac(of.secret, of.group, text(input, 'webId'), text(input, 'root')) })
}

export const coreFormats: { [format: string]: (input: Input) => Json } = {
  record: records,
  'account-state': input => toJson(decodeState(bytes(input, 'state'))),
  'account-page': input =>
    toJson(decodeHistory(openAccountPage(bytes(input, 'page'), text(input, 'owner'), bytes(input, 'key')))),
  announcement: signed(label.announcement, announcement),
  'feed-lines': signed(label.feedLines, feedLines),
  'catalogue-rows': catalogueRows,
  'join-request': signed(label.joinRequest, request),
  'leave-request': signed(label.leaveRequest, leaveRequest),
  invitation,
  agreement(input) {
    const { until, purpose, facets } = readAgreement(bytes(input, 'signed'), text(input, 'assigner'), devicesOf(input))
    return { until, purpose, facets: [...facets] }
  },
}
