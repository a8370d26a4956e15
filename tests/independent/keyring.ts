/** SPEC §10 (R): a keyring, read as a grantee: one envelope found by the grant's id, facet keys in it and on a page. */
import { join, need, same } from './cbor.ts'
import { hash, openEnvelope, openWithAny, padme } from './primitives.ts'
import { bytes, fields, id, is, key, orNull, parse, rows, sized, sorted, text, type Shape } from './shape.ts'

const header = fields({ version: is(1), type: is('keyring'), owner: text, sealId: id, collection: id, epoch: sized(8) })
const byId = sorted(fields({ id, sealed: bytes }), row => row.id)
const object = fields({ header: bytes, envelopes: byId, pages: byId })
const facetKey = fields({ epoch: sized(8), facet: text, key })
const payload = fields({
  manifest: key,
  agreement: key,
  newest: rows(facetKey),
  page: fields({ id, key, hash: orNull(key) }),
})
const page = fields({ agreement: bytes, keys: rows(facetKey) })

export type FacetKey = Shape<typeof facetKey>
export interface Granted {
  manifest: Uint8Array
  newest: FacetKey[]
  agreement: Uint8Array
  keys: FacetKey[]
  /** Whether the page was an object of its own. */
  apart: boolean
}

/** Null: no envelope of this grant. `apart` fetches a page that does not stand in the keyring. */
export function granted(
  stored: Uint8Array,
  expected: { owner: string; collection: Uint8Array; grant: Uint8Array },
  seeds: Uint8Array[],
  apart: (pageId: Uint8Array) => Uint8Array | null,
): Granted | null {
  const { header: headerBytes, envelopes, pages } = parse(object, stored)
  const { owner, collection } = parse(header, headerBytes)
  need(owner === expected.owner && same(collection, expected.collection))
  const { grant } = expected
  const mine = envelopes.find(each => same(each.id, grant))
  if (!mine) return null
  const opened = parse(
    payload,
    openWithAny(seeds, 'keyring envelope', join(headerBytes, grant), mine.sealed, () => 512),
  )
  const inside = pages.find(each => same(each.id, opened.page.id))?.sealed ?? null
  const sealed = inside ?? (opened.page.hash && apart(opened.page.id))
  need(sealed !== null && (!opened.page.hash || same(hash(sealed), opened.page.hash)))
  const read = parse(page, openEnvelope(opened.page.key, 'grant page', join(grant, opened.page.id), sealed, padme))
  need(same(hash(read.agreement), opened.agreement))
  return { manifest: opened.manifest, newest: opened.newest, apart: opened.page.hash !== null, ...read }
}
