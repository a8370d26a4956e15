/** What the page may ask of the worker that holds the vault. Everything here crosses a message port: plain data only. */
import type { Language } from '#vocab'
import type {
  BlobRef,
  CollectionId,
  CollectionInfo,
  DeviceInfo,
  GrantId,
  GrantInfo,
  GroupId,
  GroupInfo,
  ImportReport,
  MemberInfo,
  OfferId,
  PersonCheck,
  Query,
  QueuedChange,
  RecordId,
  SharedView,
  Stopped,
  VaultRecord,
  ViewRow,
  WebId,
} from '../../core/types.ts'
import type { OfferPolicy } from '../../core/offers/group-offers.ts'
import type { ConsentInfo, OfferInfo } from '../../core/offers/standing.ts'
import type { MakeThumbnail } from '../../core/formats/photo/thumbnail.ts'
import type { Who } from './saved.ts'

export type Session =
  | { step: 'starting' }
  /** Open in another tab of this browser. */
  | { step: 'elsewhere' }
  | { step: 'signed-out' }
  | { step: 'no-vault'; who: Who }
  | { step: 'locked'; who: Who }
  | { step: 'open'; who: Who; kept: boolean; kitTested: string | null }

/** How vault and pod stand. */
export interface Standing {
  /** The pod does not answer: what is shown is what this device has. */
  offline: boolean
  /** Changes that wait here to be sent. */
  waiting: QueuedChange[]
}

/** `version` grows with every change in the vault: whoever shows something of it reads again. */
export interface State {
  session: Session
  version: number
  standing: Standing
}

export interface NewAccount {
  name: string
  email: string
  password: string
}

export interface SessionApi {
  /** Once, first: who is signed in here, and is the vault kept open? `takeOver`: here instead of in another tab. */
  start(server: string, takeOver: boolean, listener: (state: State) => void): Promise<void>
  signUp(account: NewAccount): Promise<void>
  signIn(email: string, password: string): Promise<void>
  /** The provider's page to visit. */
  visitProvider(providerOrWebId: string): Promise<string>
  /** The address that the provider came back to. */
  finishVisit(callback: string): Promise<void>
  signOut(): Promise<void>
  /** The words of the rescue kit, once. */
  createVault(password: string, keep: boolean, language: Language): Promise<string[]>
  unlock(password: string, keep: boolean): Promise<void>
  unlockByKit(words: string, password: string, keep: boolean): Promise<void>
  keep(on: boolean): Promise<void>
  lock(): Promise<void>
  testKit(words: string): Promise<boolean>
}

/** A record in a list. */
export interface Listed {
  id: RecordId
  kind: string
  collection: CollectionId
  label: string
  date: string | null
  modified: number
  /** A change of it waits here to be sent. */
  pending: boolean
}

export type Search = Pick<Query, 'kind' | 'collection' | 'text' | 'facet' | 'person' | 'from' | 'to'>

/** Of all that a search finds. */
export interface Overview {
  /** Most frequent first. */
  kinds: { kind: string; count: number }[]
  /** Leaf facets that occur. */
  facets: string[]
}

export interface RecordsApi {
  folders(): Promise<CollectionInfo[]>
  createFolder(name: string): Promise<CollectionInfo>
  /** Newest first. */
  list(search: Search, page: { offset: number; limit: number }, language: Language): Promise<Listed[]>
  overview(search: Search): Promise<Overview>
  /** Changed last, whatever their dates. */
  recent(limit: number, language: Language): Promise<Listed[]>
  record(id: string): Promise<VaultRecord | null>
  /** How many accesses to a copy of it as it was go on when it is deleted, or erased. */
  keptIn(id: string): Promise<number>
  removeRecord(id: string): Promise<void>
  /** As removing, and to the end: on the server nothing of it is left. */
  eraseRecord(id: string): Promise<void>
  /** A change that the pod refuses is given up. */
  discardChange(id: string): Promise<void>
  blob(ref: BlobRef, collection: CollectionId): Promise<Blob>
  /** In a list: the thumbnail that lies in the record, else the picture itself; null where there is none. */
  picture(item: Pick<Listed, 'id' | 'collection'>): Promise<Blob | null>
  /** `job` names it for `stopAdding`; `still` draws what a worker cannot. */
  add(
    job: string,
    file: File,
    folder: string,
    listener: (done: number) => void,
    still: MakeThumbnail,
  ): Promise<ImportReport>
  stopAdding(job: string): Promise<void>
}

export interface PeopleApi {
  circles(): Promise<GroupInfo[]>
  foundCircle(name: string): Promise<GroupInfo>
  invite(group: GroupId): Promise<string>
  join(link: string): Promise<GroupInfo>
  members(group: GroupId): Promise<MemberInfo[]>
  requests(group: GroupId): Promise<MemberInfo[]>
  admit(group: GroupId, webId: WebId): Promise<void>
  removeMember(group: GroupId, webId: WebId): Promise<void>
  /** The words to compare with somebody, and how they stand. */
  check(webId: WebId): Promise<PersonCheck>
  /** These words are theirs: of who was known so far, or of who has other keys than before. */
  confirmPerson(webId: WebId, words: string): Promise<void>
  reconfirmPerson(webId: WebId, words: string): Promise<void>
}

export interface DevicesApi {
  devices(): Promise<DeviceInfo[]>
  /** With the account of a server of ours, every sign-in ends too: this browser gets another, and the vault is to be opened again. */
  removeDevice(id: string, account: { email: string; password: string } | null): Promise<void>
}

export interface OffersApi {
  /** What the circle asks now, and how we stand to it. */
  offers(group: GroupId): Promise<OfferInfo[]>
  publishOffer(group: GroupId, policy: OfferPolicy): Promise<void>
  withdrawOffer(group: GroupId, offer: OfferId): Promise<void>
  /** `version`: the one that the page shows. */
  acceptOffer(offer: OfferId, version: string, facets: string[]): Promise<void>
  /** `tell`: the circle too. */
  refuseOffer(offer: OfferId, tell: boolean): Promise<void>
  withdrawConsent(offer: OfferId): Promise<void>
  /** The last answer. */
  receipt(offer: OfferId): Promise<ConsentInfo>
}

export interface Sharing {
  to: WebId | GroupId
  collections: CollectionId[]
  facets: string[]
  until: Date
  purpose: string
}

export interface WithMe {
  owner: WebId
  ownerName: string
  grant: string
}

export interface SharingApi {
  /** Leaf facets that occur in these folders, with the number of records. */
  facetsIn(collections: CollectionId[]): Promise<{ facet: string; records: number }[]>
  share(sharing: Sharing): Promise<GrantInfo>
  shares(): Promise<GrantInfo[]>
  revoke(grant: GrantId): Promise<GrantInfo>
  /** Of one that is over: its keys change now, not with the next write. */
  rotate(grant: GrantId): Promise<GrantInfo>
  extend(grant: GrantId, until: Date): Promise<GrantInfo>
  stopEverything(): Promise<Stopped>
  /** On a device that was just let in: the list is right. */
  confirmShares(): Promise<void>
  sharedWithMe(): Promise<WithMe[]>
  view(of: GroupId | WebId, language: Language): Promise<SharedView>
  viewBlob(row: ViewRow, ref: BlobRef): Promise<Blob>
}

export interface MediaApi {
  /** An address of this origin that plays it, until it is closed or the vault is locked. */
  media(ref: BlobRef, collection: CollectionId): Promise<string>
  viewMedia(row: ViewRow, ref: BlobRef): Promise<string>
  closeMedia(address: string): Promise<void>
  /** What the service worker asks: media/messages.ts says how it goes on over the port. */
  serveMedia(name: string, range: string | null, port: MessagePort): Promise<void>
}

export interface ExportApi {
  /** Into this file, or as a blob where there is none. `job` names it for `stopExport`; the listener is told of the bytes so far. */
  exportAll(
    job: string,
    to: FileSystemFileHandle | null,
    passphrase: string | null,
    listener: (bytes: number) => void,
  ): Promise<Blob | null>
  stopExport(job: string): Promise<void>
}

export type Api = SessionApi & RecordsApi & PeopleApi & OffersApi & DevicesApi & SharingApi & MediaApi & ExportApi
