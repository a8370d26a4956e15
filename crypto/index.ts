/** What the rest of the project may use of crypto. Bytes in, bytes out; the rules are in SPEC.md. */
export { AlveoleError, isCode, type ErrorCode } from './errors.ts'
export { compare, concat, equal, fromBase64Url, fromHex, fromUtf8, release, toBase64Url, toHex, utf8 } from './bytes.ts'
export {
  bool,
  bytes,
  decode,
  encode,
  fixed,
  list,
  literal,
  oneOf,
  optional,
  struct,
  text,
  uint,
  union,
  type Codec,
  type Of,
} from './codec.ts'
export { hash, kdf, random, wipe, wipeScratch } from './primitives.ts'
export { label } from './labels.ts'
export { drawSealId, hasHeader, objectName, hash32, id16, key32, type Unsealed } from './object.ts'
export { joinSigned, signBytes, unsafeUnverified, verifySigned, type Signed, type Signer } from './signed.ts'
export { advance, commitsOf, order, vector, type Order, type Vector } from './vector.ts'
export {
  drawEpochKey,
  facetKey,
  manifestKey,
  narrow,
  type Epoch,
  type EpochKey,
  type FacetKey,
  type ManifestKey,
} from './facet-keys.ts'
export {
  epochsOf,
  openSection,
  openSegment,
  sealSegment,
  type OpenedSegment,
  type SealedSegment,
  type Section,
} from './segment.ts'
export type { Cell } from './cells.ts'
export {
  epochBytes,
  epochName,
  openManifest,
  openOwnerPart,
  sealHead,
  unsafeHeadHeader,
  verifyHead,
  type HeadHeader,
  type Manifest,
  type OwnerPart,
  type SegmentEntry,
  type SignedHead,
} from './head.ts'
export { reference, type Reference } from './reference.ts'
export { openManifestPage, sealManifestPage } from './manifest-page.ts'
export { openIndexRun, sealIndexRun, type Brief, type Covered, type IndexEntry, type OpenedRun } from './index-run.ts'
export {
  openGrantPage,
  openKeyring,
  pagesApart,
  sealKeyring,
  type GrantEnvelope,
  type GrantKey,
  type OpenedGrant,
} from './keyring.ts'
export { CHUNK_BYTES, openPart, PART_BYTES, sealPart, type PartName, type SealedPart } from './blob.ts'
export { openBlobPage, sealBlobPage, type PartList } from './blob-page.ts'
export {
  continues,
  deviceKey,
  drawSeeds,
  encodeIdentity,
  extendIdentity,
  foundIdentity,
  keyId,
  openIdentity,
  publicOf,
  rootId,
  rootSeeds,
  signerOf,
  type Device,
  type Identity,
  type IdentityBody,
  type PublicKeys,
  type Seeds,
} from './identity.ts'
export { openAccountPage, sealAccountPage } from './account-page.ts'
export {
  drawGeneration,
  generationPublic,
  openAccountState,
  sealAccount,
  unsafeAccountHeader,
  unwrapGenerations,
  verifyAccount,
  wrapGenerations,
  type AccountHeader,
  type AccountWraps,
  type Generation,
  type SignedAccount,
} from './account.ts'
export {
  decodePasswordSlot,
  encodePasswordSlot,
  FLOOR,
  openPasswordSlot,
  POD_SLOT,
  sealPasswordSlot,
  type PasswordCost,
  type PasswordSlot,
  type SlotContent,
} from './password.ts'
export { openForDevice, sealForDevice } from './device-slot.ts'
export { openQueuedWrite, sealQueuedWrite, type QueuedWrite } from './queued-write.ts'
export { areCheckWords, checkWords, readCheckCode, writeCheckCode, type CheckWords, type Party } from './check.ts'
export { fromWords, toWords } from './recovery.ts'
export { drawGroupEpoch, groupKem, groupKemSeed, unwrapPrevious, wrapPrevious, type GroupEpoch } from './group-epoch.ts'
export {
  enrolledKeys,
  groupLeaf,
  openEnrolment,
  sealEnrolment,
  type EnrolmentType,
  type StoredObject,
} from './enrolment.ts'
export {
  checkStewardKey,
  climb,
  fetched,
  leafKey,
  readTree,
  sealNode,
  treeShelf,
  type Child,
  type KeyTree,
  type Leaf,
  type StewardKeys,
} from './key-tree.ts'
export { renewed, renewedChild, type Renewal } from './tree-renewal.ts'
export { BUCKET, edited, emptyTrie, leafNamed, leavesOf, type Edit, type Reading, type Wanted } from './trie.ts'
export {
  cataloguePage,
  openCatalogue,
  sealCatalogue,
  unsafeCatalogue,
  unsafeCatalogueHeader,
  type Catalogue,
  type CatalogueHeader,
} from './catalogue.ts'
export { extendGroupLog, readGroupLog } from './group-log.ts'
export {
  nextGroupEntry,
  unsafeAuthors,
  unsafeGroupEntry,
  type GroupBody,
  type GroupState,
  type KeyOf,
  type Member,
  type Role,
} from './group-entry.ts'
export { isChain, unsafePoint, type ChainPoint } from './chain.ts'
export { archivePage, type Archived } from './archive.ts'
export {
  checkpointEntries,
  checkpointPage,
  memberOfRow,
  readCheckpoint,
  sealCheckpoint,
  type Checkpoint,
} from './checkpoint.ts'
export { rosterName, rosterPage, rosterShelf, type RosterNode } from './roster.ts'
export {
  checkGroupHead,
  openGroupHead,
  sealGroupHead,
  unsafeGroupHeader,
  type GroupHeader,
  type GroupLogPart,
} from './group-head.ts'
export {
  ACCESS_START,
  accessBatches,
  frameAccessBatch,
  openAccessBatch,
  sealAccessBatch,
  unsafeAccessLink,
  type AccessChain,
  type AccessRead,
} from './access-batch.ts'
export {
  MESSAGE_BYTES,
  openGroupMessage,
  openMessage,
  sealGroupMessage,
  sealMessage,
  unsafeMessageEpoch,
} from './message.ts'
