/**
 * What of a folded catalogue stands where: what is new in the head itself, as long as that stays small; else all in fresh pages,
 * without what ended and who went.
 */
import { cataloguePage, equal, toHex, type Catalogue, type StoredObject } from '#crypto'
import type { CatalogueRead } from './catalogue.ts'
import { encodeRows, type Announced, type Row } from './rows.ts'

const DAY = 24 * 3600_000
/** Bytes of rows that the head holds: what a reader fetches when anything changed. */
const IN_HEAD = 32 * 1024
const PAGE = 1024 * 1024
/** However much there is, so many pages: 10,000 grants are listed in ten requests, whoever grants. */
const PAGES = 8
/** What one owner has in it at most (A35). */
const EACH = 2000

/** Pages that are made stand behind the others of `stored`. */
export function arranged(
  group: Uint8Array,
  rows: readonly Row[],
  before: Pick<CatalogueRead, 'pages' | 'paged'> | null,
  now: number,
  stored: StoredObject[],
): Catalogue {
  const live = rows.map(row => lasting(row, now)).filter(({ grants }) => grants.length)
  const recent = before?.pages.length ? encodeRows(newer(rows, live, before.paged)) : encodeRows(live)
  if (recent.length <= IN_HEAD && !isStale(before?.paged ?? [], live))
    return { pages: before?.pages ?? [], rows: recent }
  const pages = split(live).map(page => {
    const { reference, ...object } = cataloguePage.seal(group, page)
    stored.push(object)
    return reference
  })
  return { pages, rows: encodeRows([]) }
}

/** Without what was taken back or is over, and no more than one owner may have. */
function lasting(row: Row, now: number): Row {
  const isLive = ({ collections, until }: Announced): boolean => collections.length > 0 && now < until + DAY
  const grants = row.grants.filter(isLive).sort((a, b) => b.at - a.at)
  const granted = new Set(grants.flatMap(({ collections }) => collections.map(toHex)))
  const lines = row.lines.filter(({ heads }) => heads.some(({ collection }) => granted.has(toHex(collection))))
  return { ...row, grants: grants.slice(0, EACH), lines: lines.slice(-EACH) }
}

/** What the pages have not; of what was taken back, only what they still have. */
function newer(rows: readonly Row[], live: readonly Row[], paged: readonly Row[]): Row[] {
  const signed = new Set(paged.flatMap(({ grants, lines }) => [...grants, ...lines].map(by => toHex(by.signature))))
  const inPages = new Set(paged.flatMap(({ webId, grants }) => grants.map(({ grant }) => `${webId} ${toHex(grant)}`)))
  const logs = new Map(paged.map(({ webId, identity }) => [webId, identity]))
  const byOwner = new Map(live.map(row => [row.webId, row]))
  return rows.flatMap(row => {
    const over = row.grants.filter(of => !of.collections.length && inPages.has(`${row.webId} ${toHex(of.grant)}`))
    const { grants = [], lines = [] } = byOwner.get(row.webId) ?? {}
    const fresh = {
      grants: [...grants, ...over].filter(by => !signed.has(toHex(by.signature))),
      lines: lines.filter(by => !signed.has(toHex(by.signature))),
    }
    const logged = logs.get(row.webId)
    const isSame = !row.identity || (logged ? equal(logged, row.identity) : false)
    if (!fresh.grants.length && !fresh.lines.length && isSame) return []
    return [{ ...row, ...fresh, identity: isSame ? null : row.identity }]
  })
}

/** A quarter of what the pages have is over, or its owners went. */
function isStale(paged: readonly Row[], live: readonly Row[]): boolean {
  const alive = new Set(live.flatMap(({ webId, grants }) => grants.map(({ grant }) => `${webId} ${toHex(grant)}`)))
  const all = paged.flatMap(({ webId, grants }) => grants.map(({ grant }) => `${webId} ${toHex(grant)}`))
  return all.filter(grant => !alive.has(grant)).length * 4 > all.length
}

function split(rows: readonly Row[]): Uint8Array[] {
  const sizes = rows.map(row => encodeRows([row]).length)
  const size = Math.max(PAGE, sizes.reduce((sum, each) => sum + each, 0) / (PAGES - 1))
  const pages: Row[][] = []
  let left = 0
  for (const [i, row] of rows.entries()) {
    if (!pages.length || sizes[i]! > left) {
      pages.push([])
      left = size
    }
    pages.at(-1)!.push(row)
    left -= sizes[i]!
  }
  return pages.map(encodeRows)
}
