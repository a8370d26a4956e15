/** Fetches the segments that a manifest lists and opens whatever sections the holder has keys for. */
import {
  AlveoleError,
  equal,
  epochsOf,
  hash,
  openManifestPage,
  openSection,
  openSegment,
  toBase64Url,
  type Epoch,
  type FacetKey,
  type Manifest,
  type OpenedSegment,
  type Section,
  type SegmentEntry,
} from '#crypto'
import { inParallel } from '../parallel.ts'
import { objectUrl } from '../paths.ts'
import type { Pod } from '../pod.ts'

export interface Place {
  pod: Pod
  owner: string
  id: Uint8Array
  container: string
}

/** The leaf facets to try, and the key of one in an epoch; null where the holder has none. */
export interface FacetKeys {
  leaves: readonly string[]
  keyOf(epoch: Epoch, leaf: string): FacetKey | null
}

export interface Opened {
  sections: Section[]
  /** Whether some section did not open: of another facet, or of a newer vocabulary. */
  partly: boolean
}

/** Names of segments whose cells the caller has: they are immutable, and fetched once. */
export type SeenSegments = Set<string>

/** An object that something signed or sealed names by its hash. */
export async function fetchNamed(place: Place, sealId: Uint8Array, expected: Uint8Array): Promise<Uint8Array> {
  const url = objectUrl(place.container, sealId)
  const reply = await place.pod.get(url, { hash: expected })
  if (!reply) throw new AlveoleError('tampered', GONE, { detail: { url } })
  if (!equal(hash(reply.body), expected))
    throw new AlveoleError('tampered', 'another object than the head names', { detail: { url } })
  return reply.body
}

const GONE = 'an object that the head names is gone'
/** A newer head may name another in its place: it is asked for before anything is called missing (protocol §5, Garbage). */
export const isGone = (error: unknown): boolean => error instanceof AlveoleError && error.message === GONE

export async function listSegments(place: Place, manifest: Manifest): Promise<SegmentEntry[]> {
  const pages = await inParallel(manifest.pages, async page =>
    openManifestPage(await fetchNamed(place, page.sealId, page.hash), place.owner, place.id, page.key),
  )
  return [...pages.flat(), ...manifest.segments]
}

/** All sections of the listed segments that are not `seen` yet, which they are afterwards. */
export async function fetchSegments(
  place: Place,
  manifest: Manifest,
  keys: FacetKeys,
  seen: SeenSegments,
): Promise<Opened> {
  const entries = await listSegments(place, manifest)
  const missing = entries.filter(({ sealId }) => !seen.has(toBase64Url(sealId)))
  const leaves = guesses(keys)
  const opened = await inParallel(missing, async ({ sealId, hash: expected, key }) => {
    const bytes = await fetchNamed(place, sealId, expected)
    return [toBase64Url(sealId), await openAll(openSegment(bytes, place.owner, place.id, key), leaves)] as const
  })
  for (const [name] of opened) seen.add(name) // all or none: the caller takes in what this returns
  return {
    sections: opened.flatMap(([, { sections }]) => sections),
    partly: opened.some(([, { partly }]) => partly),
  }
}

/** All sections of one listed segment. */
export async function openNamed(
  place: Place,
  { sealId, hash: expected, key }: SegmentEntry,
  keys: FacetKeys,
): Promise<Opened> {
  const bytes = await fetchNamed(place, sealId, expected)
  return openAll(openSegment(bytes, place.owner, place.id, key), guesses(keys))
}

export async function openTail(place: Place, manifest: Manifest, tail: Uint8Array, keys: FacetKeys): Promise<Opened> {
  if (!tail.length) return { sections: [], partly: false }
  return openAll(openSegment(tail, place.owner, place.id, manifest.tail), guesses(keys))
}

async function openAll(segment: OpenedSegment, keys: Guesses): Promise<Opened> {
  const sections: Section[] = []
  for (const epoch of epochsOf(segment)) {
    for (const facet of keys.leaves) {
      if (sections.length === segment.rows.length) break
      const key = keys.keyOf(epoch, facet)
      const cells = key && openSection(segment, key)
      if (!cells) continue
      keys.found(facet)
      sections.push({ epoch, facet, cells: await cells })
    }
  }
  return { sections, partly: sections.length < segment.rows.length }
}

/** A table does not say which facets it has: they are guessed. */
interface Guesses extends FacetKeys {
  found(leaf: string): void
}

/** Each key derived once; and the leaves found last come first, since cells are packed facet by facet. */
function guesses({ leaves, keyOf }: FacetKeys): Guesses {
  let order = leaves
  const known = new Map<string, FacetKey | null>()
  return {
    get leaves() {
      return order
    },
    keyOf(epoch, leaf) {
      const name = `${epoch} ${leaf}`
      const key = known.get(name) ?? keyOf(epoch, leaf)
      known.set(name, key)
      return key
    },
    found(leaf) {
      if (order[0] !== leaf) order = [leaf, ...order.filter(other => other !== leaf)]
    },
  }
}
