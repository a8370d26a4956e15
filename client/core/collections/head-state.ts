/** What a device knows of a collection of its own: what its newest head says. */
import type { Manifest, OwnerPart, Section, SignedHead } from '#crypto'

/** null parts before the first head. */
export interface HeadState {
  etag: string | null
  head: SignedHead | null
  owner: OwnerPart | null
  manifest: Manifest | null
  tail: Section[]
  /** The tail holds sections that we cannot open (a newer vocabulary's): it must be kept as it is. */
  tailPartly: boolean
}

export const NOTHING: HeadState = { etag: null, head: null, owner: null, manifest: null, tail: [], tailPartly: false }
