/** Everything that a new head needs to stand before it: segments, index run, pages and keyring stored, the head's bytes sealed. */
import {
  advance,
  epochName,
  sealHead,
  sealKeyring,
  toHex,
  type HeadHeader,
  type Manifest,
  type OwnerPart,
  type Section,
} from '#crypto'
import { nextCommit } from '../marks.ts'
import type { Me } from '../me.ts'
import { checkSignal, inParallel, sideBySide } from '../parallel.ts'
import { headUrl, MEDIA_TYPE, objectUrl } from '../paths.ts'
import type { Store } from '../store.ts'
import { storeContent, type Content } from './content.ts'
import { planEpochs, type Decision, type EpochPlan } from './epochs.ts'
import { changeIndex, type KnownRun } from './index-plan.ts'
import { changeSegments, type PutNamed } from './manifest-pages.ts'
import type { Merging } from './merge-epochs.ts'
import type { HeadState } from './head-state.ts'
import type { Entry, OwnIndex } from './own-index.ts'
import type { Write } from './pack.ts'
import type { SegmentReader } from './segment-reader.ts'
import type { Place } from './sections.ts'
import type { Rewrite } from './work.ts'

export interface Prepared {
  /** The head, sealed and signed. */
  bytes: Uint8Array
  tail: Section[]
  run: KnownRun | null
  /** Of cells in segments that were stored for it. */
  entries: Entry[]
  /** Segments that it lists no more, as hexadecimal digits. */
  removed: ReadonlySet<string>
  /** URLs of what was stored for it: garbage if the swap is lost. */
  stored: string[]
  /** URLs of what it names no more: garbage once the swap is won. */
  dropped: string[]
  /** Which commit of this device it is: a head whose vector has it took this one in. */
  commits: number
}

const EMPTY: Manifest = { tail: new Uint8Array(32), segments: [], pages: [], condemned: [] }

/** What is to be condemned from the next head on, in all, and whether its keyring is sealed anew (garbage.ts). */
export interface Condemnation {
  ids: Uint8Array[]
  rekeys: boolean
}

export interface Commit {
  writes: readonly Write[]
  decision: Decision
  condemnation: Condemnation | null
  rewrite: Rewrite | null
  merging: Merging | null
  onProgress?: ((done: number) => void) | undefined
  /** Heard before each object that is stored. */
  signal?: AbortSignal | undefined
}

/** Of the collection, as it is now. */
export interface Ground {
  place: Place
  state: HeadState
  index: OwnIndex
  runs: readonly KnownRun[]
  reader: SegmentReader
}

/** null where nothing would change. */
export async function prepare(ground: Ground, store: Store, me: Me, commit: Commit): Promise<Prepared | null> {
  const { place, state, index } = ground
  const { writes, decision, condemnation, merging, onProgress, signal } = commit
  const occasion = {
    writes: writes.length > 0,
    rekeys: condemnation?.rekeys ?? false,
    renews: state.head !== null && state.head.header.generation < me.generation.number,
    merging,
    absent: decision.absent,
  }
  const plan = planEpochs(state.owner, decision.wanted, occasion, decision.now)
  const rewrite = plan.moved.size ? await withMoved(ground, plan, commit.rewrite) : commit.rewrite
  if (!writes.length && !plan.opened && !plan.envelopes && !condemnation && !rewrite) return null
  const stored: string[] = []
  const uploads = sideBySide()
  const put = async (sealId: Uint8Array, bytes: Uint8Array): Promise<void> => {
    checkSignal(signal)
    const url = objectUrl(place.container, sealId)
    stored.push(url)
    return uploads.begin(() => place.pod.put(url, bytes, { ifNoneMatch: '*', type: MEDIA_TYPE }))
  }
  const content = await storeContent({ place, index, state, plan, decision, writes, rewrite, put, onProgress })
  const removed = new Set(content.removed.map(({ sealId }) => toHex(sealId)))
  const listed = await list(ground, content, removed, condemnation, put)
  const indexed = await indexes(ground, plan.owner, content, removed, rewrite, put)
  const keyring = await storeKeyring(place, state, plan, put)
  await uploads.end()
  const commits = await nextCommit(store, headUrl(place.container), state.head?.header.vector ?? [], me.device)
  const owner = { ...plan.owner, accountVector: decision.accountVector, index: indexed.index }
  const header = headerOf(ground, me, plan, commits, keyring)
  return {
    bytes: sealHead(
      { header, owner, manifest: listed.manifest, tail: content.tail.bytes },
      me.generation.key,
      me.signer,
    ),
    tail: content.tail.sections,
    run: indexed.added,
    entries: content.entries,
    removed,
    stored,
    dropped: [...content.removed, ...listed.dropped, ...indexed.dropped].map(({ sealId }) =>
      objectUrl(place.container, sealId),
    ),
    commits,
  }
}

/** All segments that hold something of an epoch that ends. */
async function withMoved({ reader, state }: Ground, { moved }: EpochPlan, rewrite: Rewrite | null): Promise<Rewrite> {
  const all = await reader.list(state.manifest ?? EMPTY)
  const chosen = new Set(rewrite?.inputs.map(({ sealId }) => toHex(sealId)))
  const inputs = all.filter(
    ({ sealId, epochs }) => chosen.has(toHex(sealId)) || epochs.some(id => moved.has(epochName(id))),
  )
  return { ...rewrite, inputs, erased: rewrite?.erased ?? new Set() }
}

function list(
  { place, reader, state }: Ground,
  { tail, added, loose }: Content,
  removed: ReadonlySet<string>,
  condemnation: Condemnation | null,
  put: PutNamed,
): ReturnType<typeof changeSegments> {
  const manifest = {
    ...(state.manifest ?? EMPTY),
    tail: tail.key,
    ...(condemnation && { condemned: condemnation.ids }),
  }
  return changeSegments(place, reader, manifest, { added: [...loose, ...added], removed }, put)
}

function indexes(
  { place, runs, index }: Ground,
  { index: old }: OwnerPart,
  { covered, entries, loose }: Content,
  removed: ReadonlySet<string>,
  rewrite: Rewrite | null,
  put: PutNamed,
): ReturnType<typeof changeIndex> {
  const known = { runs: old.runs, loose: [...old.loose, ...loose.map(({ sealId }) => sealId)] }
  return changeIndex(
    place,
    known,
    runs,
    index,
    { covered, entries, removed, whole: Boolean(rewrite?.erased.size) },
    put,
  )
}

function headerOf(
  { place, state: { head } }: Ground,
  me: Me,
  { epoch }: EpochPlan,
  commits: number,
  keyring: HeadHeader['keyring'],
) {
  return {
    version: 1 as const,
    type: 'head' as const,
    owner: place.owner,
    collection: place.id,
    epoch,
    generation: me.generation.number,
    vector: advance(head?.header.vector ?? [], me.device, commits, head?.hash ?? new Uint8Array(32)),
    identityHead: me.identity.entries.at(-1)!,
    keyring,
  }
}

async function storeKeyring({ owner, id }: Place, { head }: HeadState, plan: EpochPlan, put: PutNamed) {
  if (!plan.envelopes) return head?.header.keyring ?? null
  if (!plan.envelopes.length) return null
  const keyring = sealKeyring(owner, id, plan.epoch, plan.envelopes)
  await inParallel(keyring.pages, page => put(page.id, page.bytes))
  await put(keyring.sealId, keyring.bytes)
  return { sealId: keyring.sealId, hash: keyring.hash }
}
