/** Everything that a new head needs to stand before it: segments, pages and keyring stored, the head's bytes sealed. */
import {
  advance,
  drawSealId,
  epochName,
  equal,
  facetKey,
  hash,
  objectName,
  openSegment,
  random,
  sealHead,
  sealKeyring,
  sealManifestPage,
  sealSegment,
  toBase64Url,
  type Epoch,
  type Manifest,
  type Reference,
  type Section,
  type SegmentEntry,
  epochBytes,
} from '#crypto'
import { nextCommit } from '../marks.ts'
import type { Me } from '../me.ts'
import { inParallel } from '../parallel.ts'
import { headUrl, MEDIA_TYPE, objectUrl } from '../paths.ts'
import type { Store } from '../store.ts'
import { epochKeyOf, planEpochs, type Decision, type EpochPlan } from './epochs.ts'
import type { HeadState } from './own-collection.ts'
import { addToSections, cut, HEAD_SEGMENTS, sizeOfSections, TAIL_BYTES, type Write } from './pack.ts'
import type { Place } from './sections.ts'

export interface Prepared {
  /** The head, sealed and signed. */
  bytes: Uint8Array
  tail: Section[]
  /** Names of the segments that were stored for it: their cells are the writes and the last tail. */
  segments: string[]
  /** What was stored for it: garbage if the swap is lost. */
  stored: string[]
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
  onProgress?: ((done: number) => void) | undefined
}

/** null where nothing would change. */
export async function prepare(
  place: Place,
  store: Store,
  me: Me,
  state: HeadState,
  { writes, decision: { wanted, accountVector, now }, condemnation, onProgress }: Commit,
): Promise<Prepared | null> {
  const plan = planEpochs(
    state.owner,
    wanted,
    { writes: writes.length > 0, rekeys: condemnation?.rekeys ?? false },
    now,
  )
  if (!writes.length && !plan.opened && !plan.envelopes && !condemnation) return null
  const stored: string[] = []
  const put = async (name: string, bytes: Uint8Array): Promise<void> => {
    stored.push(place.container + name)
    await place.pod.put(place.container + name, bytes, { ifNoneMatch: '*', type: MEDIA_TYPE })
  }
  const old = { ...(state.manifest ?? EMPTY), ...(condemnation && { condemned: condemnation.ids }) }
  const content = await storeContent(place, state, old, plan, writes, put, onProgress)
  const keyring = await storeKeyring(place, state, plan, put)
  const commits = await nextCommit(store, headUrl(place.container), state.head?.header.vector ?? [], me.device)
  const header = {
    version: 1 as const,
    type: 'head' as const,
    owner: place.owner,
    sealId: drawSealId(),
    collection: place.id,
    epoch: plan.epoch,
    generation: me.generation.number,
    vector: advance(state.head?.header.vector ?? [], me.device, commits, state.head?.hash ?? new Uint8Array(32)),
    identityHead: me.identity.entries.at(-1)!,
    keyring,
  }
  const bytes = sealHead(
    { header, owner: { ...plan.owner, accountVector }, manifest: content.manifest, tail: content.tailBytes },
    me.generation.key,
    me.signer,
  )
  return {
    bytes,
    tail: content.tail,
    segments: content.added.map(({ sealId }) => toBase64Url(sealId)),
    stored,
    commits,
  }
}

type PutNamed = (name: string, bytes: Uint8Array) => Promise<void>

async function storeContent(
  place: Place,
  state: HeadState,
  old: Manifest,
  plan: EpochPlan,
  writes: readonly Write[],
  put: PutNamed,
  onProgress?: (done: number) => void,
): Promise<{ manifest: Manifest; tail: Section[]; tailBytes: Uint8Array; added: SegmentEntry[] }> {
  const keyOf = epochKeyOf(plan.owner)
  const sealSections = (sections: Section[]) =>
    sealSegment(place.owner, place.id, sections, (epoch, facet) => facetKey(keyOf(epoch)!, facet))
  const kept = state.tailPartly && writes.length ? [await keepTail(place, state, put)] : []
  const tail = addToSections(kept.length ? [] : state.tail, epochName(plan.epoch), writes)
  if (state.tailPartly && !writes.length) return { manifest: old, tail, tailBytes: state.head!.parts.tail, added: [] }
  if (sizeOfSections(tail) <= TAIL_BYTES) {
    const { key, bytes } = sealSections(tail)
    return {
      manifest: await paged(place, { ...old, tail: key, segments: [...old.segments, ...kept] }, put),
      tail,
      tailBytes: bytes,
      added: kept,
    }
  }
  const groups = [...cut(tail)]
  let done = 0
  const added = await inParallel(groups, async sections => {
    const { sealId, key, bytes } = sealSections(sections)
    await put(objectName(sealId), bytes)
    onProgress?.(++done / groups.length)
    return { sealId, hash: hash(bytes), size: bytes.length, key, epochs: epochsIn(sections) }
  })
  const manifest = { ...old, tail: random(32), segments: [...old.segments, ...kept, ...added] }
  return {
    manifest: await paged(place, manifest, put),
    tail: [],
    tailBytes: new Uint8Array(),
    added: [...kept, ...added],
  }
}

const epochsIn = (sections: readonly Section[]): Uint8Array[] =>
  [...new Set(sections.map(({ epoch }) => epoch))].sort().map((epoch: Epoch) => epochBytes(epoch))

/** A tail is a segment: where parts of it are not ours to open, it becomes a stored one as it is. */
async function keepTail(place: Place, state: HeadState, put: PutNamed): Promise<SegmentEntry> {
  const bytes = state.head!.parts.tail
  const { sealId } = openSegment(bytes, place.owner, place.id, state.manifest!.tail)
  const there = await place.pod.get(objectUrl(place.container, sealId), { fresh: true }) // an earlier attempt may have got this far
  if (!there || !equal(there.body, bytes)) await put(objectName(sealId), bytes)
  return { sealId, hash: hash(bytes), size: bytes.length, key: state.manifest!.tail, epochs: [] }
}

/** Moves the oldest segments to pages, so that the head stays small. */
async function paged(place: Place, manifest: Manifest, put: PutNamed): Promise<Manifest> {
  const pages: Reference[] = [...manifest.pages]
  let segments = manifest.segments
  while (segments.length > HEAD_SEGMENTS) {
    const [sealId, key] = [drawSealId(), random(32)]
    const bytes = sealManifestPage(place.owner, place.id, sealId, key, segments.slice(0, HEAD_SEGMENTS))
    await put(objectName(sealId), bytes)
    pages.push({ sealId, hash: hash(bytes), size: bytes.length, key })
    segments = segments.slice(HEAD_SEGMENTS)
  }
  return { ...manifest, segments, pages }
}

async function storeKeyring(place: Place, state: HeadState, plan: EpochPlan, put: PutNamed) {
  if (!plan.envelopes) return state.head?.header.keyring ?? null
  if (!plan.envelopes.length) return null
  const keyring = sealKeyring(place.owner, place.id, plan.epoch, plan.envelopes)
  await inParallel(keyring.pages, ({ id, bytes }) => put(objectName(id), bytes))
  await put(objectName(keyring.sealId), keyring.bytes)
  return { sealId: keyring.sealId, hash: keyring.hash }
}
