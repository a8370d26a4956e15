/** The shapes that the public API speaks in. */
import type { ErrorCode } from '#crypto'
import type { RecordValue } from '#vocab'
import type { Pod } from './pod.ts'
import type { ObjectStore } from './object-store.ts'
import type { Store } from './store.ts'

declare const brand: unique symbol
/** 32 hexadecimal digits. */
export type RecordId = string & { [brand]: 'record' }
/** 22 characters: the name of the collection's container. */
export type CollectionId = string & { [brand]: 'collection' }
/** IRI of a group: the URL of its container. */
export type GroupId = string & { [brand]: 'group' }
/** IRI of a grant: `urn:uuid:…`. */
export type GrantId = string & { [brand]: 'grant' }
/** IRI of what a group asks: `urn:uuid:…`, the same from version to version. */
export type OfferId = string & { [brand]: 'offer' }
export type WebId = string

/** What everything depends on; passed, never registered. */
export interface Surroundings {
  pod: Pod
  store: Store
  /** What this device keeps of what the pod stores: it then opens without a network. Without it every look asks the pod. */
  objects?: ObjectStore
  /** Whether the network is to be spared for now: nothing is fetched then that nobody asked for. */
  isMetered?: () => boolean
  /** Milliseconds since 1970. */
  clock?: () => number
}

/** Seals this device's keys with something that does not leave it: a non-extractable WebCrypto key, a passkey. */
export interface DeviceSeal {
  seal(secret: Uint8Array): Promise<Uint8Array>
  open(sealed: Uint8Array): Promise<Uint8Array>
}

export type Unlock =
  | { password: string }
  /** The rescue kit; on a new device `password` becomes the device's own. */
  | { words: string | readonly string[]; password: string }
  | { seal: DeviceSeal }

export interface CollectionInfo {
  id: CollectionId
  name: string
  url: string
}

/** A record as whoever reads it may see it. */
export interface VaultRecord {
  id: RecordId
  kind: string
  collection: CollectionId
  /** The leaf facets that are visible here. */
  facets: string[]
  /** Only the properties of the visible facets. */
  value: RecordValue
  /** Last change, milliseconds since 1970. */
  modified: number
  /** Some of it waits on this device, and is not in the pod yet. */
  pending?: true
}

/** A write that waits on this device for its pod. */
export interface QueuedChange {
  id: string
  collection: CollectionId
  records: RecordId[]
  /** Milliseconds since 1970. */
  at: number
  /** Why the pod refuses it for good; null: it is sent as soon as the pod answers. */
  problem: ErrorCode | null
}

/** Lives in a record's property; the key in it opens the blob. */
export interface BlobRef {
  type: 'blob'
  blob: string
  key: string
  size: number
  mediaType: string
  name: string
  /** Of each part but the last, where it is less than 4 MiB (SPEC B6). */
  partBytes?: number
  /** In order, while few. */
  parts?: { folder: string; name: string; hash: string }[]
  /** Where many: the page that lists them. */
  page?: { folder: string; name: string; hash: string }
}

export interface Query {
  kind?: string
  /** A facet path: records with something visible within it. */
  facet?: string
  collection?: CollectionId
  /** Words that must all occur somewhere in the visible values, accents and case aside. */
  text?: string
  /** The id of a person's record: that record, and those that refer to it. */
  person?: RecordId
  /** ISO 8601 of any precision, both ends included; records without a date are left out. */
  from?: string
  to?: string
  order?: 'date' | '-date'
  offset?: number
  limit?: number
}

/** A record in a list. */
export interface RecordRow {
  id: RecordId
  kind: string
  collection: CollectionId
  facets: readonly string[]
  label: string
  /** ISO 8601 of any precision. */
  date: string | null
  /** Last change, milliseconds since 1970. */
  modified: number
  /** Some of it waits on this device, and is not in the pod yet. */
  pending?: true
}

/** Copies of chosen records, for whoever is to read these and nothing beside them. */
export interface SelectionInfo {
  collection: CollectionId
  /** The originals. */
  records: RecordId[]
  facets: string[]
  /** Its originals as they change; else as they were when it was made. */
  follows: boolean
  deidentified: boolean
  /** That let somebody read it. */
  grants: GrantId[]
}

export type GrantState = 'giving' | 'live' | 'scheduled' | 'ended' | 'ending'
/**
 * How far a change has come. `changing`: other terms, which not every folder says yet. Of one that is over: `removing`, the server
 * may let its reader in still; `cut`, it does not, and what is written next changes the keys; `rotated`, nothing written from now on
 * opens to them.
 */
export type GrantProgress = 'changing' | 'removing' | 'cut' | 'rotated'
export interface GrantInfo {
  grant: GrantId
  to: WebId | GroupId
  toName: string
  collections: CollectionId[]
  /** Of chosen records; null: of whole folders, or it ended and its copies are gone. */
  selection: SelectionInfo | null
  facets: string[]
  from: string | null
  /** ISO 8601, UTC. */
  until: string
  /** When it was taken back before its end. */
  ended: string | null
  purpose: string
  state: GrantState
  /** null: given, or being given, as it says. By what this device knows of the folders' heads. */
  progress: GrantProgress | null
  /** The folders that this waits for. */
  awaiting: CollectionId[]
  /** False on a device that was just let in, until its person has looked: it seals nothing new under this grant. */
  confirmed: boolean
  /** Who makes it end: the server by itself, or the owner's devices. */
  enforcedBy: 'server' | 'owner'
}
/** Grants that were ended together. */
export interface Stopped {
  /** Those that it ended, and how far each has come. */
  grants: GrantInfo[]
  /** What kept them from coming further, in which folders; the next opening goes on with it. */
  problems: { collection: CollectionId; code: ErrorCode }[]
}

/** Somebody whom this vault shares with or has checked. */
export interface PersonInfo {
  webId: WebId
  name: string
  /** `seen`: their pod's word only; `changed`: another root than before, to whom nothing new is sealed. */
  state: 'confirmed' | 'seen' | 'changed'
}
export interface PersonCheck extends PersonInfo {
  /** Twelve, the same ones in either language. */
  words: { en: string[]; fr: string[] }
  /** For them to scan; no secret. */
  code: string
}

/** What opens a vault without the kit. */
export interface DeviceInfo {
  /** 32 hexadecimal digits. */
  id: string
  /** Empty for a password, and where nobody gave one. */
  name: string
  /** `password`: the slot that the vault's password opens, on any machine. */
  kind: 'device' | 'password'
  /** ISO 8601, UTC. */
  added: string
  /** The one in hand. */
  this: boolean
  /** False from when its removal was begun. */
  active: boolean
  /** Its removal was begun and is not finished: what it signs counts yet. Whoever opens the vault drives it on (SPEC A14). */
  leaving: boolean
}

export interface GroupInfo {
  group: GroupId
  name: string
  role: 'steward' | 'member' | 'observer'
  state: 'pending' | 'member' | 'removed'
  members: number
}
export interface MemberInfo {
  webId: WebId
  name: string
  role: 'steward' | 'member' | 'observer'
  state: 'pending' | 'member' | 'removed'
}

/** One record in a shared view, with whose it is and until when. */
export interface ViewRow extends VaultRecord {
  label: string
  date: string | null
  owner: WebId
  ownerName: string
  grant: GrantId
  until: string
}
export interface SharedView {
  rows: ViewRow[]
  /** What stands in the way of showing more, though granted: an owner's pod that does not answer, a head that was altered. */
  problems: {
    owner: WebId
    code: string
    /** Where the pod contradicts its owner: the feed line that they signed, in base64url. */
    proof?: string
  }[]
}

export interface ImportReport {
  files: {
    file: string
    format: string
    /** Records added, by kind. */
    records: { [kind: string]: number }
    /** How many of them are of an unknown type and kept whole. */
    kept: number
    duplicates: number
    problems: { where: string; reason: string }[]
  }[]
  /** Records added in all. */
  total: number
}

/** One line of the journal: what was given, taken back or read, and by whom it is vouched for. */
export interface JournalLine {
  at: string
  what:
    | 'granted'
    | 'extended'
    | 'shortened'
    | 'narrowed'
    | 'revoked'
    | 'ended'
    | 'device-added'
    | 'device-removed'
    | 'group-founded'
    | 'member-admitted'
    | 'member-removed'
    /** Another program had changed the access rules of a folder; they were put right. */
    | 'rules-changed'
    /** Of one folder on one day; `at` is the last time. */
    | 'read'
    /** Reads that the server could not keep, by its own word. */
    | 'reads-lost'
    /** The history does not go on as it should here; it lacks what this device saw. */
    | 'history-altered'
    | 'history-cut'
  object: string
  /** Empty: nobody signed in. */
  who: WebId
  vouchedBy: 'my devices' | 'server'
  /** How often. Of what the server noted. */
  times?: number
  /** Client identifier or web origin; empty: not known. Of reads. */
  application?: string
}
