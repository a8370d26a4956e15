/** The public API of the core. */
export { createVault, openVault } from './opening.ts'
export { moveVault } from './move/move-vault.ts'
export type { Vault } from './vault.ts'
export type { CreateOptions } from './create.ts'
export { hasVault, type OpenOptions } from './open.ts'
export { solidPod } from './solid-pod.ts'
export type { ObjectStore } from './object-store.ts'
export { notifications, type Notifications } from './notifications.ts'
export { memoryStore, type Store } from './store.ts'
export { isBlob } from './blob-refs.ts'
export type { AgeKeys, AgeRecipient } from './exports/age.ts'
export { looksLikeAge } from './exports/archive.ts'
export type { ExportedFile, ExportForm } from './exports/files.ts'
export { MANIFEST } from './exports/manifest.ts'
export { isSource } from './exports/source.ts'
export type { Narrower } from './grants/grants.ts'
export type { GrantRequest } from './grants/terms.ts'
export type { SelectionRequest } from './selections/selections.ts'
export type { ImportOptions } from './import.ts'
export type { ByteRange } from './blobs/open-blob.ts'
export type { Reencrypted } from './blobs/reencrypt.ts'
export type { Consent } from './offers/consent-record.ts'
export type { Choice } from './offers/consents.ts'
export type { OfferPolicy } from './offers/group-offers.ts'
export { consentWords, offerWords, type OfferWords } from './offers/in-words.ts'
export type { OfferTerms } from './offers/offer.ts'
export type { ConsentInfo, OfferInfo, OfferState } from './offers/standing.ts'
export type { Pod, PodReply, Profile } from './pod.ts'
export type { SourceFile } from './formats/format.ts'
export type { Repair } from './repair.ts'
export type { Diagnosis, Verification } from './verify.ts'
export type {
  BlobRef,
  CollectionId,
  CollectionInfo,
  DeviceInfo,
  DeviceSeal,
  GrantId,
  GrantInfo,
  GrantProgress,
  GrantState,
  GroupId,
  GroupInfo,
  ImportReport,
  JournalLine,
  MemberInfo,
  OfferId,
  PersonCheck,
  PersonInfo,
  Query,
  QueuedChange,
  RecordId,
  RecordRow,
  SelectionInfo,
  SharedView,
  Stopped,
  Surroundings,
  Unlock,
  VaultRecord,
  ViewRow,
  WebId,
} from './types.ts'
