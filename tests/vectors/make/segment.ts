/** Vectors of segments, and of the records that their cells make. */
import { drawEpochKey, epochName, facetKey, random, sealSegment, toHex, utf8, type FacetKey } from '#crypto'
import type { Item } from '../../../crypto/cbor.ts'
import { seal } from '../../../crypto/envelope.ts'
import { sectionKey, sectionTag } from '../../../crypto/facet-keys.ts'
import { label } from '../../../crypto/labels.ts'
import { section as sectionPadding, steps } from '../../../crypto/padding.ts'
import { kdf } from '../../../crypto/primitives.ts'
import { cbor, changed, reversed } from './forge.ts'
import { alice, bob, collection, time } from './people.ts'
import { drawsFor } from './random.ts'
import { cut, flip, more, write } from './write.ts'

drawsFor('segment')
const [epochId, epochKey] = [random(8), drawEpochKey()]
const epoch = epochName(epochId)
const record = toHex(random(16))
const segment = await sealSegment(
  alice,
  collection,
  [
    {
      epoch,
      facet: 'health/medications',
      cells: [
        { record, stamp: time, kind: 'medication', properties: { name: 'paracétamol' } },
        { record: toHex(random(16)), stamp: time + 1, kind: 'medication', properties: null },
      ],
    },
    { epoch, facet: 'photos', cells: [] },
  ],
  (_, path) => facetKey(epochKey, path),
)
const [F, photos] = [facetKey(epochKey, 'health/medications'), facetKey(epochKey, 'photos')]
const input = { segment: segment.bytes, owner: alice, collection, key: segment.key, facetKey: F }

/** One section, or as many as told, made by hand. */
const [sealId, key] = [random(16), random(32)]
const header = cbor([1, 'segment', alice, sealId, collection])
const ids = random(32)
const stamps = [time, time + 1]
const bodies = '[["medication",{"name":"paracétamol"}],["medication",null]]'
const sealedSection = (cells: Item, under = sectionKey(F, key, sealId)): Uint8Array =>
  seal(under, label.sectionBody, header, cbor(cells), sectionPadding)
const whole = sealedSection([ids, stamps, bodies])
const other = sealedSection([new Uint8Array(), [], '[]'], sectionKey(photos, key, sealId))
const rowOf = (of: FacetKey, offset: number, size: number): Item => [sectionTag(of, key, sealId), epochId, offset, size]
const byHand = (rows: Item, body: Uint8Array): object => ({
  ...input,
  key,
  segment: cbor([header, seal(key, label.table, header, cbor(rows), steps(256)), body]),
})
const two = new Uint8Array([...whole, ...other])
const rows = [rowOf(F, 0, whole.length), rowOf(photos, whole.length, other.length)].toSorted((a, b) =>
  Buffer.compare((a as [Uint8Array])[0], (b as [Uint8Array])[0]),
)
/** Sections in the order of their tags, as rows must be. */
const inOrder = rows[0] === rows.find(row => (row as Item[])[2] === 0)
const swappedBody = new Uint8Array([...other, ...whole])
const sortedRows: Item = inOrder ? rows : [rowOf(photos, 0, other.length), rowOf(F, other.length, whole.length)]
const sortedBody = inOrder ? two : swappedBody
const cells = (of: Item): object => {
  const made = sealedSection(of)
  return byHand([rowOf(F, 0, made.length)], made)
}
const from = 'by hand'
const refused = (name: string, rule: string, set: object) => ({ name, rule, from, set })

await write(
  'segment',
  [
    { name: 'two cells', input },
    { name: 'no cells', input: { ...input, facetKey: photos } },
    { name: 'not there', rule: 'G4', input: { ...input, facetKey: facetKey(epochKey, 'family') } },
    { name: 'by hand', input: byHand(sortedRows, sortedBody) },
    {
      name: 'a property that would be a prototype',
      input: cells([ids.subarray(16), [time], '[["x",{"__proto__":{"a":1},"b":2}]]']),
    },
    {
      name: 'the same, spelled with escapes',
      input: cells([
        ids.subarray(16),
        [time],
        String.raw`[["x",{"\u005f_proto__":{"a":1},"b":[{"__pr\u006fto__":1}]}]]`,
      ]),
    },
  ],
  [
    { name: 'another owner', rule: 'O3', set: { owner: bob } },
    { name: 'another collection', rule: 'O3', splice: flip('collection', 0) },
    { name: 'another version', rule: 'O3', splice: { field: 'segment', at: 4, remove: 1, insert: '02' } },
    { name: 'another type', rule: 'O3', set: { segment: changed(segment.bytes, [0, 1], 'section') } },
    {
      name: 'a header with one field more',
      rule: 'O3',
      set: { segment: changed(segment.bytes, [0], cbor([1, 'segment', alice, sealId, collection, 0])) },
    },
    {
      name: 'a header that is no byte string',
      rule: 'O1',
      set: { segment: changed(segment.bytes, [0], [1, 'segment', alice, sealId, collection]) },
    },
    { name: 'no header', rule: 'O1', set: { segment: cbor([new Uint8Array(64), new Uint8Array()]) } },
    { name: 'another segment key', rule: 'E2', splice: flip('key', 0) },
    { name: 'cut', rule: 'O2', splice: cut('segment', -1) },
    { name: 'a byte more', rule: 'O2', splice: more('segment') },
    { name: 'no segment', rule: 'O2', set: { segment: '' } },
    { name: 'not even CBOR', rule: 'O5', set: { segment: utf8('<html>') } },
    refused('rows out of order', 'G2', byHand(reversed(sortedRows), sortedBody)),
    refused(
      'a row twice',
      'G2',
      byHand([rowOf(F, 0, whole.length), rowOf(F, whole.length, whole.length)], new Uint8Array([...whole, ...whole])),
    ),
    refused('a gap before the first', 'G3', byHand([rowOf(F, 1, whole.length)], new Uint8Array([0, ...whole]))),
    refused('a body that goes on', 'G3', byHand([rowOf(F, 0, whole.length)], new Uint8Array([...whole, 0]))),
    refused('a row beyond the body', 'G3', byHand([rowOf(F, 0, whole.length + 1)], whole)),
    refused('no rows, yet a body', 'G3', byHand([], whole)),
    refused(
      'a section under the facet’s key alone',
      'K5',
      byHand([rowOf(F, 0, whole.length)], sealedSection([ids, stamps, bodies], F)),
    ),
    refused(
      'a section under another segment’s key',
      'K5',
      byHand([rowOf(F, 0, whole.length)], sealedSection([ids, stamps, bodies], sectionKey(F, random(32), sealId))),
    ),
    refused(
      'a section under another epoch’s facet',
      'K5',
      byHand([rowOf(F, 0, whole.length)], sealedSection([ids, stamps, bodies], kdf(F, label.facet))),
    ),
    refused('an id too few', 'G5', cells([ids.subarray(16), stamps, bodies])),
    refused('half an id', 'G5', cells([ids.subarray(1), stamps, bodies])),
    refused('a stamp too few', 'G5', cells([ids, [time], bodies])),
    refused('a body too few', 'G5', cells([ids, stamps, '[["medication",null]]'])),
    refused('a body of three', 'G5', cells([ids, stamps, '[["medication",null,1],["medication",null]]'])),
    refused('a kind that is no text', 'G5', cells([ids, stamps, '[[1,null],["medication",null]]'])),
    refused('properties in a list', 'G5', cells([ids, stamps, '[["medication",[]],["medication",null]]'])),
    refused('no list of bodies', 'G5', cells([ids, stamps, '{"length":2}'])),
    refused('bodies that are not JSON', 'G5', cells([ids, stamps, 'medication'])),
    refused('bodies as bytes', 'G5', cells([ids, stamps, utf8(bodies)])),
  ],
)

const cell = (facet: string, stamp: number, kind: string, properties: object | null): object => ({
  record,
  facet,
  stamp,
  kind,
  properties,
})
const [what, dose] = ['health/medications/what', 'health/medications/dosage']
const [old, dosage] = [
  cell(what, 1, 'Medication', { form: 'aspirine' }),
  cell(dose, 2, 'Medication', { dosage: ['1 g'] }),
]
const newer = cell(what, 3, 'Medication', { form: 'paracétamol' })
const merged = (name: string, rule: string, ...all: object[]) => ({ name, rule, input: { cells: all } })
await write(
  'record',
  [
    merged('of two facets', 'G7', old, dosage),
    merged('the later stamp stands', 'G6', old, dosage, newer),
    merged('whatever came first, and how often', 'G6', newer, dosage, old, newer),
    merged('a facet gone', 'G7', dosage, newer, cell(dose, 4, 'Medication', null)),
    merged('all facets gone', 'G7', dosage, cell(dose, 4, 'Medication', null)),
    merged('deleted for good, whatever the stamps', 'G6', cell(what, 1, '', null), newer, dosage),
    merged('one stamp: the greater text', 'G6', cell(what, 3, 'Medication', { form: 'Z' }), newer),
    merged('one stamp, the other way round', 'G6', newer, cell(what, 3, 'Medication', { form: 'Z' })),
    merged(
      'one property in two facets: the later',
      'G7',
      cell(what, 5, 'A', { note: 'later' }),
      cell(dose, 2, 'B', { note: 'sooner' }),
    ),
    merged(
      'one property, one stamp: the greater path',
      'G7',
      cell(what, 5, 'A', { note: 'what' }),
      cell(dose, 5, 'B', { note: 'dosage' }),
    ),
    merged(
      'by code units, not by alphabet',
      'G6',
      cell(what, 3, 'A', { x: '\u{1f41d}' }),
      cell(what, 3, 'A', { x: '\uffee' }),
    ),
  ],
  [],
)
