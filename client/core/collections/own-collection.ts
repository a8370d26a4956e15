/**
 * A collection of one's own: known from its head and index, its cells read when somebody looks at them, written by swapping the
 * head (protocol §5). A lost swap is thrown away whole: the next attempt draws its own epoch, keyring and segments.
 */
import {
  AlveoleError,
  commitsOf,
  epochName,
  equal,
  hash,
  isCode,
  manifestKey,
  openIndexRun,
  openManifest,
  openOwnerPart,
  order,
  toBase64Url,
  toHex,
  unsafeHeadHeader,
  verifyHead,
  wipe,
  type Manifest,
  type OwnerPart,
  type Section,
  type SignedHead,
  type Vector,
} from '#crypto'
import { contend } from '../contend.ts'
import { checkMark, hasMark } from '../marks.ts'
import type { Me } from '../me.ts'
import { keepUp } from '../own-identity.ts'
import { inParallel, inTurn } from '../parallel.ts'
import { collectionUrl, headUrl } from '../paths.ts'
import type { Pod } from '../pod.ts'
import type { Store } from '../store.ts'
import { swap } from '../swap.ts'
import { blobsIn } from '../blob-refs.ts'
import type { BlobRef, CollectionId } from '../types.ts'
import { newer, type Placed } from './cell-index.ts'
import { epochKeyOf, facetKeysOf, type Decision } from './epochs.ts'
import type { KnownRun } from './index-plan.ts'
import type { Merging } from './merge-epochs.ts'
import { entriesOf, OwnIndex, type Entry, type Tie } from './own-index.ts'
import type { Write } from './pack.ts'
import { prepare, type Condemnation, type Prepared } from './prepare.ts'
import { SegmentReader } from './segment-reader.ts'
import { fetchNamed, isGone, openNamed, openTail, type Opened, type Place } from './sections.ts'
import type { Rewrite } from './work.ts'

/** What the newest head says; null parts before the first one. */
export interface HeadState {
  etag: string | null
  head: SignedHead | null
  owner: OwnerPart | null
  manifest: Manifest | null
  tail: Section[]
  /** The tail holds sections that we cannot open (a newer vocabulary's): it must be kept as it is. */
  tailPartly: boolean
}

/** What a commit has to do besides. */
export interface How {
  /** Names of stored objects without which it is not to be; asked anew at each attempt. */
  needs?: () => Promise<ReadonlySet<string>>
  /** Asked anew at each attempt; null: nothing to change. */
  condemn?: (on: HeadState) => Promise<Condemnation | null>
  /** Asked anew at each attempt; null: nothing to seal anew. */
  rewrite?: (on: OwnCollection) => Promise<Rewrite | null>
  merging?: Merging
  onProgress?: ((done: number) => void) | undefined
}

const NOTHING: HeadState = { etag: null, head: null, owner: null, manifest: null, tail: [], tailPartly: false }

export class OwnCollection {
  readonly id: CollectionId
  readonly place: Place
  readonly reader: SegmentReader
  readonly #me: Me
  readonly #store: Store
  readonly #clock: () => number
  readonly #turn = inTurn()
  #state: HeadState = NOTHING
  #index = new OwnIndex()
  #runs: KnownRun[] = []
  #loadedAt = -Infinity
  #isStale = false

  constructor(pod: Pod, store: Store, me: Me, id: Uint8Array, clock: () => number) {
    this.id = toBase64Url(id) as CollectionId
    this.place = { pod, owner: me.webId, id, container: collectionUrl(pod.storage, id) }
    this.reader = new SegmentReader(this.place)
    this.#me = me
    this.#store = store
    this.#clock = clock
  }

  get index(): OwnIndex {
    return this.#index
  }
  get runs(): readonly KnownRun[] {
    return this.#runs
  }
  get state(): HeadState {
    return this.#state
  }
  get loadedAt(): number {
    return this.#loadedAt
  }

  /** The pod did not answer the last look: this device's own copy, which may be older than what the account cites. */
  get isStale(): boolean {
    return this.#isStale
  }

  /**
   * Before the first look: the copy that this device keeps, without a request, where it is the very head that the account `cites`,
   * current as of the look at the account. Where some of what it names is gone meanwhile, nothing is read: the pod is asked.
   */
  async readKept(cites: Vector | undefined, asOf: number): Promise<void> {
    if (!cites || this.#loadedAt > -Infinity) return
    await this.#turn(async () => {
      if (this.#loadedAt > -Infinity) return
      const kept = await this.place.pod.kept?.(headUrl(this.place.container))
      if (!kept || order(unsafeHeadHeader(kept.body).vector, cites) !== 'equal') return
      try {
        await this.#adopt(kept.body, kept.etag)
        this.#loadedAt = asOf
      } catch (error) {
        if (!(error instanceof AlveoleError) || error.code === 'locked') throw error
      }
    })
  }

  /** Brings in what changed: one conditional request, and only the new parts of the index. */
  refresh(): Promise<void> {
    return this.#turn(() => this.#refresh())
  }

  async #refresh(): Promise<void> {
    const { pod, container } = this.place
    const { etag } = this.#state
    const reply = await pod.get(headUrl(container), etag ? { ifNoneMatch: etag } : {})
    if (reply?.status === 200) await this.#adopt(reply.body, reply.etag)
    else if (reply ? !etag : await hasMark(this.#store, headUrl(container)))
      throw new AlveoleError('rolled-back', 'the head is gone', { detail: { url: container } }) // A11: this device saw it
    this.#isStale = reply?.stale ?? false
    this.#loadedAt = this.#clock()
  }

  async #adopt(body: Uint8Array, etag: string | null): Promise<void> {
    const { owner: webId, id, container } = this.place
    await keepUp(this.place.pod, this.#store, this.#me, unsafeHeadHeader(body).identityHead)
    const head = verifyHead(body, webId, id, this.#me.deviceKey)
    await checkMark(this.#store, headUrl(container), { vector: head.header.vector, hash: head.hash })
    const { owner, manifest } = this.#open(head)
    const tail = await openTail(this.place, manifest, head.parts.tail, facetKeysOf(owner))
    const state = { etag, head, owner, manifest, tail: tail.sections, tailPartly: tail.partly }
    try {
      await this.#readIndex(state)
    } catch (error) {
      if (!isGone(error) || !(await this.#hasMoved(state))) throw error
      return this.#refresh()
    }
    this.#state = state
  }

  #open(head: SignedHead): { owner: OwnerPart; manifest: Manifest } {
    const owner = openOwnerPart(head, this.#me.generationKey(head.header.generation))
    const newest = epochKeyOf(owner)(epochName(head.header.epoch))
    if (!newest) throw new AlveoleError('tampered', 'a head without its own epoch')
    return { owner, manifest: openManifest(head, manifestKey(newest)) }
  }

  /** Whether another head than this one stands by now. */
  async #hasMoved({ head }: HeadState): Promise<boolean> {
    const reply = await this.place.pod.get(headUrl(this.place.container))
    return reply !== null && !(head && equal(hash(reply.body), head.hash))
  }

  async #readIndex(state: HeadState): Promise<void> {
    const { runs, loose } = state.owner!.index
    const known = new Map(this.#runs.map(one => [toHex(one.run.sealId), one]))
    const opened = await inParallel(runs, async ({ run }) => {
      const old = known.get(toHex(run.sealId))
      if (old) return { known: old, entries: [] }
      const bytes = await fetchNamed(this.place, run.sealId, run.hash)
      const { segments, entries } = openIndexRun(bytes, this.place.owner, this.place.id, run.key)
      return { known: { run, covered: segments }, entries }
    })
    const opensLoose = loose.length ? await this.#openLoose(state, loose) : []
    const gone = new Set(runs.flatMap(one => one.gone.map(toHex)))
    const listed = new Set([
      ...opened.flatMap(one => one.known.covered.map(({ segment }) => segment)),
      ...loose.map(toHex),
    ])
    this.#index.keepOnly(segment => listed.has(segment) && !gone.has(segment))
    const isThere = ({ segment }: Entry): boolean => segment === null || !gone.has(segment)
    const ties = [
      ...opened.flatMap(({ entries }) => this.#index.add(entries.filter(isThere))),
      ...this.#index.add(opensLoose),
      ...this.#index.add(entriesOf(state.tail, null)),
    ]
    for (const tie of ties) await this.#settle(tie, state)
    this.#runs = opened.map(one => one.known)
  }

  async #openLoose({ owner, manifest }: HeadState, loose: readonly Uint8Array[]): Promise<Entry[]> {
    const names = new Set(loose.map(toHex))
    const entries = (await this.reader.list(manifest!)).filter(({ sealId }) => names.has(toHex(sealId)))
    const opened = await inParallel(entries, async entry => {
      const { sections } = await openNamed(this.place, entry, facetKeysOf(owner!))
      return [...entriesOf(sections, entry.sealId)]
    })
    return opened.flat()
  }

  /** Of one stamp in two places: what their cells say decides (SPEC G6). */
  async #settle([a, b]: Tie, { owner, manifest }: HeadState): Promise<void> {
    const [one, other] = await Promise.all([a, b].map(entry => this.reader.cell(entry, owner!, manifest!)))
    this.#index.settle(newer(one!, other!) ? a : b)
  }

  /** The newest cells of a record, from its segments. Where those have just been replaced, from what replaced them. */
  async cells(record: string): Promise<Placed[]> {
    const read = async (): Promise<Placed[]> => {
      const { owner, manifest } = this.#state
      const entries = this.#index.row(record)?.entries ?? []
      return inParallel(entries, async entry => ({
        ...(await this.reader.cell(entry, owner!, manifest!)),
        facet: entry.facet,
        epoch: entry.epoch,
      }))
    }
    try {
      return await read()
    } catch (error) {
      if (!isGone(error) || !(await this.#hasMoved(this.#state))) throw error
      await this.refresh()
      return read()
    }
  }

  /** Everything that the head still lists, newest or not, a segment at a time. */
  async *listed(): AsyncGenerator<Opened> {
    const { owner, manifest, tail, tailPartly } = this.#state
    if (!owner || !manifest) return
    for (const entry of await this.reader.list(manifest)) yield openNamed(this.place, entry, facetKeysOf(owner))
    yield { sections: tail, partly: tailPartly }
  }

  /** The newest cells that refer to files, of records that are not deleted. */
  async cellsWithFiles(): Promise<Placed[]> {
    const found: Placed[] = []
    for (const { id, isDeleted } of this.#index.rows())
      if (!isDeleted) found.push(...(await this.cells(id)).filter(({ properties }) => blobsIn(properties).length))
    return found
  }

  /** The ids of the files that records refer to now. */
  async namedFiles(): Promise<Set<string>> {
    const cells = await this.cellsWithFiles()
    return new Set(cells.flatMap(({ properties }) => blobsIn(properties).map(({ blob }) => blob)))
  }

  /** The files that cells refer to, by whose they are; null where some cells do not open. */
  async files(): Promise<{ record: string; ref: BlobRef }[] | null> {
    const found: { record: string; ref: BlobRef }[] = []
    for await (const { sections, partly } of this.listed()) {
      if (partly) return null
      for (const { record, properties } of sections.flatMap(({ cells }) => cells))
        for (const ref of blobsIn(properties)) found.push({ record, ref })
    }
    return found
  }

  /**
   * Writes cells, or only brings keyring and epochs in line with what `decide` says when there are none; it is asked anew at
   * each attempt. Resolves when the head is swapped.
   */
  commit(writes: readonly Write[], decide: () => Promise<Decision>, how: How = {}): Promise<void> {
    return this.#turn(() => contend(async () => this.#attempt(writes, await decide(), how)))
  }

  async #attempt(writes: readonly Write[], decision: Decision, how: How): Promise<void> {
    const { pod, container } = this.place
    const needed = await how.needs?.()
    const condemned = this.#state.manifest?.condemned ?? []
    if (condemned.some(id => needed?.has(toBase64Url(id))))
      throw new AlveoleError('not-granted', 'a file that is being removed: store it again')
    const prepared = await this.#prepare(writes, decision, how)
    if (!prepared) return
    try {
      const etag = await swap(pod, headUrl(container), prepared.bytes, this.#state.etag)
      await this.#remember(prepared, etag, writes)
    } catch (error) {
      if (!isCode(error, 'conflict')) throw error
      await this.#refresh()
      const taken = commitsOf(this.#state.head?.header.vector ?? [], this.#me.device) >= prepared.commits
      if (taken) return // and another device's write followed, on top of ours
      // Only a refused swap is known to be lost; after any other failure the head may be there and name them.
      await Promise.allSettled(prepared.stored.map(url => pod.delete(url)))
      throw error
    }
    await Promise.allSettled(prepared.dropped.map(url => pod.delete(url))) // what is left is found as garbage
  }

  async #prepare(writes: readonly Write[], decision: Decision, how: How): Promise<Prepared | null> {
    const state = this.#state
    try {
      const condemnation = (await how.condemn?.(state)) ?? null
      const rewrite = (await how.rewrite?.(this)) ?? null
      const { place, reader } = this
      const ground = { place, state, index: this.#index, runs: this.#runs, reader }
      const { merging = null, onProgress } = how
      return await prepare(ground, this.#store, this.#me, {
        writes,
        decision,
        condemnation,
        rewrite,
        merging,
        onProgress,
      })
    } catch (error) {
      if (!isGone(error) || !(await this.#hasMoved(state))) throw error
      await this.#refresh()
      throw new AlveoleError('conflict', 'another device put segments together meanwhile', { cause: error })
    }
  }

  /** What was just written is known: no need to read it back. */
  async #remember(prepared: Prepared, etag: string | null, writes: readonly Write[]): Promise<void> {
    const { owner: webId, id, container } = this.place
    const head = verifyHead(prepared.bytes, webId, id, this.#me.deviceKey)
    const { owner, manifest } = this.#open(head)
    await checkMark(this.#store, headUrl(container), { vector: head.header.vector, hash: head.hash })
    const { tail, entries, removed, run } = prepared
    if (entries.length || removed.size) this.#index.keepOnly(segment => !removed.has(segment))
    this.#index.add(entries)
    this.#index.add(entriesOf(tail, null))
    this.#runs = [...this.#runs, ...(run ? [run] : [])].filter(one => isNamed(one, owner))
    this.#state = { etag, head, owner, manifest, tail, tailPartly: this.#state.tailPartly && !writes.length }
  }

  lock(): void {
    const { owner, manifest } = this.#state
    wipe(...(owner?.epochs ?? []).map(({ key }) => key))
    if (manifest) wipe(manifest.tail, ...[...manifest.segments, ...manifest.pages].map(({ key }) => key))
    this.#state = NOTHING
    this.#index = new OwnIndex()
    this.#runs = []
    this.reader.lock()
  }
}

const isNamed = ({ run }: KnownRun, { index }: OwnerPart): boolean =>
  index.runs.some(one => toHex(one.run.sealId) === toHex(run.sealId))
