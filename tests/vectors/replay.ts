/** How each format's vectors are replayed against crypto/: from the input of a vector to its output. */
import {
  AlveoleError,
  checkWords,
  decode,
  deviceKey,
  facetKey,
  fromHex,
  fromWords,
  label,
  manifestKey,
  narrow,
  openAccessBatch,
  openAccountState,
  openBlobPage,
  openForDevice,
  openGrantPage,
  openGroupMessage,
  openIdentity,
  openIndexRun,
  openKeyring,
  openManifest,
  openManifestPage,
  openMessage,
  openOwnerPart,
  openPart,
  openPasswordSlot,
  openQueuedWrite,
  openSection,
  openSegment,
  order,
  readCheckCode,
  rootId,
  toWords,
  unwrapGenerations,
  vector,
  verifyAccount,
  verifyHead,
  type EpochKey,
  type FacetKey,
  type GroupEpoch,
  type ManifestKey,
} from '#crypto'
import { decodeCbor, type Item } from '../../crypto/cbor.ts'
import { open } from '../../crypto/envelope.ts'
import { sectionKey, sectionTag } from '../../crypto/facet-keys.ts'
import { openWith } from '../../crypto/kem.ts'
import type { Label } from '../../crypto/labels.ts'
import { none, padme, section, steps, type Padding } from '../../crypto/padding.ts'
import { kemEncapsulate } from '../../crypto/primitives.ts'
import { coreFormats } from './replay-core.ts'
import { catalogue, group, groupEntries } from './replay-group.ts'
import { bytes, devicesOf, many, number, text, toJson, type Input, type Json } from './vector.ts'

const padding = (rule: string): Padding => ({ none, padme, section })[rule] ?? steps(Number(rule))

/** CBOR as JSON that loses nothing: byte strings as `{ "bytes": … }`. */
const itemJson = (item: Item): Json =>
  item instanceof Uint8Array ? { bytes: toJson(item) } : Array.isArray(item) ? item.map(itemJson) : (item as Json)

function head(input: Input): Json {
  const read = verifyHead(bytes(input, 'head'), text(input, 'owner'), bytes(input, 'collection'), devicesOf(input))
  return toJson({
    header: read.header,
    owner: openOwnerPart(read, bytes(input, 'generationKey')),
    manifest: openManifest(read, bytes(input, 'manifestKey') as ManifestKey),
  })
}

function keyring(input: Input): Json {
  const grant = bytes(input, 'grant')
  const seeds = (input.seeds as string[]).map(fromHex)
  const of = { owner: text(input, 'owner'), collection: bytes(input, 'collection'), grant }
  const opened = openKeyring(bytes(input, 'keyring'), of, seeds)
  if (!opened) return null
  const { manifest, newest } = opened
  const page = opened.page.sealed ?? bytes(input, 'page') // an object of its own, where the keyring has none
  return toJson({ manifest, newest, page: openGrantPage(grant, opened, page) })
}

function account(input: Input): Json {
  const read = verifyAccount(bytes(input, 'account'), text(input, 'owner'), devicesOf(input))
  const generations = unwrapGenerations(read.header, { sign: bytes(input, 'sign'), kem: bytes(input, 'kem') })
  return toJson({ generations, state: openAccountState(read, generations.at(-1)!) })
}

function identity(input: Input): Json {
  const read = openIdentity(bytes(input, 'log'))
  const { webId, generation, kem, exposed, devices } = read
  const active = devices.filter(({ id }) => deviceKey(read, id)).map(({ id, name, kind }) => ({ id, name, kind }))
  return toJson({ webId, root: rootId(read), generation, kem, exposed, active, devices: devices.length })
}

function message(input: Input): Json {
  if (input.kem) return toJson(openMessage(bytes(input, 'kem'), bytes(input, 'message')))
  const epochs = many(input, 'epochs').map((of): GroupEpoch => ({
    number: number(of, 'number'),
    secret: bytes(of, 'secret'),
  }))
  return toJson(openGroupMessage(epochs, bytes(input, 'message')))
}

function facets(input: Input): Json {
  const epoch = bytes(input, 'epochKey') as EpochKey
  const [ancestor, path] = [text(input, 'ancestor'), text(input, 'path')]
  const facet: FacetKey = narrow(facetKey(epoch, ancestor), ancestor, path)
  const of = [facet, bytes(input, 'segmentKey'), bytes(input, 'sealId')] as const
  return toJson({ manifest: manifestKey(epoch), facet, section: sectionKey(...of), tag: sectionTag(...of) })
}

/** Sealed to a public key; or a public key alone, to be sealed to. */
function kem(input: Input): Json {
  if (input.public) return toJson(kemEncapsulate(bytes(input, 'public')).ciphertext.length)
  const use = labelOf(input)
  return toJson(
    openWith(
      bytes(input, 'seed'),
      use,
      bytes(input, 'header'),
      bytes(input, 'sealed'),
      padding(text(input, 'padding')),
    ),
  )
}

const labelOf = (input: Input): Label => Object.values(label).find(known => known === input.label)!

export const replay: { [format: string]: (input: Input) => Json | Promise<Json> } = {
  ...coreFormats,
  cbor: input => itemJson(decodeCbor(bytes(input, 'cbor'))),
  envelope: input =>
    toJson(
      open(
        bytes(input, 'key'),
        labelOf(input),
        bytes(input, 'header'),
        bytes(input, 'sealed'),
        padding(text(input, 'padding')),
      ),
    ),
  kem,
  'version-vector': input => order(decode(vector, bytes(input, 'vector')), decode(vector, bytes(input, 'other'))),
  'manifest-page': input =>
    toJson(
      openManifestPage(bytes(input, 'page'), text(input, 'owner'), bytes(input, 'collection'), bytes(input, 'key')),
    ),
  'index-run': input =>
    JSON.parse(
      JSON.stringify(
        openIndexRun(bytes(input, 'run'), text(input, 'owner'), bytes(input, 'collection'), bytes(input, 'key')),
      ),
    ) as Json,
  'blob-page': input =>
    toJson(openBlobPage(bytes(input, 'key'), bytes(input, 'blob'), bytes(input, 'hash'), bytes(input, 'page'))),
  'device-slot': input =>
    toJson(openForDevice({ sign: bytes(input, 'sign'), kem: bytes(input, 'kem') }, bytes(input, 'slot'))),
  'queued-write': input =>
    toJson(openQueuedWrite({ sign: bytes(input, 'sign'), kem: bytes(input, 'kem') }, bytes(input, 'queued'))),
  'facet-keys': facets,
  async segment(input) {
    const opened = openSegment(
      bytes(input, 'segment'),
      text(input, 'owner'),
      bytes(input, 'collection'),
      bytes(input, 'key'),
    )
    return toJson(await openSection(opened, bytes(input, 'facetKey') as FacetKey))
  },
  head,
  keyring,
  async 'blob-part'(input) {
    const name = {
      blob: bytes(input, 'blob'),
      sealId: bytes(input, 'sealId'),
      index: number(input, 'index'),
      hash: bytes(input, 'hash'),
    }
    return toJson(await openPart(bytes(input, 'key'), name, bytes(input, 'part')))
  },
  'identity-log': identity,
  account,
  'group-log': group,
  'group-entries': groupEntries,
  catalogue,
  message,
  'access-batch': input => toJson(openAccessBatch(bytes(input, 'kem'), bytes(input, 'batch'))),
  async 'password-slot'(input) {
    const slot = {
      salt: bytes(input, 'salt'),
      passes: number(input, 'passes'),
      memory: number(input, 'memory'),
      owner: text(input, 'slotOwner'),
      sealed: bytes(input, 'sealed'),
    }
    return toJson(await openPasswordSlot(text(input, 'password'), text(input, 'owner'), slot))
  },
  check(input) {
    const [one, other] = ['one', 'other'].map(who => ({ webId: text(input, who), root: text(input, `${who}Root`) }))
    const read = readCheckCode(text(input, 'code'))
    if (!read) throw new AlveoleError('usage', 'no code')
    const { en, fr } = checkWords(one!, other!)
    return toJson({ ...read, en: en.join(' '), fr: fr.join(' ') })
  },
  'recovery-words'(input) {
    const secret = fromWords(text(input, 'words'))
    return toJson({ secret, en: toWords(secret, 'en').join(' '), fr: toWords(secret, 'fr').join(' ') })
  },
}
