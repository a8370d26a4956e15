/** The open vault: puts the parts together and holds no logic of its own. */
import { AlveoleError, fromUtf8, unsafeUnverified, wipeScratch } from '#crypto'
import { Files } from './blobs/files.ts'
import { Reencryption, type Reencrypted, type ReencryptProgress } from './blobs/reencrypt.ts'
import type { ByteRange } from './blobs/open-blob.ts'
import { blobSource } from './blobs/source.ts'
import type { BlobMeta, Progress } from './blobs/store-blob.ts'
import { Checks } from './checks.ts'
import { hybridClock } from './clock.ts'
import { Collections } from './collections/collections.ts'
import type { Context } from './context.ts'
import { Exporter } from './export.ts'
import type { SourceFile } from './formats/format.ts'
import { Grants } from './grants/grants.ts'
import type { GrantRequest } from './grants/terms.ts'
import { Groups } from './groups/groups.ts'
import { KnownGroups } from './groups/known-groups.ts'
import { resumeMembers } from './groups/members-document.ts'
import { Importer, type ImportOptions } from './import.ts'
import { journalLines } from './journal.ts'
import { Lock } from './lock.ts'
import { create, type CreateOptions } from './create.ts'
import { forgetSealed, keepSealed } from './device-keys.ts'
import { open, type Opened, type OpenOptions } from './open.ts'
import { within } from './parallel.ts'
import { People } from './people.ts'
import type { Pod } from './pod.ts'
import { Records } from './records.ts'
import { Recovery } from './recovery.ts'
import type { BlobRef, CollectionId, DeviceSeal, GrantId, GrantInfo, RecordId, Surroundings, Unlock } from './types.ts'
import { diagnose, verifyVault } from './verify.ts'
import { Views } from './views.ts'

/** Milliseconds: how long a lock waits for a pod that may not answer. */
const PATIENCE = 3000

export interface RevokeOptions extends ReencryptProgress {
  reencrypt?: boolean
}

export class Vault {
  readonly owner: string
  readonly pod: Pod
  readonly collections: Collections
  readonly records: Records
  readonly groups: Groups
  readonly grants: {
    give(request: GrantRequest): ReturnType<Grants['give']>
    /** R0 at once, R1 at the next write; with `reencrypt` then R3: the files that it opened, under new keys (protocol §6). */
    revoke(grant: GrantId, options?: RevokeOptions): Promise<GrantInfo & { reencrypted?: Reencrypted }>
    list(): ReturnType<Grants['list']>
    confirm(): ReturnType<Grants['confirm']>
    /** The signed agreement's JSON-LD. */
    receipt(grant: GrantId): string
  }
  readonly views: Views
  readonly recovery: Recovery
  readonly #lock: Lock
  readonly #context: Context
  readonly #known: KnownGroups
  readonly #grants: Grants
  readonly #files: Files
  readonly #reencryption: Reencryption
  readonly #listeners = new Set<() => void>()

  /** `pod` and `store` stand behind the lock. */
  constructor(lock: Lock, { pod, store, clock = Date.now }: Surroundings, { me, account }: Opened) {
    this.#lock = lock
    const people = new People(pod, store, account, clock)
    const changed = (): void => this.#listeners.forEach(listener => listener())
    this.#context = { pod, store, clock, hlc: hybridClock(clock), me, account, people, changed, locked: lock.down }
    this.owner = me.webId
    this.pod = pod
    this.#known = new KnownGroups(this.#context)
    this.groups = new Groups(this.#context, this.#known)
    this.collections = new Collections(this.#context, new Checks(this.#context, this.#known))
    this.records = new Records(this.#context, this.collections)
    this.#files = new Files(this.#context, this.collections)
    this.#reencryption = new Reencryption(this.#context, this.collections, this.#files)
    this.#grants = new Grants(this.#context, this.collections, this.#known)
    this.views = new Views(this.#context, this.#known, this.#files)
    this.recovery = new Recovery(this.#context)
    this.grants = {
      give: request => this.#grants.give(request),
      revoke: async (grant, options) => {
        const ended = await this.#grants.revoke(grant)
        if (!options?.reencrypt) return ended
        const chosen = { job: `grant ${grant}`, ...this.#grants.scope(grant) }
        return { ...ended, reencrypted: await this.#reencryption.run(chosen, options) }
      },
      list: () => this.#grants.list(),
      confirm: () => this.#grants.confirm(),
      receipt: grant => fromUtf8(unsafeUnverified(this.#grants.receipt(grant)).signed), // our own, out of the account
    }
  }

  readonly blobs = {
    put: async (
      blob: Blob,
      { collection, ...meta }: BlobMeta & { collection: CollectionId },
      progress?: Progress,
    ): Promise<BlobRef> => this.#files.store(await this.#container(collection), blobSource(blob), meta, progress),
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

  readonly journal = { lines: () => journalLines(this.#context) }

  import(files: readonly SourceFile[], options?: ImportOptions): ReturnType<Importer['import']> {
    return new Importer(this.#context, this.collections, this.records, this.#files).import(files, options)
  }

  export(format: 'source' | 'nquads'): ReturnType<Exporter['export']> {
    return new Exporter(this.#context, this.collections).export(format)
  }

  verify(onProgress?: (resources: number) => void): ReturnType<typeof verifyVault> {
    return verifyVault(this.#context, this.collections, this.#known, onProgress)
  }

  doctor(): ReturnType<typeof diagnose> {
    return diagnose(this.#context, this.#known)
  }

  /** What a crash left undone. */
  async resume(): Promise<void> {
    await resumeMembers(this.#context, this.#known)
    await this.#grants.resume()
  }

  /** Removes what crashes and changes left behind, and mends members documents; looks once a day at most. */
  async tidy(): Promise<void> {
    await this.collections.tidy()
    await this.groups.tidy()
  }

  /** Writes the account's checkpoint, if anything waits for it. */
  settle(): Promise<void> {
    return this.#context.account.settle()
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
    this.#lock.fall()
    const { me, account, people } = this.#context
    for (const part of [this.collections, this.views, this.#files, this.#known, people, account, me]) part.lock()
    this.#listeners.clear()
    wipeScratch()
  }
}

export async function createVault(
  around: Surroundings,
  options: CreateOptions,
): Promise<{ vault: Vault; kit: string[] }> {
  const [lock, behind] = locking(around)
  const { kit, ...opened } = await create(behind, options)
  return { vault: new Vault(lock, behind, opened), kit }
}

/** Finishes what a crash left undone before it gives the vault. */
export async function openVault(around: Surroundings, unlock: Unlock, options?: OpenOptions): Promise<Vault> {
  const [lock, behind] = locking(around)
  const vault = new Vault(lock, behind, await open(behind, unlock, options))
  await vault.resume()
  return vault
}

function locking(around: Surroundings): [Lock, Surroundings] {
  const lock = new Lock()
  return [lock, { ...around, pod: lock.pod(around.pod), store: lock.store(around.store) }]
}
