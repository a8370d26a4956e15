/** The open vault: puts the parts together and holds no logic of its own. */
import { AlveoleError, wipeScratch } from '#crypto'
import { Files, type PutMeta } from './blobs/files.ts'
import { Reencryption, type Reencrypted, type ReencryptProgress } from './blobs/reencrypt.ts'
import type { ByteRange } from './blobs/open-blob.ts'
import type { Progress } from './blobs/store-blob.ts'
import { Checks } from './checks.ts'
import { hybridClock } from './clock.ts'
import { Collections } from './collections/collections.ts'
import { ConfirmedPeople } from './confirmed-people.ts'
import type { Context } from './context.ts'
import { Devices } from './devices.ts'
import type { AgeRecipient } from './exports/age.ts'
import type { ExportedFile, ExportForm } from './exports/files.ts'
import type { SourceFile } from './formats/format.ts'
import { Feeds } from './feed/feeds.ts'
import { Telling } from './feed/telling.ts'
import { trying } from './failures.ts'
import { FetchAhead } from './fetch-ahead.ts'
import { Follower, type FollowOptions } from './follow.ts'
import { Grants } from './grants/grants.ts'
import { vaultGrants, type VaultGrants } from './grants/vault-grants.ts'
import { Groups } from './groups/groups.ts'
import { KnownGroups } from './groups/known-groups.ts'
import { Importer, type ImportOptions } from './import.ts'
import { journalLines } from './journal.ts'
import { Upkeep, type Undone } from './maintain.ts'
import { readLines } from './reads.ts'
import type { Lock } from './lock.ts'
import type { Parts } from './move/leave.ts'
import { forgetSealed, keepSealed } from './device-keys.ts'
import type { Opened } from './open.ts'
import { Consents } from './offers/consents.ts'
import { Outbox } from './outbox.ts'
import { checkSignal, within } from './parallel.ts'
import { People } from './people.ts'
import type { Pod } from './pod.ts'
import { Records } from './records.ts'
import { repairVault } from './repair.ts'
import { forgetWords } from './search.ts'
import { Recovery } from './recovery.ts'
import type { Line } from './line.ts'
import { vaultSelections, type VaultSelections } from './selections/info.ts'
import { Selections } from './selections/selections.ts'
import { Sync } from './sync.ts'
import type { BlobRef, CollectionId, DeviceSeal, QueuedChange, RecordId, Surroundings } from './types.ts'
import { diagnose, verifyVault } from './verify.ts'
import { Views } from './views.ts'

/** Milliseconds: how long a lock waits for a pod that may not answer. */
const PATIENCE = 3000

/** What stands behind the lock. */
export interface Behind extends Surroundings {
  line: Line
}

let inside: (vault: Vault) => Parts

/** For what concerns the vault as a whole and is no part of it. */
export const partsOf = (vault: Vault): Parts => inside(vault)

export class Vault {
  readonly owner: string
  readonly pod: Pod
  readonly collections: Collections
  readonly records: Records
  /** Writes that wait for the pod; one that it refuses for good can be given up. */
  readonly outbox: { list(): QueuedChange[]; discard(id: string): Promise<void> }
  readonly groups: Groups
  readonly grants: VaultGrants
  /** Copies of chosen records; a grant of records makes one by itself. */
  readonly selections: VaultSelections
  /** One's own answers to what circles ask. */
  readonly consents: Consents
  readonly views: Views
  readonly devices: Devices
  readonly people: ConfirmedPeople
  readonly recovery: Recovery
  readonly #lock: Lock
  readonly #line: Line
  readonly #sync: Sync
  readonly #upkeep: Upkeep
  readonly #outbox: Outbox
  readonly #ahead: FetchAhead | null
  readonly #context: Context
  readonly #known: KnownGroups
  readonly #grants: Grants
  readonly #selections: Selections
  readonly #feeds: Feeds
  readonly #files: Files
  readonly #reencryption: Reencryption
  readonly #listeners = new Set<() => void>()

  /** `pod` and `store` stand behind the lock. */
  constructor(lock: Lock, behind: Behind, { me, account }: Opened) {
    const { pod, store, objects, line, clock = Date.now, isMetered = () => false } = behind
    this.#lock = lock
    this.#line = line
    const people = new People(pod, store, account, clock)
    const changed = (): void => this.#listeners.forEach(listener => listener())
    line.onChange = changed
    const [hlc, keepsObjects] = [hybridClock(clock), objects !== undefined]
    this.#context = { pod, line, store, keepsObjects, clock, hlc, me, account, people, changed, locked: lock.down }
    this.owner = me.webId
    this.pod = pod
    this.#known = new KnownGroups(this.#context)
    this.#feeds = new Feeds(this.#context, this.#known)
    this.groups = new Groups(this.#context, this.#known, this.#feeds)
    const telling = new Telling(this.#context, this.#known, this.#feeds)
    this.collections = new Collections(this.#context, new Checks(this.#context, this.#known), telling)
    this.#outbox = new Outbox(this.#context, this.collections)
    this.outbox = { list: () => this.#outbox.list(), discard: id => this.#outbox.discard(id) }
    this.#files = new Files(this.#context, this.collections)
    this.records = new Records(this.#context, this.collections, this.#outbox, this.#files)
    this.#reencryption = new Reencryption(this.#context, this.collections, this.#files)
    this.#selections = new Selections(this.#context, this.collections, this.#files)
    this.#grants = new Grants(this.#context, this.collections, this.#known, this.#selections)
    this.consents = new Consents(this.#context, this.collections, this.#known, this.#grants)
    this.devices = new Devices(this.#context, this.collections, this.#known)
    this.#ahead = objects ? new FetchAhead(this.#context, this.collections, { objects, line, isMetered }) : null
    const { collections, groups, consents, devices } = this
    const shared = { collections, selections: this.#selections }
    const upkept = { ...shared, devices, groups, consents, grants: this.#grants, known: this.#known }
    this.#upkeep = new Upkeep(this.#context, upkept)
    const synced = { ...shared, outbox: this.#outbox, ahead: this.#ahead }
    this.#sync = new Sync(this.#context, synced, () => this.#upkeep.resume())
    this.views = new Views(this.#context, this.#known, this.#files, this.#feeds)
    this.people = new ConfirmedPeople(this.#context)
    this.recovery = new Recovery(this.#context)
    this.selections = vaultSelections(this.#selections)
    this.grants = vaultGrants(this.#grants, this.#reencryption)
  }

  readonly blobs = {
    /** For a record to refer to. The same file put again after a kill goes on where it stopped, within five days. */
    put: (blob: Blob, meta: PutMeta, progress?: Progress): Promise<BlobRef> => this.#files.put(blob, meta, progress),
    open: async (ref: BlobRef, collection: CollectionId, range?: ByteRange): Promise<ReadableStream<Uint8Array>> =>
      this.#files.open(await this.#container(collection), ref, range, () =>
        this.collections.checkNamed(collection, ref),
      ),
    /** Seals the files of these records anew, under new keys; one that was interrupted goes on. */
    reencrypt: (records: readonly RecordId[], progress?: ReencryptProgress): Promise<Reencrypted> =>
      this.#reencryption.records(records, progress),
  }

  async #container(collection: CollectionId): Promise<string> {
    const found = await this.collections.find(collection)
    if (!found) throw new AlveoleError('not-granted', 'no such folder')
    return found.url
  }

  /** `reads`: what a server of ours noted; none elsewhere. */
  readonly journal = { lines: () => journalLines(this.#context), reads: () => readLines(this.#context) }

  import(files: readonly SourceFile[], options?: ImportOptions): ReturnType<Importer['import']> {
    const sources = { blobs: this.blobs, files: this.#files }
    return new Importer(this.#context, this.collections, this.records, sources).import(files, options)
  }

  /** Everything, decrypted; each file is to be read to its end before the next is asked for. The list of them comes last. */
  async *export(form: ExportForm): AsyncGenerator<ExportedFile> {
    const { exportVault } = await import('./exports/exporter.ts') // with what it needs, only for who exports
    yield* exportVault(this, form, this.#context.clock())
  }

  /** All that `export('source')` gives, as one tar in an age file. */
  async exportAge(to: AgeRecipient): Promise<ReadableStream<Uint8Array>> {
    checkSignal(this.#lock.down)
    const { exportAge } = await import('./exports/sealed.ts')
    return exportAge(this, to, this.#context.clock())
  }

  verify(onProgress?: (resources: number) => void): ReturnType<typeof verifyVault> {
    return verifyVault(this.#context, this.collections, this.#known, onProgress)
  }

  doctor(): ReturnType<typeof diagnose> {
    return diagnose(this.#context, this.#known, this.collections.telling)
  }

  /** Puts right what `doctor` finds and a device of one's own can mend, and removes what nothing names any more; tells of both. */
  repair(): ReturnType<typeof repairVault> {
    return repairVault(this.#context, this.collections, this.#known, this.groups)
  }

  static {
    inside = vault => ({
      context: vault.#context,
      groups: vault.#known,
      verify: () => vault.verify(),
      drop: () => vault.#fall(),
    })
  }

  /** Tells who holds grants where the vault is now. */
  announce(): Promise<void> {
    return this.#grants.renew()
  }

  /** What earlier openings left: writes that wait, and what a crash left undone; the latter at the first `sync` where `isStale`. */
  static async begin(vault: Vault, isStale: boolean): Promise<Vault> {
    await vault.#outbox.load()
    if (isStale) return vault
    await vault.#sync.resume()
    if (!vault.#outbox.isEmpty) await trying(() => vault.#outbox.flush()) // what waits stands in nobody's way
    return vault
  }

  /** Sends what waits and brings in what is new; throws `offline` where the pod does not answer. */
  sync(): Promise<void> {
    return this.#sync.sync()
  }

  /** Resolves once this device has what it can keep of one's own folders, to be read without a network; it is fetched behind each sync. */
  async fetchAhead(): Promise<void> {
    this.#context.me.checkOpen()
    await this.#ahead?.begin(false)
  }

  /** Keeps `sync` up from now on, until it is stopped or the vault locked. */
  follow(options?: FollowOptions): Follower {
    this.#context.me.checkOpen()
    const follower = new Follower(this.#sync, options)
    this.#lock.down.addEventListener('abort', () => follower.stop(), { once: true })
    return follower
  }

  /** The pod did not answer when last asked: what is shown is what this device has. */
  get isOffline(): boolean {
    return this.#line.isDown
  }

  /** Mends access rules and members documents, removes what crashes and changes left behind, once a day at most; throws the first failure after the rest. */
  tidy(): Promise<void> {
    return this.#upkeep.tidy()
  }

  /** All that a vault needs while nobody uses it, as the agent asks for: `sync`, what was begun and not finished, `tidy`. Tells what was not done. */
  maintain(): Promise<Undone[]> {
    return this.#upkeep.maintain(
      () => this.sync(),
      () => this.settle(),
    )
  }

  /** Writes the account's checkpoint, if anything waits for it. */
  settle(): Promise<void> {
    return this.collections.settle()
  }

  /** From now on this device opens the vault by what `seal` keeps. */
  keepUnlocked(seal: DeviceSeal): Promise<void> {
    return keepSealed(this.#context.store, this.#context.me, seal)
  }

  forget(): Promise<void> {
    return forgetSealed(this.#context.store)
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Settles what it can, then ends all work under way, wipes the keys and drops what they opened. Whatever is asked of the vault
   * from then on fails with `locked`.
   */
  async lock(): Promise<void> {
    await within(PATIENCE, this.settle()).catch(() => undefined) // what waits is found again from the heads
    this.#fall()
  }

  #fall(): void {
    this.#lock.fall()
    const { me, account, people } = this.#context
    const parts = [
      this.#outbox,
      this.#ahead,
      this.collections,
      this.views,
      this.#files,
      this.#selections,
      this.#known,
      this.#feeds,
      people,
      account,
      me,
    ]
    for (const part of parts) part?.lock()
    this.#listeners.clear()
    this.#line.onChange = () => undefined
    forgetWords()
    wipeScratch()
  }
}
