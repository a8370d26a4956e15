/**
 * Which closed epochs give way to fresh ones (protocol §4, Compaction keeps epochs; SPEC K8). Those that exactly the same grants
 * open may be sealed anew together; each lot gets an epoch drawn now, never one that is there, so that no reader of yesterday
 * has its key. What is not sure is left alone: epochs of a grant whose recipient could not be asked, waits or is being given to.
 * Grants that do not hold the collection now, but may, count among those that open an epoch: their day comes.
 */
import { drawEpochKey, equal, random, toHex, type Epoch, type OwnerPart } from '#crypto'
import { opens, type Wanted } from './wanted.ts'

type Epochs = OwnerPart['epochs']

export interface Merging {
  /** Only epochs that opened before: milliseconds since 1970. */
  before: number
  /** A lot of fewer epochs stays as it is: 2 to have fewer epochs, 1 to have other keys. */
  atLeast: 1 | 2
}

export function mergeEpochs(
  epochs: Epochs,
  grants: readonly Wanted[],
  withheld: OwnerPart['withheld'],
  { before, atLeast }: Merging,
  now: number,
): { epochs: Epochs; moved: Map<Epoch, Epoch> } {
  const [closed, newest] = [epochs.slice(0, -1), epochs.slice(-1)]
  const unsure = grants.filter(({ checked, suspended, giving }) => !checked || suspended || giving)
  const due = closed.filter(epoch => epoch.opened < before && !unsure.some(grant => opens(grant, epoch, withheld)))
  const byReaders = Map.groupBy(due, epoch => grants.map(grant => opens(grant, epoch, withheld)).join())
  const lots = [...byReaders.values()].filter(lot => lot.length >= atLeast)
  const fresh = lots.map(lot => ({
    lot,
    epoch: {
      id: random(8),
      key: drawEpochKey(),
      opened: Math.max(now, Number.isFinite(before) ? before : 0),
      of: standsFor(lot, grants),
    },
  }))
  const moved = new Map(fresh.flatMap(({ lot, epoch }) => lot.map(({ id }) => [nameOf(id), nameOf(epoch.id)] as const)))
  const kept = closed.filter(({ id }) => !moved.has(nameOf(id)))
  return { epochs: [...kept, ...fresh.map(({ epoch }) => epoch), ...newest], moved }
}

const nameOf = (id: Uint8Array): Epoch => toHex(id) as Epoch

/** Of the epochs that go, only those by which some grant says what it opens. */
const standsFor = (lot: Epochs, grants: readonly Wanted[]): Uint8Array[] =>
  lot.flatMap(({ id, of }) => [id, ...of]).filter(id => grants.some(({ held }) => held.some(one => equal(one, id))))
