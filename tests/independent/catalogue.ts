/** SPEC §15 (N18), §16 (X9, X10): the catalogue of a group, and the announcements and feed lines that its rows say, as their owners signed. */
import { encode, need, same } from './cbor.ts'
import { groupKey, type Epoch } from './group.ts'
import { announcement, feedLines, heads } from './message.ts'
import { reference, type Find } from './pages.ts'
import { hash, openEnvelope, padme, unverified, verified, type KeyOf } from './primitives.ts'
import { bytes, fields, id, is, key, orNull, parse, rows, sized, text, uint, type Shape } from './shape.ts'

const header = fields({
  version: is(1),
  type: is('catalogue'),
  steward: text,
  sealId: id,
  group: key,
  epoch: uint,
  turn: uint,
})
const object = fields({ header: bytes, sealed: bytes })
const content = fields({ pages: rows(reference), rows: bytes })
const pageHeader = fields({ version: is(1), type: is('group-catalogue'), sealId: id, group: key })
const signature = { signer: id, signature: sized(64) }
const row = fields({
  webId: text,
  name: text,
  storage: text,
  identity: orNull(bytes),
  grants: rows(fields({ grant: id, at: uint, until: uint, collections: rows(id), ...signature })),
  lines: rows(fields({ identity: key, heads, ...signature })),
})
type Row = Shape<typeof row>

/** Who signed it, as the header says. */
export const folderOf = (stored: Uint8Array): string =>
  parse(header, parse(object, unverified(stored).bytes).header).steward

/** N18; pages by N14. The rows of the pages, then those of the head. */
export function catalogue(stored: Uint8Array, group: Uint8Array, epochs: Epoch[], keyOf: KeyOf, find: Find) {
  const { header: head, sealed } = parse(object, verified(stored, 'catalogue head', keyOf))
  const { steward, epoch: number, turn, group: of } = parse(header, head)
  const epoch = epochs.find(each => each.number === number)
  need(same(of, group) && epoch !== undefined)
  const { pages, rows: recent } = parse(content, openEnvelope(groupKey(epoch), 'group catalogue', head, sealed, padme))
  const paged = pages.map(({ sealId, hash: expected, key: pageKey }) => {
    const page = find(sealId)
    need(same(hash(page), expected))
    const { header: by, sealed: inner } = parse(object, page)
    need(same(parse(pageHeader, by).group, group))
    return parse(bytes, openEnvelope(pageKey, 'group catalogue page', by, inner, padme))
  })
  return { steward, turn, rows: [...paged, recent] }
}

/** X10: what each owner signed is put together again from the row. `keysOf` are an owner's active devices'. */
export function said(from: Uint8Array, to: string, keysOf: (webId: string, row: Row) => KeyOf) {
  return parse(rows(row), from).map(of => {
    const keyOf = keysOf(of.webId, of)
    const { webId, name, storage, grants, lines } = of
    const announced = grants.map(({ grant, at, until, collections, ...by }) => {
      const placed = collections.map(one => [one, `${storage}alveole/c/${Buffer.from(one).toString('base64url')}/`])
      return held('announcement', encode([webId, to, grant, at, until, placed]), by, keyOf)
    })
    const told = lines.map(({ identity, heads: all, ...by }) => {
      const list = all.map(one => [one.collection, one.vector.map(of => [of.device, of.commits, of.last]), one.hash])
      return held('feed lines', encode([webId, to, identity, list]), by, keyOf)
    })
    return {
      name,
      announcements: announced.map(one => parse(announcement, one)),
      lines: told.map(one => parse(feedLines, one)),
    }
  })
}

type Signed = { signer: Uint8Array; signature: Uint8Array }

const held = (use: string, body: Uint8Array, by: Signed, keyOf: KeyOf): Uint8Array =>
  verified(encode([body, by.signer, by.signature]), use, keyOf)
