/**
 * A collection of one's own: loaded from its head, written by swapping the head (protocol §5). A lost swap is thrown away
 * whole: the next attempt draws its own epoch, keyring and segments.
 */
import {
  AlveoleError,
  commitsOf,
  epochName,
  isCode,
  manifestKey,
  openManifest,
  openOwnerPart,
  toBase64Url,
  unsafeHeadHeader,
  verifyHead,
  facetKey,
  wipe,
  type Cell,
  type Manifest,
  type OwnerPart,
  type Section,
  type SignedHead,
} from '#crypto'
import { contend } from '../contend.ts'
import { leaves } from '../leaves.ts'
import { checkMark, hasMark } from '../marks.ts'
import type { Me } from '../me.ts'
import { keepUp } from '../own-identity.ts'
import { inTurn } from '../parallel.ts'
import { collectionUrl, headUrl } from '../paths.ts'
import type { Pod } from '../pod.ts'
import type { Store } from '../store.ts'
import { swap } from '../swap.ts'
import type { CollectionId } from '../types.ts'
import { CellIndex } from './cell-index.ts'
import { epochKeyOf, type Decision } from './epochs.ts'
import type { Write } from './pack.ts'
import { prepare, type Condemnation, type Prepared } from './prepare.ts'
import { fetchSegments, openTail, type FacetKeys, type Place, type SeenSegments } from './sections.ts'

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
  onProgress?: ((done: number) => void) | undefined
}

const NOTHING: HeadState = { etag: null, head: null, owner: null, manifest: null, tail: [], tailPartly: false }

export class OwnCollection {
  readonly id: CollectionId
  readonly place: Place
  readonly #me: Me
  readonly #store: Store
  readonly #clock: () => number
  readonly #turn = inTurn()
  #state: HeadState = NOTHING
  #index = new CellIndex()
  #segments: SeenSegments = new Set()
  #loadedAt = -Infinity

  constructor(pod: Pod, store: Store, me: Me, id: Uint8Array, clock: () => number) {
    this.id = toBase64Url(id) as CollectionId
    this.place = { pod, owner: me.webId, id, container: collectionUrl(pod.storage, id) }
    this.#me = me
    this.#store = store
    this.#clock = clock
  }

  get index(): CellIndex {
    return this.#index
  }
  get state(): HeadState {
    return this.#state
  }
  get loadedAt(): number {
    return this.#loadedAt
  }

  /** Brings in what changed: one conditional request, and only the new segments. */
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
    this.#loadedAt = this.#clock()
  }

  async #adopt(body: Uint8Array, etag: string | null): Promise<void> {
    const { owner: webId, id, container } = this.place
    await keepUp(this.place.pod, this.#store, this.#me, unsafeHeadHeader(body).identityHead)
    const head = verifyHead(body, webId, id, this.#me.deviceKey)
    await checkMark(this.#store, headUrl(container), { vector: head.header.vector, hash: head.hash })
    const owner = openOwnerPart(head, this.#me.generationKey(head.header.generation))
    const newest = epochKeyOf(owner)(epochName(head.header.epoch))
    if (!newest) throw new AlveoleError('tampered', 'a head without its own epoch')
    const manifest = openManifest(head, manifestKey(newest))
    const keys = keysOf(owner)
    const tail = openTail(this.place, manifest, head.parts.tail, keys)
    const { sections } = await fetchSegments(this.place, manifest, keys, this.#segments)
    for (const { facet, epoch, cells } of [...sections, ...tail.sections]) this.#index.add(facet, epoch, cells)
    this.#state = { etag, head, owner, manifest, tail: tail.sections, tailPartly: tail.partly }
  }

  /** Every cell that the head still lists, those that newer ones replaced too; null where some do not open. */
  async listedCells(): Promise<Cell[] | null> {
    const { owner, manifest, tail, tailPartly } = this.#state
    if (!owner || !manifest) return []
    const { sections, partly } = await fetchSegments(this.place, manifest, keysOf(owner), new Set())
    return partly || tailPartly ? null : [...sections, ...tail].flatMap(({ cells }) => cells)
  }

  /**
   * Writes cells, or only brings keyring and epochs in line with what `decide` says when there are none; it is asked anew at
   * each attempt. Resolves when the head is swapped.
   */
  commit(writes: readonly Write[], decide: () => Promise<Decision>, how: How = {}): Promise<void> {
    return this.#turn(() => contend(async () => this.#attempt(writes, await decide(), how)))
  }

  async #attempt(writes: readonly Write[], decision: Decision, { needs, condemn, onProgress }: How): Promise<void> {
    const { pod, container } = this.place
    const needed = await needs?.()
    const condemned = this.#state.manifest?.condemned ?? []
    if (condemned.some(id => needed?.has(toBase64Url(id))))
      throw new AlveoleError('not-granted', 'a file that is being removed: store it again')
    const condemnation = (await condemn?.(this.#state)) ?? null
    const commit = { writes, decision, condemnation, onProgress }
    const prepared = await prepare(this.place, this.#store, this.#me, this.#state, commit)
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
  }

  /** What was just written is known: no need to read it back. */
  async #remember({ bytes, tail, segments }: Prepared, etag: string | null, writes: readonly Write[]): Promise<void> {
    const { owner: webId, id, container } = this.place
    const head = verifyHead(bytes, webId, id, this.#me.deviceKey)
    const owner = openOwnerPart(head, this.#me.generationKey(head.header.generation))
    const epoch = epochName(head.header.epoch)
    const manifest = openManifest(head, manifestKey(epochKeyOf(owner)(epoch)!))
    await checkMark(this.#store, headUrl(container), { vector: head.header.vector, hash: head.hash })
    for (const name of segments) this.#segments.add(name)
    for (const [facet, cells] of Map.groupBy(writes, write => write.facet)) this.#index.add(facet, epoch, cells)
    this.#state = { etag, head, owner, manifest, tail, tailPartly: this.#state.tailPartly && !writes.length }
  }

  lock(): void {
    const { owner, manifest } = this.#state
    wipe(...(owner?.epochs ?? []).map(({ key }) => key))
    if (manifest) wipe(manifest.tail, ...[...manifest.segments, ...manifest.pages].map(({ key }) => key))
    this.#state = NOTHING
    this.#index = new CellIndex()
    this.#segments.clear()
  }
}

function keysOf(owner: OwnerPart): FacetKeys {
  const epochKey = epochKeyOf(owner)
  const keyOf: FacetKeys['keyOf'] = (epoch, leaf) => {
    const key = epochKey(epoch)
    return key && facetKey(key, leaf)
  }
  return { leaves: leaves(), keyOf }
}
