/** A grant, as the collections see it, and which epochs it opens (protocol §4; SPEC K7, K8). */
import { equal, type OwnerPart } from '#crypto'

/** A grant that should hold the collection now. */
export interface Wanted {
  grant: Uint8Array
  /** X-Wing public key of the person's generation or of the group's epoch, as last known. */
  to: Uint8Array
  /** False where the recipient could not be asked: it then gets nothing of a new epoch (protocol §5, Offline). */
  checked: boolean
  /** Not confirmed on this device yet: nothing is written into an epoch that it holds (A31). */
  suspended: boolean
  /** Still being given: what it opens is not sealed anew meanwhile. */
  giving: boolean
  agreement: Uint8Array
  facets: readonly string[]
  epochs: 'all' | 'existing' | 'new'
  held: readonly Uint8Array[]
}

export const has = (list: readonly Uint8Array[], id: Uint8Array): boolean => list.some(item => equal(item, id))

/** Whether a grant opens an epoch, or one of those whose cells it took over. */
export function opens(
  { grant, epochs, held }: Wanted,
  { id, of }: OwnerPart['epochs'][number],
  withheld: OwnerPart['withheld'],
): boolean {
  if (withheld.some(entry => equal(entry.grant, grant) && equal(entry.epoch, id))) return false
  return epochs === 'all' || [id, ...of].some(name => has(held, name)) === (epochs === 'existing')
}
