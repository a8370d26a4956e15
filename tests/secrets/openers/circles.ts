/** Circles: secrets of epochs, head, messages and feed. */
import {
  ACCESS_START,
  drawGroupEpoch,
  drawSeeds,
  label,
  openAccessBatch,
  openGroupHead,
  openGroupMessage,
  openMessage,
  publicOf,
  random,
  sealAccessBatch,
  sealGroupHead,
  sealGroupMessage,
  sealMessage,
  signBytes,
  unsafeUnverified,
  unwrapGroupEpoch,
  unwrapPrevious,
  wrapGroupEpoch,
  wrapPrevious,
} from '#crypto'
import {
  alteredAt,
  altered,
  ENVELOPE,
  BEHIND_KEM,
  owner,
  signer,
  keyOf,
  text,
  type Openers,
  alterations,
} from './opener.ts'

export function circles(): Openers {
  const group = random(32)
  const [first, second] = [drawGroupEpoch(1), drawGroupEpoch(2)]
  const seeds = drawSeeds()
  const wraps = wrapGroupEpoch(group, second, [publicOf(seeds).kem])
  const [leaf] = wraps.leaves
  const toOther = wrapGroupEpoch(group, second, [publicOf(drawSeeds()).kem]).leaves[0]!.sealed
  const withLeaf = (sealed: Uint8Array) => ({ ...wraps, leaves: [{ id: leaf!.id, sealed }] })
  const previous = wrapPrevious(group, first, second)
  const header = { version: 1 as const, type: 'group' as const, owner, group, epoch: 2, wraps, previous: [previous] }
  const head = sealGroupHead(header, { pages: [], entries: [] }, second, signer)
  const openHead = (bytes: Uint8Array, by = second) => openGroupHead(bytes, group, by, keyOf)
  /** Signed anew, by a steward in league with the host. */
  const resigned = (path: number[], at: number) =>
    signBytes(signer, label.groupHead, altered(unsafeUnverified(head).signed, path, at))
  const message = sealMessage(publicOf(seeds).kem, text)
  const batch = sealAccessBatch({ kem: publicOf(seeds).kem, generation: 1 }, ACCESS_START, [], 3)
  const line = sealGroupMessage(second, text)
  return {
    unwrapGroupEpoch: {
      right: () => unwrapGroupEpoch(group, 2, wraps, seeds.kem),
      wrong: {
        key: () => unwrapGroupEpoch(group, 2, withLeaf(toOther), seeds.kem),
        header: () => unwrapGroupEpoch(group, 3, wraps, seeds.kem),
        ...alterations(
          BEHIND_KEM,
          at => () => unwrapGroupEpoch(group, 2, withLeaf(alteredAt(leaf!.sealed, at)), seeds.kem),
        ),
      },
    },
    unwrapPrevious: {
      right: () => unwrapPrevious(group, second, [previous]),
      wrong: {
        key: () => unwrapPrevious(group, drawGroupEpoch(2), [previous]),
        header: () => unwrapPrevious(random(32), second, [previous]),
        ...alterations(ENVELOPE, at => () => unwrapPrevious(group, second, [alteredAt(previous, at)])),
      },
    },
    openGroupHead: {
      right: () => openHead(head),
      wrong: {
        key: () => openHead(head, drawGroupEpoch(2)),
        header: () => openHead(resigned([0, 3], 0)),
        ...alterations(ENVELOPE, at => () => openHead(resigned([1], at))),
      },
    },
    openMessage: {
      right: () => openMessage(seeds.kem, message),
      wrong: {
        key: () => openMessage(drawSeeds().kem, message),
        header: () => openMessage(seeds.kem, altered(message, [0, 2], 0)),
        ...alterations(BEHIND_KEM, at => () => openMessage(seeds.kem, altered(message, [1], at))),
      },
    },
    openAccessBatch: {
      right: () => openAccessBatch(seeds.kem, batch),
      wrong: {
        key: () => openAccessBatch(drawSeeds().kem, batch),
        header: () => openAccessBatch(seeds.kem, altered(batch, [0, 2], 0)),
        ...alterations(BEHIND_KEM, at => () => openAccessBatch(seeds.kem, altered(batch, [1], at))),
      },
    },
    openGroupMessage: {
      right: () => openGroupMessage([second], line),
      wrong: {
        key: () => openGroupMessage([drawGroupEpoch(2)], line),
        header: () => openGroupMessage([second], altered(line, [0, 2], 0)),
        ...alterations(ENVELOPE, at => () => openGroupMessage([second], altered(line, [1], at))),
      },
    },
  }
}
