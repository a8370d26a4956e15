/** Vectors of feed lines, of a group's catalogue and of the rows in it. */
import {
  cataloguePage,
  drawGroupEpoch,
  encode,
  encodeIdentity,
  label,
  random,
  sealCatalogue,
  signBytes,
  signerOf,
  toHex,
  unsafeUnverified,
  utf8,
  type CatalogueHeader,
  type Seeds,
} from '#crypto'
import { announcement } from '../../../client/core/announce.ts'
import { feedLines } from '../../../client/core/feed/lines.ts'
import { encodeRows, type Row } from '../../../client/core/feed/rows.ts'
import { collectionUrl } from '../../../client/core/paths.ts'
import type { Item } from '../../../crypto/cbor.ts'
import { cbor, changed, resigned, withMore } from './forge.ts'
import { alice, ann, ben, bob, collection, devices, time } from './people.ts'
import { drawsFor } from './random.ts'
import { cut, flip, more, write } from './write.ts'

drawsFor('feed-lines')
const to = 'https://alice.example/alveole/groups/AAAAAAAAAAAAAAAAAAAAAA/'
const heads = [{ collection, vector: [{ device: random(16), commits: 3, last: random(32) }], hash: random(32) }]
const identity = ann.identity.entries.at(-1)!
const lines = encode(feedLines, { owner: alice, to, identity, heads })
const told = (use: typeof label.feedLines | typeof label.announcement, of: Uint8Array, by = ann.device) => ({
  signed: signBytes(signerOf(by), use, of),
})
await write(
  'feed-lines',
  [{ name: 'of one folder', input: { devices, ...told(label.feedLines, lines) } }],
  [
    { name: 'of another’s device', rule: 'I5', set: told(label.feedLines, lines, ben.device) },
    { name: 'signed as an announcement', rule: 'S3', set: told(label.announcement, lines) },
    { name: 'without an entry', rule: 'O2', set: told(label.feedLines, changed(lines, [2], null)) },
    { name: 'of a vector that counts nothing', rule: 'H4', set: told(label.feedLines, changed(lines, [3, 0, 1, 0, 1], 0)) },
    { name: 'of a head without a hash', rule: 'O2', set: told(label.feedLines, changed(lines, [3, 0, 2], null)) },
    { name: 'another signature', rule: 'S2', splice: flip('signed', -1) },
  ],
)

drawsFor('catalogue-rows')
const storage = 'https://alice.example/'
const by = (use: typeof label.feedLines | typeof label.announcement, of: Uint8Array, device: Seeds = ann.device) => {
  const { signer, signature } = unsafeUnverified(signBytes(signerOf(device), use, of))
  return { signer, signature }
}
const said = { grant: random(16), at: time, until: time + 3600_000 }
const placed = [{ id: collection, url: collectionUrl(storage, collection) }]
const announced = encode(announcement, { owner: alice, to, ...said, collections: placed })
const row: Row = {
  webId: alice,
  name: 'Alice',
  storage,
  identity: encodeIdentity(ann.identity),
  grants: [{ ...said, collections: [collection], ...by(label.announcement, announced) }],
  lines: [{ identity, heads, ...by(label.feedLines, lines) }],
}
const [grant, line] = [row.grants[0]!, row.lines[0]!]
const folded = encodeRows([row])
const rowsOf = (edit: Partial<Row>) => ({ rows: encodeRows([{ ...row, ...edit }]) })
await write(
  'catalogue-rows',
  [
    { name: 'of one owner', input: { devices, to, rows: folded } },
    { name: 'of nobody', input: { devices, to, rows: encodeRows([]) } },
  ],
  [
    { name: 'of another owner', rule: 'S2', set: rowsOf({ webId: bob }) },
    { name: 'of another storage', rule: 'S2', set: rowsOf({ storage: 'https://bob.example/' }) },
    { name: 'for another group', rule: 'S2', set: { to: 'https://bob.example/' } },
    { name: 'a grant that lasts longer', rule: 'S2', set: rowsOf({ grants: [{ ...grant, until: time * 2 }] }) },
    { name: 'a grant said later', rule: 'S2', set: rowsOf({ grants: [{ ...grant, at: time + 1 }] }) },
    { name: 'a folder that was not announced', rule: 'S2', set: rowsOf({ grants: [{ ...grant, collections: [random(16)] }] }) },
    { name: 'a grant taken back by another', rule: 'S2', set: rowsOf({ grants: [{ ...grant, collections: [] }] }) },
    { name: 'a head that was not told of', rule: 'S2', set: rowsOf({ lines: [{ ...line, heads: [{ ...heads[0]!, hash: random(32) }] }] }) },
    { name: 'a line of another device', rule: 'I5', set: rowsOf({ lines: [{ ...line, ...by(label.feedLines, lines, ben.device) }] }) },
    { name: 'a line signed as an announcement', rule: 'S3', set: rowsOf({ lines: [{ ...line, ...by(label.announcement, lines) }] }) },
    { name: 'without a storage', rule: 'O2', set: { rows: changed(folded, [0, 2], null) } },
    { name: 'a field more', rule: 'O1', set: { rows: changed(folded, [0], withMore) } },
    { name: 'cut', rule: 'O2', splice: cut('rows', -1) },
  ],
)

drawsFor('catalogue')
const group = random(32)
const epochs = [drawGroupEpoch(1), drawGroupEpoch(2)]
const { reference, ...page } = cataloguePage.seal(group, folded)
const recent = encodeRows([])
const header = { version: 1, type: 'catalogue', owner: alice, group, turn: 7 } as const
const head = sealCatalogue(header, { pages: [reference], rows: recent }, epochs[1]!, signerOf(ann.device))
const stored = { [toHex(reference.sealId)]: page.bytes }
const input = { devices, group, epochs, head, ...stored }
const sealedBy = (of: Partial<CatalogueHeader>, device: Seeds = ann.device, epoch = epochs[1]!) => ({
  head: sealCatalogue({ ...header, ...of }, { pages: [reference], rows: recent }, epoch, signerOf(device)),
})
const resealed = (path: number[], item: Item) => ({ head: resigned(head, label.catalogueHead, ann.device, path, item) })
const elsewhere = cataloguePage.seal(random(32), folded)
await write(
  'catalogue',
  [
    { name: 'with a page', input },
    {
      name: 'in the head alone',
      input: { ...input, head: sealCatalogue(header, { pages: [], rows: folded }, epochs[0]!, signerOf(ann.device)) },
    },
  ],
  [
    { name: 'of another group', rule: 'N18', set: sealedBy({ group: random(32) }) },
    { name: 'by who is not the steward named', rule: 'N18', set: sealedBy({}, ben.device) },
    { name: 'of an epoch not ours', rule: 'N18', set: sealedBy({}, ann.device, drawGroupEpoch(3)) },
    { name: 'of another epoch than it says', rule: 'N18', set: resealed([0, 5], 1) },
    { name: 'with another turn', rule: 'E1', set: resealed([0, 6], 8) },
    { name: 'of another type', rule: 'O3', set: resealed([0, 1], 'group') },
    { name: 'signed as the head of a group', rule: 'S3', set: { head: signBytes(signerOf(ann.device), label.groupHead, unsafeUnverified(head).signed) } },
    { name: 'with another page', rule: 'N14', set: { [toHex(reference.sealId)]: cataloguePage.seal(group, utf8('')).bytes } },
    {
      name: 'with a page of another group',
      rule: 'N14',
      set: {
        head: sealCatalogue(header, { pages: [elsewhere.reference], rows: recent }, epochs[1]!, signerOf(ann.device)),
        [toHex(elsewhere.sealId)]: elsewhere.bytes,
      },
    },
    { name: 'no catalogue', rule: 'O2', set: { head: cbor([1]) } },
    { name: 'another byte', rule: 'S2', splice: flip('head', 60) },
    { name: 'a byte more', rule: 'O2', splice: more('head') },
    { name: 'cut', rule: 'O2', splice: cut('head', -1) },
  ],
)
