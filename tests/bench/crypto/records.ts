/**
 * Cells of health records sealed into segments and opened from them, on the same paths as a collection's: beside libsodium's
 * cipher alone on the sections' bytes, and beside `JSON.parse` of the JSON in them. That is bytes, as is whatever comes from a server:
 * nobody parses it who has not decoded it first. What the parsing alone takes is told too.
 */
import sodium, { ready } from 'libsodium-wrappers'
import {
  drawEpochKey,
  epochName,
  facetKey,
  fromUtf8,
  hash,
  objectName,
  random,
  sealSegment,
  toBase64Url,
  utf8,
  type Manifest,
  type Section,
  type SegmentEntry,
} from '#crypto'
import { encodeCells } from '../../../crypto/cells.ts'
import { ENVELOPE_BYTES, sealBulk } from '../../../crypto/envelope.ts'
import { label } from '../../../crypto/labels.ts'
import { CellIndex } from '../../../client/core/collections/cell-index.ts'
import { addToSections, cut, type Write } from '../../../client/core/collections/pack.ts'
import { fetchSegments, type Place } from '../../../client/core/collections/sections.ts'
import { leaves } from '../../../client/core/leaves.ts'
import { inParallel } from '../../../client/core/parallel.ts'
import type { Pod } from '../../../client/core/pod.ts'
import type { CollectionId } from '../../../client/core/types.ts'
import { turns, type Turns } from './turns.ts'

const ROUNDS = 9
const OWNER = 'https://pod.example/profile/card#me'
const [id, key, epochId, nonce] = [random(16), drawEpochKey(), random(8), random(24)]
const epoch = epochName(epochId)

export interface RecordTimes {
  records: number
  cells: number
  segments: number
  /** Of the JSON in the sections. */
  bytes: number
  /** `bytes`: sections that are written as bytes already, sealed and hashed. */
  seal: Turns<'alveole' | 'sodium' | 'bytes'>
  /** `text`: to parse what is text already. */
  open: Turns<'alveole' | 'json' | 'text'>
}

interface Sealed {
  entries: SegmentEntry[]
  files: Map<string, Uint8Array<ArrayBuffer>>
}

/** As many at a time as a collection seals (seal-anew.ts). */
async function sealAll(writes: readonly Write[]): Promise<Sealed> {
  const files: Sealed['files'] = new Map()
  const entries = await inParallel([...cut(addToSections([], epoch, writes))], async sections => {
    const {
      sealId,
      key: segmentKey,
      bytes,
    } = await sealSegment(OWNER, id, sections, (_, facet) => facetKey(key, facet))
    files.set(objectName(sealId), bytes as Uint8Array<ArrayBuffer>)
    return { sealId, hash: hash(bytes), size: bytes.length, key: segmentKey, epochs: [epochId] }
  })
  return { entries, files }
}

/** From bytes that are there to the merged index, hashes checked. */
async function openAll({ entries, files }: Sealed): Promise<CellIndex> {
  const get: Pod['get'] = async url => {
    const body = files.get(url.slice(url.lastIndexOf('/') + 1))
    return body ? { status: 200, etag: null, type: '', body } : null
  }
  const place: Place = { pod: { get } as Pod, owner: OWNER, id, container: `https://pod.example/${toBase64Url(id)}/` }
  const manifest: Manifest = { tail: random(32), segments: entries, pages: [], condemned: [] }
  const keys = { leaves: leaves(), keyOf: (_: string, leaf: string) => facetKey(key, leaf) }
  const { sections } = await fetchSegments(place, manifest, keys, new Set())
  const index = new CellIndex()
  for (const { facet, epoch, cells } of sections) index.add(facet, epoch, cells)
  return index
}

const sealBytes = (plaintexts: readonly Uint8Array[]): Promise<Uint8Array[]> =>
  inParallel(plaintexts, async bytes => {
    const sealed = new Uint8Array(bytes.length + ENVELOPE_BYTES)
    await sealBulk(key, label.sectionBody, id, bytes, sealed)
    return hash(sealed)
  })

const sodiumSeal = (plaintexts: readonly Uint8Array[]): Uint8Array[] =>
  plaintexts.map(bytes => sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(bytes, null, null, nonce, key))

const jsonOf = ({ cells }: Section): string => JSON.stringify(cells.map(({ kind, properties }) => [kind, properties]))

/** `json`: cells, as text. What one half of the bench was about is not left for the other to carry through each collection. */
export async function recordTimes(json: string): Promise<RecordTimes> {
  await ready
  const { sealed, texts, ...sealing } = await sealTimes(JSON.parse(json) as Write[])
  const jsons = texts.map(utf8)
  const opened = [...(await openAll(sealed)).records(toBase64Url(id) as CollectionId)]
  if (opened.length !== sealing.records) throw new Error(`${opened.length} records of ${sealing.records}`)
  return {
    ...sealing,
    open: await turns(
      {
        alveole: () => openAll(sealed),
        json: () => jsons.map(bytes => JSON.parse(fromUtf8(bytes))),
        text: () => texts.map(text => JSON.parse(text)),
      },
      ROUNDS,
    ),
  }
}

async function sealTimes(
  writes: readonly Write[],
): Promise<Omit<RecordTimes, 'open'> & { sealed: Sealed; texts: string[] }> {
  const sections = [...cut(addToSections([], epoch, writes))].flat()
  const [plaintexts, texts] = [sections.map(({ cells }) => encodeCells(cells)), sections.map(jsonOf)]
  const sealed = await sealAll(writes)
  return {
    sealed,
    texts,
    records: new Set(writes.map(({ record }) => record)).size,
    cells: writes.length,
    segments: sealed.entries.length,
    bytes: texts.reduce((sum, text) => sum + utf8(text).length, 0),
    seal: await turns(
      {
        alveole: () => sealAll(writes),
        sodium: () => sodiumSeal(plaintexts),
        bytes: () => sealBytes(plaintexts),
      },
      ROUNDS,
    ),
  }
}
