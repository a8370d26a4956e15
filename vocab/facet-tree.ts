/**
 * The facet tree: paths, what lies under them, what is sensitive, and the cover that grants "all but …".
 * The tree is the key tree: the key of a node opens everything under it and nothing else.
 */
import { facets } from './facets.ts'
import { dpv } from './terms.ts'
import type { FacetConcept, FacetPath } from './kind.ts'

const byPath = new Map(facets.map(concept => [concept.path, concept]))
const parentOf = (path: FacetPath): FacetPath => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const narrower = Map.groupBy(facets, concept => parentOf(concept.path))

export const facet = (path: FacetPath): FacetConcept | null => byPath.get(path) ?? null

/** Concepts right under a path; the top concepts for the empty path. */
export const children = (path: FacetPath): readonly FacetConcept[] => narrower.get(path) ?? []

export const isWithin = (path: FacetPath, ancestor: FacetPath): boolean =>
  path === ancestor || path.startsWith(`${ancestor}/`)

export const isLeaf = (path: FacetPath): boolean => byPath.has(path) && !narrower.has(path)

/** A concept is sensitive when it, or anything broader, says so. */
export const isSensitive = (path: FacetPath): boolean =>
  path !== '' && ((byPath.get(path)?.sensitive ?? false) || isSensitive(parentOf(path)))

/** Whether a grant of a concept opens anything about health: it, or anything broader or narrower, says so. */
export const reachesHealth = (path: FacetPath): boolean =>
  facets.some(concept => concept.health && (isWithin(path, concept.path) || isWithin(concept.path, path)))

/** Whether a grant of a concept opens anything sensitive. */
export const reachesSensitive = (path: FacetPath): boolean =>
  isSensitive(path) || facets.some(concept => concept.sensitive && isWithin(concept.path, path))

/** The DPV category of personal data of the nearest concept that has one; DPV's broadest where none has. */
export const dataCategory = (path: FacetPath): string =>
  byPath.get(path)?.category ?? (path.includes('/') ? dataCategory(parentOf(path)) : dpv.PersonalData)

export const leavesUnder = (path: FacetPath): FacetPath[] =>
  isLeaf(path) ? [path] : children(path).flatMap(child => leavesUnder(child.path))

/**
 * The least set of nodes that covers every leaf under `roots` but those within `excluded`. It never rises above a
 * root, since a broader node would also open what is added there later. A path that is not in the tree (a facet of
 * the member's own) counts as a leaf.
 */
export function coverWithout(roots: readonly FacetPath[], excluded: readonly FacetPath[]): FacetPath[] {
  const cover = (path: FacetPath): FacetPath[] => {
    if (excluded.some(other => isWithin(path, other))) return []
    if (!excluded.some(other => isWithin(other, path))) return [path]
    return children(path).flatMap(child => cover(child.path))
  }
  const outermost = roots.filter(root => !roots.some(other => other !== root && isWithin(root, other)))
  return [...new Set(outermost)].flatMap(cover)
}

/** The concepts that say themselves that they are sensitive: what "all but the sensitive" leaves out. */
export const sensitiveFacets: readonly FacetPath[] = Object.freeze(
  facets.filter(concept => concept.sensitive).map(concept => concept.path),
)
