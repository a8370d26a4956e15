/**
 * The catalogue of a group: what its members announced, folded (SPEC N18, N19). A small head, replaced at each folding, names
 * immutable pages and holds what is newer than they are. What the rows say is client/core's: each is signed by its owner.
 *
 *   head    = signed( [ header, envelope(group key of `epoch`, header, [[reference of a page, …], rows]) ] )
 *   header  = [version, "catalogue", signing steward, seal id, group, epoch, turn]
 *   page    = [ [version, "group-catalogue", seal id, group], envelope(page key, header, rows) ]                 (group-page.ts)
 */
import { equal } from './bytes.ts'
import { bytes, decode, encode, list, struct, uint, type Of } from './codec.ts'
import { open, seal } from './envelope.ts'
import { tampered } from './errors.ts'
import { groupKey, type GroupEpoch } from './group-epoch.ts'
import { pageKind } from './group-page.ts'
import { label } from './labels.ts'
import { drawSealId, hash32, headerStart, type Unsealed } from './object.ts'
import { padme } from './padding.ts'
import { reference } from './reference.ts'
import { signBytes, unsafeUnverified, verifySigned, type Signer } from './signed.ts'

const header = struct({
  ...headerStart('catalogue'),
  group: hash32,
  epoch: uint,
  /** Counts the foldings, from 1: an older one is known by it. */
  turn: uint,
})
const object = struct({ header: bytes, sealed: bytes })
const content = struct({ pages: list(reference), rows: bytes })

export type CatalogueHeader = Of<typeof header>
export type Catalogue = Of<typeof content>

export const cataloguePage = pageKind('group-catalogue', label.cataloguePage, bytes)

export function sealCatalogue(
  of: Omit<Unsealed<CatalogueHeader>, 'epoch'>,
  catalogue: Catalogue,
  epoch: GroupEpoch,
  signer: Signer,
): Uint8Array {
  const head = encode(header, { ...of, epoch: epoch.number, sealId: drawSealId() })
  const sealed = seal(groupKey(epoch), label.catalogue, head, encode(content, catalogue), padme)
  return signBytes(signer, label.catalogueHead, encode(object, { header: head, sealed }))
}

/** Before anything is checked: whose identity must be read, and which epoch's key. */
export const unsafeCatalogueHeader = (from: Uint8Array): CatalogueHeader =>
  decode(header, decode(object, unsafeUnverified(from).signed).header)

/** Throws where it is not of this group and `epoch`, or not signed by a device of the steward whom it names. */
export function openCatalogue(
  from: Uint8Array,
  group: Uint8Array,
  epoch: GroupEpoch,
  publicKeyOf: (signer: Uint8Array) => Uint8Array | null,
): Catalogue {
  verifySigned(from, label.catalogueHead, publicKeyOf)
  return unsafeCatalogue(from, group, epoch)
}

/** Whoever signed it, somebody with the group's key: for a steward to fold what a steward of before had folded. */
export function unsafeCatalogue(from: Uint8Array, group: Uint8Array, epoch: GroupEpoch): Catalogue {
  const { header: head, sealed } = decode(object, unsafeUnverified(from).signed)
  const of = decode(header, head)
  if (!equal(of.group, group) || of.epoch !== epoch.number) return tampered('the catalogue of another group or epoch')
  return decode(content, open(groupKey(epoch), label.catalogue, head, sealed, padme))
}
