/**
 * When an epoch opens, and who holds it (protocol §4). Pure: from the owner part of the newest head and the grants that
 * should hold now, to the epochs, holders and keyring entries of the next head.
 */
import {
  drawEpochKey,
  encode,
  equal,
  facetKey,
  hash,
  list,
  manifestKey,
  random,
  text,
  toHex,
  type Epoch,
  type EpochKey,
  type GrantEnvelope,
  type OwnerPart,
  type Vector,
} from '#crypto'
import { leaves } from '../leaves.ts'
import { mergeEpochs, type Merging } from './merge-epochs.ts'
import type { FacetKeys } from './sections.ts'
import { has, opens, type Wanted } from './wanted.ts'

/** What a commit is decided on: the grants, and the account that said so. */
export interface Decision {
  wanted: readonly Wanted[]
  /** Other grants of the collection that may come to hold it: what they would open then is neither added to nor taken away. */
  absent: readonly Wanted[]
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
  /** Epochs that end with this commit, each with the fresh one that its cells are sealed under anew. */
  moved: ReadonlyMap<Epoch, Epoch>
}

export interface Occasion {
  /** Cells are added, as opposed to a change of grants only. */
  writes: boolean
  /** The keyring is sealed anew in any case. */
  rekeys?: boolean
  /** The owner began a generation since the last head: a device was removed. */
  renews?: boolean
  /** Closed epochs to seal anew (merge-epochs.ts). */
  merging?: Merging | null
  /** As in a decision. */
  absent?: readonly Wanted[]
}

export function planEpochs(
  last: OwnerPart | null,
  wanted: readonly Wanted[],
  { writes, rekeys = false, renews = false, merging = null, absent = [] }: Occasion,
  now: number,
): EpochPlan {
  const newest = last?.epochs.at(-1)
  const opens =
    !last ||
    !newest ||
    renews ||
    someoneLeft(last, wanted) ||
    wanted.some(grant => mustNotGetMore(grant, newest.id, writes) || (writes && mustWait(grant, newest.id, last)))
  const all = opens
    ? [...(last?.epochs ?? []), { id: random(8), key: drawEpochKey(), opened: now, of: [] }]
    : last.epochs
  const { epochs, moved } = merging
    ? mergeEpochs(all, [...wanted, ...absent], last?.withheld ?? [], merging, now)
    : { epochs: all, moved: NONE }
  const epoch = epochs.at(-1)!.id
  const withheld = nextWithheld(last, wanted, epochs)
  const holders = wanted.map(holderOf)
  const index = last?.index ?? { runs: [], loose: [] }
  const owner: OwnerPart = { epochs, holders, withheld, accountVector: [], index }
  const same = !opens && !moved.size && sameHolders(last.holders, holders) && withheld.length === last.withheld.length
  return {
    owner,
    epoch,
    opened: opens,
    envelopes: same && !rekeys ? null : wanted.map(grant => envelope(grant, owner)),
    moved,
  }
}

const NONE: ReadonlyMap<Epoch, Epoch> = new Map()

type Holder = OwnerPart['holders'][number]

const facetsOf = list(text)
const holderOf = ({ grant, to, agreement, facets }: Wanted): Holder => ({
  grant,
  to: hash(to),
  agreement: hash(agreement),
  facets: hash(encode(facetsOf, facets.toSorted())),
})

/** A grant ended or has fewer facets now, a group it was given to has another key, a recipient removed a device. */
const someoneLeft = (last: OwnerPart, wanted: readonly Wanted[]): boolean => {
  const now = wanted.map(holderOf)
  return last.holders.some(({ grant, to, facets }) => {
    const holder = now.find(one => equal(one.grant, grant))
    return !holder || !equal(holder.to, to) || !equal(holder.facets, facets)
  })
}

/** As many, each with the agreement that the keyring has; their keys are the same where no epoch opens. */
const sameHolders = (before: readonly Holder[], now: readonly Holder[]): boolean =>
  before.length === now.length &&
  now.every(({ agreement }) => before.some(holder => equal(holder.agreement, agreement)))

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
      .filter(epoch => opens(grant, epoch, owner.withheld))
      .flatMap(({ id, key }) =>
        grant.facets.map(facet => ({ epoch: id, facet, key: facetKey(key as EpochKey, facet) })),
      ),
  }
}

/** The key of an epoch by name, as segments are sealed and opened. */
export const epochKeyOf = (owner: OwnerPart): ((epoch: string) => EpochKey | null) => {
  const keys = new Map(owner.epochs.map(({ id, key }) => [toHex(id), key as EpochKey]))
  return epoch => keys.get(epoch) ?? null
}

/** All that the owner opens. */
export function facetKeysOf(owner: OwnerPart): FacetKeys {
  const epochKey = epochKeyOf(owner)
  const keyOf: FacetKeys['keyOf'] = (epoch, leaf) => {
    const key = epochKey(epoch)
    return key && facetKey(key, leaf)
  }
  return { leaves: leaves(), keyOf }
}
