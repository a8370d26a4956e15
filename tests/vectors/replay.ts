/** How each format's vectors are replayed against crypto/: from the input of a vector to its output. */
import {
  checkGroupHead,
  deviceKey,
  facetKey,
  fromHex,
  fromWords,
  label,
  manifestKey,
  narrow,
  openAccountState,
  openGrantPage,
  openGroupHead,
  openGroupMessage,
  openIdentity,
  openKeyring,
  openManifest,
  openMessage,
  openOwnerPart,
  openPart,
  openPasswordSlot,
  openSection,
  openSegment,
  readGroupLog,
  rootId,
  toWords,
  unsafeGroupHeader,
  unwrapGenerations,
  unwrapGroupEpoch,
  unwrapPrevious,
  verifyAccount,
  verifyHead,
  type EpochKey,
  type FacetKey,
  type GroupEpoch,
  type KeyOf,
  type ManifestKey,
} from '#crypto'
import { decodeCbor, type Item } from '../../crypto/cbor.ts'
import { open } from '../../crypto/envelope.ts'
import { sectionKey, sectionTag } from '../../crypto/facet-keys.ts'
import { none, padme, section, steps, type Padding } from '../../crypto/padding.ts'
import { toJson, type Input, type Json } from './vector.ts'

const text = (input: Input, name: string): string => input[name] as string
const bytes = (input: Input, name: string): Uint8Array => fromHex(text(input, name))
const number = (input: Input, name: string): number => input[name] as number
const many = (input: Input, name: string): Input[] => input[name] as Input[]

const padding = (rule: string): Padding => ({ none, padme, section })[rule] ?? steps(Number(rule))

/** CBOR as JSON that loses nothing: byte strings as `{ "bytes": … }`. */
const itemJson = (item: Item): Json =>
  item instanceof Uint8Array ? { bytes: toJson(item) } : Array.isArray(item) ? item.map(itemJson) : (item as Json)

/** The signing keys of devices that a vector gives as `devices: { id: public key }`. */
const devicesOf = (input: Input) => (signer: Uint8Array) => {
  const key = (input.devices as { [id: string]: string })[toJson(signer) as string]
  return key === undefined ? null : fromHex(key)
}

/** A group's authors, as `authors: [{ webId, root, id, sign }]`. */
function authorsOf(input: Input): KeyOf {
  return (author, root, signer) => {
    const of = many(input, 'authors').find(
      ({ webId, root: theirs, id }) => webId === author && theirs === root && id === toJson(signer),
    )
    return of ? bytes(of, 'sign') : null
  }
}

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
  const opened = openKeyring(
    bytes(input, 'keyring'),
    { owner: text(input, 'owner'), collection: bytes(input, 'collection'), grant },
    seeds,
  )
  if (!opened) return null
  const { manifest, newest } = opened
  return toJson({ manifest, newest, page: openGrantPage(grant, opened, opened.page.sealed!) })
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

/** From the head that the host serves and a member's X-Wing seed to the members. */
function group(input: Input): Json {
  const [from, id] = [bytes(input, 'head'), bytes(input, 'group')]
  const header = unsafeGroupHeader(from)
  const epoch = unwrapGroupEpoch(id, header.epoch, header.wraps, bytes(input, 'kem'))
  if (!epoch) return null
  const { entries } = openGroupHead(from, id, epoch, devicesOf(input))
  const state = readGroupLog(entries, authorsOf(input))
  checkGroupHead(header, state, epoch)
  const { name, members, exposed } = state
  return toJson({ id: state.id, name, members, exposed, epochs: unwrapPrevious(id, epoch, header.previous) })
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

export const replay: { [format: string]: (input: Input) => Json | Promise<Json> } = {
  cbor: input => itemJson(decodeCbor(bytes(input, 'cbor'))),
  envelope(input) {
    const use = Object.values(label).find(known => known === input.label)!
    return toJson(
      open(bytes(input, 'key'), use, bytes(input, 'header'), bytes(input, 'sealed'), padding(text(input, 'padding'))),
    )
  },
  'facet-keys': facets,
  segment(input) {
    const opened = openSegment(
      bytes(input, 'segment'),
      text(input, 'owner'),
      bytes(input, 'collection'),
      bytes(input, 'key'),
    )
    return toJson(openSection(opened, bytes(input, 'facetKey') as FacetKey))
  },
  head,
  keyring,
  'blob-part'(input) {
    const name = {
      blob: bytes(input, 'blob'),
      sealId: bytes(input, 'sealId'),
      index: number(input, 'index'),
      hash: bytes(input, 'hash'),
    }
    return toJson(openPart(bytes(input, 'key'), name, bytes(input, 'part')))
  },
  'identity-log': identity,
  account,
  'group-log': group,
  message,
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
  'recovery-words'(input) {
    const secret = fromWords(text(input, 'words'))
    return toJson({ secret, en: toWords(secret, 'en').join(' '), fr: toWords(secret, 'fr').join(' ') })
  },
}
