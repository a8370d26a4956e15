/** Every parser of foreign bytes: valid samples, and how one takes an input. A new parser is one entry. */
import { readdirSync, readFileSync } from 'node:fs'
import {
  decode,
  encode,
  fromBase64Url,
  fromHex,
  fromUtf8,
  fromWords,
  hash,
  openPasswordSlot,
  toBase64Url,
  toHex,
  toWords,
  utf8,
  vector,
} from '#crypto'
import { decodeState, encodeState } from '../../client/core/account-state.ts'
import { readAcl } from '../../client/core/acl.ts'
import { announcement } from '../../client/core/announce.ts'
import { checkForeign } from '../../client/core/collections/foreign-cells.ts'
import { file } from '../../client/core/formats/file.ts'
import type { Format } from '../../client/core/formats/format.ts'
import { fhir } from '../../client/core/formats/fhir.ts'
import { gedcom } from '../../client/core/formats/gedcom.ts'
import { image } from '../../client/core/formats/image.ts'
import { jpeg } from '../../client/core/formats/jpeg.ts'
import { recognise } from '../../client/core/formats/registry.ts'
import { readLink } from '../../client/core/groups/link.ts'
import { request } from '../../client/core/groups/request.ts'
import { decodeCbor, encodeCbor } from '../../crypto/cbor.ts'
import { decodeCells, encodeCells } from '../../crypto/cells.ts'
import { hasHeader } from '../../crypto/object.ts'
import { decodePasswordSlot, encodePasswordSlot } from '../../crypto/password.ts'
import { unsafeUnverified } from '../../crypto/signed.ts'
import { layered, type Layered } from '../crypto/layers.ts'
import { samplePath, samplesPresent, sampleNames } from '../samples.ts'
import { replay } from '../vectors/replay.ts'
import { type Input, type VectorFile } from '../vectors/vector.ts'

/** `base` says what around the bytes stays as it is: a vector's other fields, or which layer they replace. */
export interface Sample {
  base: number
  bytes: Uint8Array
}
export interface Parser {
  name: string
  samples: readonly Sample[]
  /** Throws where it refuses. */
  feed(input: Sample): unknown
  /** Of a canonical format: what was read, written again. Must be the same bytes. */
  again?(bytes: Uint8Array): Uint8Array
}

const vectors = readdirSync(new URL('../vectors/', import.meta.url))
  .filter(name => name.endsWith('.json'))
  .map(name => JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8')) as VectorFile)

/** The field of each format's vectors that the host or a stranger writes. */
const foreignField: { [format: string]: string } = {
  account: 'account',
  'account-state': 'state',
  agreement: 'signed',
  announcement: 'signed',
  'blob-page': 'page',
  'blob-part': 'part',
  'device-slot': 'slot',
  envelope: 'sealed',
  'group-entries': 'log',
  'group-log': 'head',
  head: 'head',
  'identity-log': 'log',
  'join-request': 'signed',
  kem: 'sealed',
  keyring: 'keyring',
  'manifest-page': 'page',
  message: 'message',
  'queued-write': 'queued',
  segment: 'segment',
}

function ofVectors({ format, valid }: VectorFile): Parser[] {
  const field = foreignField[format]
  if (!field) return []
  const inputs = valid.map(({ input }) => input).filter(input => typeof input[field] === 'string')
  return [
    {
      name: format,
      samples: inputs.map((input, base) => ({ base, bytes: fromHex(input[field] as string) })),
      feed: ({ base, bytes }) => replay[format]!(withField(inputs[base % inputs.length]!, field, bytes)),
    },
  ]
}

/** A hash that names the bytes follows them: the parser behind it is what is looked at. */
const withField = (input: Input, field: string, bytes: Uint8Array): Input => ({
  ...input,
  [field]: toHex(bytes),
  ...(input.hash !== undefined && { hash: toHex(hash(bytes)) }),
})

/** Behind the seal: one layer is altered, and all around it sealed and signed again. */
const behindSeal = ({ name, layers, build, open }: Layered): Parser => ({
  name: `sealed ${name}`,
  samples: layers.map((layer, base) => ({ base, bytes: layerOf(build, layer) })),
  feed({ base, bytes }) {
    const altered = layers[base % layers.length]!
    return open(build((layer, written) => (layer === altered ? bytes : written)))
  },
})

function layerOf(build: Layered['build'], wanted: string): Uint8Array {
  let found = new Uint8Array()
  build((layer, written) => {
    if (layer === wanted) found = written.slice()
    return written
  })
  return found
}

const samplesOf = (format: string, field: string): Uint8Array[] =>
  (vectors.find(one => one.format === format)?.valid ?? [])
    .map(({ input }) => input[field])
    .filter(value => typeof value === 'string')
    .map(fromHex)
const textsOf = (format: string, field: string): Uint8Array[] =>
  (vectors.find(one => one.format === format)?.valid ?? []).map(({ input }) => utf8(input[field] as string))

/** A parser of bytes and no more; `again` where its writer gives the same bytes. */
const plain = (
  name: string,
  samples: Uint8Array[],
  read: (bytes: Uint8Array) => unknown,
  again?: Parser['again'],
): Parser => ({
  name,
  samples: samples.map(bytes => ({ base: 0, bytes })),
  feed: ({ bytes }) => read(bytes),
  ...(again && { again }),
})

const canonical = (name: string, samples: Uint8Array[], again: (bytes: Uint8Array) => Uint8Array): Parser =>
  plain(name, samples, again, again)

const inText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

const slotSample = encodePasswordSlot({
  salt: new Uint8Array(16),
  passes: 3,
  memory: 2 ** 26,
  owner: 'https://alice.example/profile/card#me',
  sealed: new Uint8Array(152),
})
/** Only the refusal before any work: a cost within bounds is never paid here. */
function slot(bytes: Uint8Array): unknown {
  const read = decodePasswordSlot(bytes)
  const within = read.memory >= 2 ** 26 && read.memory <= 2 ** 30 && read.passes >= 3 && read.passes <= 16
  return within ? read : openPasswordSlot('', read.owner, read)
}

function cells(bytes: Uint8Array): void {
  const read = decodeCells(bytes)
  checkForeign(read)
  decodeCells(encodeCells(read)) // what was let in can be written
}
const cellsSample = encodeCells([
  { record: '00'.repeat(16), stamp: 5, kind: 'Photo', properties: { a: [1, { b: 'é' }], __proto__x: null } },
  { record: '11'.repeat(16), stamp: 6, kind: '', properties: null },
])

const acl = utf8(
  '@prefix acl: <http://www.w3.org/ns/auth/acl#>.\n<#a> a acl:Authorization; acl:agent <https://a.example/#me>;\n' +
    '  acl:accessTo <./>; acl:mode acl:Read, acl:Write.\n',
)

/** Every item is drawn, and attachments are read to their end. */
async function drain(format: Format | null, bytes: Uint8Array): Promise<void> {
  const source = { name: 'sample', blob: new Blob([bytes as Uint8Array<ArrayBuffer>]) }
  for await (const item of (format ?? (await recognise(source))).read(source)) {
    if ('draft' in item) for (const { blob } of item.draft.attachments ?? []) await blob.arrayBuffer()
  }
}

const SAMPLE_BYTES = 192 * 1024
const published = (...folders: string[]): Uint8Array[] =>
  samplesPresent
    ? folders.flatMap(folder =>
        sampleNames(folder).map(name => readFileSync(samplePath(`${folder}/${name}`)).subarray(0, SAMPLE_BYTES)),
      )
    : []
const fixture = new Uint8Array(readFileSync(new URL('../formats/fixtures/bundle.fhir', import.meta.url)))
const tree = utf8(
  '0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n0 @I1@ INDI\n1 NAME Ann /Bee/\n1 BIRT\n2 DATE 1 MAY 1950\n0 TRLR\n',
)
const png = fromHex('89504e470d0a1a0a0000000d4948445200000001000000010806000000')
const jpg = fromHex('ffd8ffe000104a46494600010100000100010000ffc0000b080001000101011100ffda0008010100003f0000ffd9')

const formats: Parser[] = [
  plain('fhir', [fixture, ...published('ips')], bytes => drain(fhir, bytes)),
  plain('gedcom', [tree, ...published('gedcom').map(bytes => bytes.subarray(0, 16_384))], bytes =>
    drain(gedcom, bytes),
  ),
  plain('jpeg', [jpg, ...published('photos')], bytes => drain(jpeg, bytes)),
  plain('image', [png, ...published('photos')], bytes => drain(image, bytes)),
  plain('file', [fixture, png], bytes => drain(file, bytes)),
  plain('recognition', [fixture, tree, jpg, png], bytes => drain(null, bytes)),
]

export const parsers: readonly Parser[] = [
  ...vectors.flatMap(ofVectors),
  ...layered.map(behindSeal),
  canonical('cbor', samplesOf('cbor', 'cbor'), bytes => encodeCbor(decodeCbor(bytes))),
  canonical('state', samplesOf('account-state', 'state'), bytes => encodeState(decodeState(bytes))),
  canonical('vector', samplesOf('version-vector', 'vector'), bytes => encode(vector, decode(vector, bytes))),
  canonical(
    'announced',
    samplesOf('announcement', 'signed').map(signed => unsafeUnverified(signed).signed),
    bytes => encode(announcement, decode(announcement, bytes)),
  ),
  canonical(
    'request',
    samplesOf('join-request', 'signed').map(signed => unsafeUnverified(signed).signed),
    bytes => encode(request, decode(request, bytes)),
  ),
  canonical('base64url', [utf8('AAECAwQ'), utf8('_-8')], bytes => utf8(toBase64Url(fromBase64Url(fromUtf8(bytes))))),
  canonical('utf8', [utf8('été \u{1f41d}\u{feff}')], bytes => utf8(fromUtf8(bytes))),
  plain('password slot', [slotSample], slot, bytes => encodePasswordSlot(decodePasswordSlot(bytes))),
  plain('signed', samplesOf('announcement', 'signed'), unsafeUnverified),
  plain('header', samplesOf('segment', 'segment'), hasHeader),
  plain('cells', [cellsSample], cells),
  plain('words', textsOf('recovery-words', 'words'), bytes => toWords(fromWords(inText(bytes)), 'fr')),
  plain('invitation', textsOf('invitation', 'link'), bytes => readLink(inText(bytes))),
  plain('access list', [acl], bytes => readAcl('https://a.example/', bytes)),
  ...formats,
]
