/**
 * Rows of a catalogue: of each owner what they announced and which heads they told of, with their signatures, so that who folds can
 * leave out but not forge (SPEC X10). What a row says once is not repeated: the signed bytes are put together again from it.
 */
import {
  decode,
  encode,
  equal,
  fixed,
  hash32,
  id16,
  joinSigned,
  list,
  optional,
  bytes,
  order,
  struct,
  text,
  toHex,
  uint,
  type Of,
} from '#crypto'
import { announcement, type Announcement } from '../announce.ts'
import { collectionUrl } from '../paths.ts'
import { feedLines, toldHead, type ToldHead } from './lines.ts'

const signature = { signer: id16, signature: fixed(64) }
const announced = struct({ grant: id16, at: uint, until: uint, collections: list(id16), ...signature })
const told = struct({ identity: hash32, heads: list(toldHead), ...signature })
const row = struct({
  webId: text,
  /** As a profile showed it to who folded: to be shown, and used for nothing. */
  name: text,
  storage: text,
  /** Their identity log; null where the pages have it. */
  identity: optional(bytes),
  grants: list(announced),
  lines: list(told),
})
export type Row = Of<typeof row>
export type Announced = Of<typeof announced>
export type Told = Of<typeof told>

export const encodeRows = (rows: readonly Row[]): Uint8Array => encode(list(row), [...rows])
export const decodeRows = (from: Uint8Array): Row[] => decode(list(row), from)

/** Announced collections stand in one storage, or are not their owner's (X6). */
export const announcementOf = ({ webId, storage }: Row, to: string, of: Announced): Announcement => ({
  owner: webId,
  to,
  grant: of.grant,
  at: of.at,
  until: of.until,
  collections: of.collections.map(id => ({ id, url: collectionUrl(storage, id) })),
})

export const signedAnnouncement = (of: Row, to: string, by: Announced): Uint8Array =>
  joinSigned({ ...by, signed: encode(announcement, announcementOf(of, to, by)) })

export const signedLines = ({ webId }: Row, to: string, by: Told): Uint8Array =>
  joinSigned({ ...by, signed: encode(feedLines, { ...by, owner: webId, to }) })

/** A row that verified. `removed`: the devices of its owner that were, as hexadecimal digits. */
export interface Verified {
  row: Row
  removed: ReadonlySet<string>
}

/** One row an owner: of each grant what was announced last, of each collection the newest head that was told. */
export function merged(all: readonly Verified[]): Row[] {
  const byOwner = new Map<string, Verified[]>()
  for (const of of all) byOwner.set(of.row.webId, [...(byOwner.get(of.row.webId) ?? []), of])
  return [...byOwner.values()].map(joined)
}

/**
 * Where they announced last from is where they are; and a device that was removed has the last word on nothing that one in use said
 * anything of (X10).
 */
function joined(all: readonly Verified[]): Row {
  const gone = new Set(all.flatMap(({ removed }) => [...removed]))
  const rows = all.map(({ row }) => row)
  const inUse = ({ signer }: Announced): boolean => !gone.has(toHex(signer))
  const later: Later = (a, b) => Number(inUse(a)) - Number(inUse(b)) || a.at - b.at
  const last = rows.reduce((a, b) => (isLater(later, newest(b.grants, later), newest(a.grants, later)) ? b : a))
  const here = rows.filter(({ storage }) => storage === last.storage)
  const logs = rows.flatMap(({ identity }) => identity ?? [])
  return {
    ...last,
    identity: logs.reduce<Uint8Array | null>((a, b) => (a && a.length >= b.length ? a : b), null),
    grants: newestOfEach(
      here.flatMap(({ grants }) => grants),
      later,
    ),
    lines: current(rows.flatMap(({ lines }) => lines)),
  }
}

/** Above 0 where of two the first counts. */
type Later = (a: Announced, b: Announced) => number

const newest = (grants: readonly Announced[], later: Later): Announced | null =>
  grants.reduce<Announced | null>((a, b) => (a && later(a, b) > 0 ? a : b), null)

const isLater = (later: Later, a: Announced | null, b: Announced | null): boolean => !b || (!!a && later(a, b) >= 0)

function newestOfEach(grants: readonly Announced[], later: Later): Announced[] {
  const byGrant = new Map<string, Announced>()
  for (const grant of grants) {
    const name = toHex(grant.grant)
    const known = byGrant.get(name)
    if (!known || later(known, grant) <= 0) byGrant.set(name, grant)
  }
  return [...byGrant.values()]
}

/** Two that contradict each other are both kept, and no more of them: they prove a fork. */
const SIDES = 2

export function current(lines: readonly Told[]): Told[] {
  const byCollection = new Map<string, { head: ToldHead; line: Told }[]>()
  for (const line of lines)
    for (const head of line.heads) {
      const name = toHex(head.collection)
      const known = byCollection.get(name) ?? []
      if (known.some(one => covers(one.head, head))) continue
      const rest = known.filter(one => order(one.head.vector, head.vector) !== 'before')
      byCollection.set(name, [{ head, line }, ...rest].slice(0, SIDES))
    }
  return [...new Set([...byCollection.values()].flat().map(({ line }) => line))]
}

const covers = (a: ToldHead, b: ToldHead): boolean => {
  const is = order(a.vector, b.vector)
  return is === 'after' || (is === 'equal' && equal(a.hash, b.hash))
}
