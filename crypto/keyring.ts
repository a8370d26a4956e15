/**
 * The keyring of a collection: one envelope per live grant, whatever the size of the group (SPEC R1–R6).
 *
 *   [ header, envelopes, pages ]
 *   header   = [version, "keyring", owner, seal id, collection, epoch]
 *   envelope = [grant, X-Wing ciphertext ‖ envelope(header ‖ grant, [M, agreement hash, newest keys, page]) padded to 512]
 *   page     = envelope(page key, grant ‖ page id, [agreement, all facet keys]): here when small, else an object of its own
 *
 * A recipient finds its envelope by the grant's random id; nothing says who the recipient is.
 */
import { compare, concat, equal } from './bytes.ts'
import { bytes, decode, encode, fixed, list, optional, struct, text, where, type Codec, type Of } from './codec.ts'
import { isCode, tampered } from './errors.ts'
import { open, seal } from './envelope.ts'
import type { FacetKey, ManifestKey } from './facet-keys.ts'
import { openWith, sealTo } from './kem.ts'
import { label } from './labels.ts'
import { drawSealId, hash32, headerStart, id16, key32 } from './object.ts'
import { padme, type Padding } from './padding.ts'
import { hash, random } from './primitives.ts'

const header = struct({ ...headerStart('keyring'), collection: id16, epoch: fixed(8) })
const grantKey = struct({ epoch: fixed(8), facet: text, key: key32 })
const payload = struct({
  manifest: key32,
  agreement: hash32,
  /** Keys of the newest epoch, as many as fit. */
  newest: list(grantKey),
  page: struct({ id: id16, key: key32, hash: optional(hash32) }), // hash: set where the page is an object of its own
})
const page = struct({ agreement: bytes, keys: list(grantKey) })
/** R2: sorted by their random ids, so that no order tells the age of a grant or which page is whose. */
const byId = <T extends { id: Uint8Array }>(of: Codec<T>): Codec<T[]> =>
  where(list(of), 'ids sorted, each once', all => all.every(({ id }, i) => i === 0 || compare(all[i - 1]!.id, id) < 0))
const named = struct({ id: id16, sealed: bytes })
const object = struct({ header: bytes, envelopes: byId(named), pages: byId(named) })

/** The key of one facet in one epoch, as a grant gives it. */
export interface GrantKey {
  epoch: Uint8Array
  facet: string
  key: FacetKey
}
export interface GrantEnvelope {
  grant: Uint8Array
  /** X-Wing public key of the person's account generation or of the group's epoch. */
  to: Uint8Array
  manifest: ManifestKey
  /** The signed agreement, whole. */
  agreement: Uint8Array
  /** Newest epoch first. */
  keys: GrantKey[]
}
export interface SealedKeyring {
  sealId: Uint8Array
  bytes: Uint8Array
  hash: Uint8Array
  /** Pages too large to stand in the keyring, to be stored before it. */
  pages: { id: Uint8Array; bytes: Uint8Array }[]
}

const PAYLOAD_BYTES = 512
const NEWEST_BYTES = 192
const INLINE_PAGE_BYTES = 8192
/** R4: one length for all, whatever is in them. */
const payloadPadding: Padding = () => PAYLOAD_BYTES

export function sealKeyring(
  owner: string,
  collection: Uint8Array,
  epoch: Uint8Array,
  grants: GrantEnvelope[],
): SealedKeyring {
  const sealId = drawSealId()
  const head = encode(header, { version: 1, type: 'keyring', owner, sealId, collection, epoch })
  const sealed = grants.map(grant => sealGrant(head, grant))
  const envelopes = sealed.map(({ envelope }) => envelope).sort((a, b) => compare(a.id, b.id))
  const pages = sealed.flatMap(({ inline, page }) => (inline ? page : [])).sort((a, b) => compare(a.id, b.id))
  const whole = encode(object, { header: head, envelopes, pages })
  const apart = sealed.filter(({ inline }) => !inline).map(({ page: { id, sealed: bytes } }) => ({ id, bytes }))
  return { sealId, bytes: whole, hash: hash(whole), pages: apart }
}

function sealGrant(head: Uint8Array, grant: GrantEnvelope) {
  const [id, key] = [drawSealId(), random(32)]
  const sealedPage = seal(key, label.grantPage, concat(grant.grant, id), encode(page, grant), padme)
  const inline = sealedPage.length <= INLINE_PAGE_BYTES
  const body: Of<typeof payload> = {
    manifest: grant.manifest,
    agreement: hash(grant.agreement),
    newest: fitting(grant.keys),
    page: { id, key, hash: inline ? null : hash(sealedPage) },
  }
  const sealed = sealTo(
    grant.to,
    label.keyringEnvelope,
    concat(head, grant.grant),
    encode(payload, body),
    payloadPadding,
  )
  return { envelope: { id: grant.grant, sealed }, page: { id, sealed: sealedPage }, inline }
}

function fitting(keys: GrantKey[]): GrantKey[] {
  let size = 0
  return keys.filter(key => equal(key.epoch, keys[0]!.epoch) && (size += encode(grantKey, key).length) <= NEWEST_BYTES)
}

export interface OpenedGrant {
  manifest: ManifestKey
  agreementHash: Uint8Array
  newest: GrantKey[]
  page: { id: Uint8Array; key: Uint8Array; hash: Uint8Array | null; sealed: Uint8Array | null }
}

/** null where the keyring has no envelope of this grant. The caller has checked the keyring's hash against the head. */
export function openKeyring(
  from: Uint8Array,
  of: { owner: string; collection: Uint8Array; grant: Uint8Array },
  seeds: Uint8Array[],
): OpenedGrant | null {
  const { header: head, envelopes, pages } = decode(object, from)
  const read = decode(header, head)
  if (read.owner !== of.owner || !equal(read.collection, of.collection)) return tampered('a keyring of elsewhere')
  const envelope = envelopes.find(({ id }) => equal(id, of.grant))
  if (!envelope) return null
  const opened = decode(payload, openWithAny(seeds, concat(head, of.grant), envelope.sealed))
  const inline = pages.find(({ id }) => equal(id, opened.page.id))
  if (!inline && !opened.page.hash) return tampered('a page left out') // R5
  return {
    manifest: opened.manifest as ManifestKey,
    agreementHash: opened.agreement,
    newest: opened.newest as GrantKey[],
    page: { ...opened.page, sealed: inline?.sealed ?? null },
  }
}

/** How many grants have their page in an object of its own; which ones, only their recipients can tell. */
export function pagesApart(from: Uint8Array): number {
  const { envelopes, pages } = decode(object, from)
  return envelopes.length - pages.length
}

/** A group's older epochs keep their seeds: the envelope does not say which it is sealed to. */
function openWithAny(seeds: Uint8Array[], head: Uint8Array, sealed: Uint8Array): Uint8Array {
  for (const seed of seeds) {
    try {
      return openWith(seed, label.keyringEnvelope, head, sealed, payloadPadding)
    } catch (error) {
      if (!isCode(error, 'tampered')) throw error
    }
  }
  return tampered('sealed to none of our keys, or altered')
}

export function openGrantPage(
  grant: Uint8Array,
  opened: OpenedGrant,
  sealed: Uint8Array,
): { agreement: Uint8Array; keys: GrantKey[] } {
  const { id, key, hash: expected } = opened.page
  if (expected && !equal(hash(sealed), expected)) return tampered(`does not open: ${label.grantPage}`) // E5
  const read = decode(page, open(key, label.grantPage, concat(grant, id), sealed, padme))
  if (!equal(hash(read.agreement), opened.agreementHash)) return tampered('another agreement')
  return { agreement: read.agreement, keys: read.keys as GrantKey[] }
}
