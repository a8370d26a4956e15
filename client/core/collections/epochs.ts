/**
 * When an epoch opens, and who holds it (protocol §4). Pure: from the owner part of the newest head and the grants that
 * should hold now, to the epochs, holders and keyring entries of the next head.
 */
import {
  drawEpochKey,
  equal,
  facetKey,
  hash,
  manifestKey,
  random,
  toHex,
  type EpochKey,
  type GrantEnvelope,
  type OwnerPart,
  type Vector,
} from '#crypto'

/** A grant that should hold the collection now. */
export interface Wanted {
  grant: Uint8Array
  /** X-Wing public key of the person's generation or of the group's epoch, as last known. */
  to: Uint8Array
  /** False where the recipient could not be asked: it then gets nothing of a new epoch (protocol §5, Offline). */
  checked: boolean
  /** Not confirmed on this device yet: nothing is written into an epoch that it holds (A31). */
  suspended: boolean
  agreement: Uint8Array
  facets: readonly string[]
  epochs: 'all' | 'existing' | 'new'
  held: readonly Uint8Array[]
}

/** What a commit is decided on: the grants, and the account that said so. */
export interface Decision {
  wanted: readonly Wanted[]
  accountVector: Vector
  /** Milliseconds since 1970. */
  now: number
}

export interface EpochPlan {
  owner: OwnerPart
  epoch: Uint8Array
  opened: boolean
  /** null: what the last head names still holds. */
  envelopes: GrantEnvelope[] | null
}

const has = (list: readonly Uint8Array[], id: Uint8Array): boolean => list.some(item => equal(item, id))

/** `writes`: whether cells are added, as opposed to a change of grants only. `rekeys`: the keyring is sealed anew in any case. */
export function planEpochs(
  last: OwnerPart | null,
  wanted: readonly Wanted[],
  { writes, rekeys = false }: { writes: boolean; rekeys?: boolean },
  now: number,
): EpochPlan {
  const newest = last?.epochs.at(-1)
  const opens =
    !last ||
    !newest ||
    someoneLeft(last, wanted) ||
    wanted.some(grant => mustNotGetMore(grant, newest.id, writes) || (writes && mustWait(grant, newest.id, last)))
  const epochs = opens ? [...(last?.epochs ?? []), { id: random(8), key: drawEpochKey(), opened: now }] : last.epochs
  const epoch = epochs.at(-1)!.id
  const withheld = nextWithheld(last, wanted, epochs)
  const holders = wanted.map(({ grant, to }) => ({ grant, to: hash(to) }))
  const owner: OwnerPart = { epochs, holders, withheld, accountVector: [] }
  const same = !opens && holders.length === last.holders.length && withheld.length === last.withheld.length
  return {
    owner,
    epoch,
    opened: opens,
    envelopes: same && !rekeys ? null : wanted.map(grant => envelope(grant, owner)),
  }
}

/** A grant ended, a group it was given to has another key, a recipient removed a device. */
const someoneLeft = (last: OwnerPart, wanted: readonly Wanted[]): boolean =>
  last.holders.some(holder => !wanted.some(({ grant, to }) => equal(grant, holder.grant) && equal(hash(to), holder.to)))

/** New-only: nothing of the epoch it was given in. Existing-only: nothing written from now on. */
const mustNotGetMore = ({ epochs, held }: Wanted, newest: Uint8Array, writes: boolean): boolean =>
  has(held, newest) && (epochs === 'new' || (epochs === 'existing' && writes))

/** A grant that waits for its confirmation holds the newest epoch. */
const mustWait = ({ suspended, grant }: Wanted, newest: Uint8Array, { withheld }: OwnerPart): boolean =>
  suspended && !withheld.some(entry => equal(entry.grant, grant) && equal(entry.epoch, newest))

function nextWithheld(
  last: OwnerPart | null,
  wanted: readonly Wanted[],
  epochs: OwnerPart['epochs'],
): OwnerPart['withheld'] {
  const known = last?.epochs.map(({ id }) => id) ?? []
  return wanted
    .filter(({ checked, suspended }) => suspended || !checked)
    .flatMap(({ grant }) =>
      epochs
        .filter(
          ({ id }) => !has(known, id) || last?.withheld.some(held => equal(held.grant, grant) && equal(held.epoch, id)),
        )
        .map(({ id }) => ({ grant, epoch: id })),
    )
}

function envelope(grant: Wanted, owner: OwnerPart): GrantEnvelope {
  const newest = owner.epochs.at(-1)!
  return {
    grant: grant.grant,
    to: grant.to,
    agreement: grant.agreement,
    manifest: manifestKey(newest.key as EpochKey),
    keys: owner.epochs
      .toReversed()
      .filter(({ id }) => opens(grant, id, owner))
      .flatMap(({ id, key }) =>
        grant.facets.map(facet => ({ epoch: id, facet, key: facetKey(key as EpochKey, facet) })),
      ),
  }
}

function opens({ grant, epochs, held }: Wanted, epoch: Uint8Array, { withheld }: OwnerPart): boolean {
  if (withheld.some(entry => equal(entry.grant, grant) && equal(entry.epoch, epoch))) return false
  return epochs === 'all' || has(held, epoch) === (epochs === 'existing')
}

/** The key of an epoch by name, as segments are sealed and opened. */
export const epochKeyOf = (owner: OwnerPart): ((epoch: string) => EpochKey | null) => {
  const keys = new Map(owner.epochs.map(({ id, key }) => [toHex(id), key as EpochKey]))
  return epoch => keys.get(epoch) ?? null
}
