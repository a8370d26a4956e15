/**
 * The vocabulary is the key tree (SPEC K1–K5):
 *
 *   E epoch key, 32 random bytes
 *   ├─ M = KDF(E, "manifest key")
 *   └─ R = KDF(E, "facet root") ─ KDF(·, "facet", "health") ─ KDF(·, "facet", "immunizations") … = F[E, path]
 *
 * A node's key gives everything narrower, nothing broader or beside it.
 */
import { concat, utf8 } from './bytes.ts'
import { AlveoleError } from './errors.ts'
import { label } from './labels.ts'
import { kdf, random } from './primitives.ts'

declare const brand: unique symbol
/** 32 bytes; opens everything of one epoch. */
export type EpochKey = Uint8Array & { [brand]: 'epoch' }
/** 32 bytes; opens the manifests of heads written in one epoch. */
export type ManifestKey = Uint8Array & { [brand]: 'manifest' }
/** 32 bytes; opens the sections of one facet, and of narrower ones, in one epoch. */
export type FacetKey = Uint8Array & { [brand]: 'facet' }

/** Names an epoch: 8 random bytes in hexadecimal, drawn with its key. */
export type Epoch = string & { [brand]: 'epoch id' }

export const drawEpochKey = (): EpochKey => random(32) as EpochKey

export const manifestKey = (epoch: EpochKey): ManifestKey => kdf(epoch, label.manifestKey) as ManifestKey

export const facetKey = (epoch: EpochKey, path: string): FacetKey =>
  descend(kdf(epoch, label.facetRoot) as FacetKey, path.split('/'))

/** The key of `path` from that of `ancestor`, which must stand above it or be it. */
export function narrow(key: FacetKey, ancestor: string, path: string): FacetKey {
  if (path === ancestor) return key
  if (!path.startsWith(`${ancestor}/`)) throw new AlveoleError('usage', `${path} is not within ${ancestor}`)
  return descend(key, path.slice(ancestor.length + 1).split('/'))
}

const descend = (from: FacetKey, ids: string[]): FacetKey =>
  ids.reduce((key, id) => kdf(key, label.facet, utf8(id)) as FacetKey, from)

/** A section's key needs both the segment's key and the facet's (K5). */
export const sectionKey = (facet: FacetKey, segmentKey: Uint8Array, sealId: Uint8Array): Uint8Array =>
  kdf(facet, label.section, concat(segmentKey, sealId))

/** What a section is found by in its segment's table; says nothing without the facet's key. 16 bytes. */
export const sectionTag = (facet: FacetKey, segmentKey: Uint8Array, sealId: Uint8Array): Uint8Array =>
  kdf(facet, label.sectionTag, concat(segmentKey, sealId), 16)
