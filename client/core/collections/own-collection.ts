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
  type SignedHead,
  type Vector,
} from '#crypto'
import { contend } from '../contend.ts'
import { learnGenerations } from '../generations.ts'
import { checkMark, hasMark } from '../marks.ts'
import type { Me } from '../me.ts'
import { keepUp } from '../own-identity.ts'
import { inParallel, inTurn } from '../parallel.ts'
import { collectionUrl, headUrl } from '../paths.ts'
import type { Pod } from '../pod.ts'
import type { Store } from '../store.ts'
import { swap } from '../swap.ts'
import type { CollectionId } from '../types.ts'
import type { Placed } from './cell-index.ts'
import { epochKeyOf, facetKeysOf, type Decision } from './epochs.ts'
import type { How, Standing } from './how.ts'
import { NOTHING, type HeadState } from './head-state.ts'
import type { KnownRun } from './index-plan.ts'
import { entriesOf, OwnIndex } from './own-index.ts'
import type { Write } from './pack.ts'
import { readIndex, settleTies } from './read-index.ts'
import { prepare, type Prepared } from './prepare.ts'
import { SegmentReader } from './segment-reader.ts'
import { isGone, openNamed, openTail, type Opened, type Place } from './sections.ts'

export class OwnCollection implements Standing {
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

  /** Between changes: `work` sees head and index of one state. */
  between(work: () => void): Promise<void> {
    return this.#turn(async () => work())
  }

  /** Brings in what changed: one conditional request, and only the new parts of the index. Of many that wait the first may do for all. */
  refresh(isDue: () => boolean = () => true): Promise<void> {
    return this.#turn(async () => {
      if (isDue()) await this.#refresh()
    })
  }

  async #refresh(): Promise<void> {
    this.#me.checkOpen()
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
    if (head.header.generation > this.#me.generation.number)
      await learnGenerations(this.place.pod, this.#store, this.#me)
    const { owner, manifest } = this.#open(head)
    const tail = await openTail(this.place, manifest, head.parts.tail, facetKeysOf(owner))
    const state = { etag, head, owner, manifest, tail: tail.sections, tailPartly: tail.partly }
    try {
      this.#runs = await readIndex(this.#ground(), state)
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

  /** Whether another head than this one stands by now; what this device keeps of it says nothing about that. */
  async #hasMoved({ head }: HeadState): Promise<boolean> {
    const reply = await this.place.pod.get(headUrl(this.place.container), { fresh: true })
    return reply !== null && !(head && equal(hash(reply.body), head.hash))
  }

  cells(record: string): Promise<Placed[]> {
    return this.reading(() => this.#cells(record))
  }

  async #cells(record: string): Promise<Placed[]> {
    const { owner, manifest } = this.#state
    const entries = this.#index.row(record)?.entries ?? []
    return inParallel(entries, async entry => ({
      ...(await this.reader.cell(entry, owner!, manifest!)),
      facet: entry.facet,
      epoch: entry.epoch,
    }))
  }

  /** Where segments have just been replaced: once more, from what replaced them. Not within a commit (how.ts). */
  async reading<T>(read: () => Promise<T>): Promise<T> {
    const state = this.#state
    const isSame = (): boolean => this.#state === state // or somebody else here brought in what replaced them
    try {
      return await read()
    } catch (error) {
      if (!isGone(error) || (isSame() && !(await this.#hasMoved(state)))) throw error
      if (isSame()) await this.refresh()
      return this.reading(read)
    }
  }

  async *listed(): AsyncGenerator<Opened> {
    const { owner, manifest, tail, tailPartly } = this.#state
    if (!owner || !manifest) return
    for (const entry of await this.reader.list(manifest)) yield openNamed(this.place, entry, facetKeysOf(owner))
    yield { sections: tail, partly: tailPartly }
  }

  /**
   * Writes cells, or only brings keyring and epochs in line with what `decide` says when there are none; it is asked anew at
   * each attempt, and may ask for the head. Resolves when the head is swapped.
   */
  commit(
    writes: readonly Write[],
    decide: (refresh: () => Promise<void>) => Promise<Decision>,
    how: How = {},
  ): Promise<void> {
    const refresh = (): Promise<void> => this.#refresh()
    return this.#turn(() => contend(async () => this.#attempt(writes, await decide(refresh), how)))
  }

  async #attempt(writes: readonly Write[], decision: Decision, how: How): Promise<void> {
    const { pod, container } = this.place
    const prepared = await this.#prepare(writes, decision, how)
    if (!prepared) return
    await how.drops?.(prepared.dropped.map(url => url.slice(container.length)))
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
    if (!how.drops) await Promise.allSettled(prepared.dropped.map(url => pod.delete(url))) // what is left is found as garbage
  }

  get #standing(): Standing {
    return { ...this.#ground(), state: this.#state, cells: record => this.#cells(record), listed: () => this.listed() }
  }

  #ground() {
    return { place: this.place, reader: this.reader, index: this.#index, runs: this.#runs }
  }

  async #prepare(writes: readonly Write[], decision: Decision, how: How): Promise<Prepared | null> {
    const state = this.#state
    try {
      const on = this.#standing
      const needed = await how.needs?.(on)
      if (state.manifest?.condemned.some(id => needed?.has(toBase64Url(id))))
        throw new AlveoleError('not-granted', 'a file that is being removed: store it again')
      const condemnation = (await how.condemn?.(on)) ?? null
      const rewrite = (await how.rewrite?.(on, decision)) ?? null
      const { merging = null, onProgress, signal } = how
      const commit = { writes, decision, condemnation, rewrite, merging, onProgress, signal }
      return await prepare({ ...this.#ground(), state }, this.#store, this.#me, commit)
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
    const ties = [...this.#index.add(entries), ...this.#index.add(entriesOf(tail, null))]
    this.#runs = [...this.#runs, ...(run ? [run] : [])].filter(one => isNamed(one, owner))
    this.#state = { etag, head, owner, manifest, tail, tailPartly: this.#state.tailPartly && !writes.length }
    await settleTies(this.#ground(), ties, this.#state).catch((error: unknown) => this.#readAnew(error))
  }

  /** The commit stands, though some of what it met could not be read: the next look brings in everything. */
  #readAnew(error: unknown): void {
    if (!(error instanceof AlveoleError)) throw error
    this.#state = { ...this.#state, etag: null }
    this.#runs = []
    this.#loadedAt = -Infinity
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
