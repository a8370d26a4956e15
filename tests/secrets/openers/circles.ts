/** Circles: secrets of epochs, head, messages and feed. */
import {
  ACCESS_START,
  archivePage,
  drawGroupEpoch,
  drawSeeds,
  label,
  openAccessBatch,
  openCatalogue,
  openEnrolment,
  openGroupHead,
  openGroupMessage,
  openMessage,
  publicOf,
  random,
  sealAccessBatch,
  sealCatalogue,
  sealGroupHead,
  sealGroupMessage,
  sealMessage,
  signBytes,
  unsafeUnverified,
  unwrapPrevious,
  wrapPrevious,
} from '#crypto'
import { decodeCbor, encodeCbor } from '../../../crypto/cbor.ts'
import { smallTree } from '../../crypto/reading.ts'
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
  const { kem } = publicOf(seeds)
  const of = smallTree(group, second.secret, [kem])
  const enrolment = of.objects.at(-2)!.bytes
  const enrol = (bytes: Uint8Array, seed = seeds.kem) => openEnrolment('group-enrolment', group, seed, bytes)
  const toOther = smallTree(group, second.secret, [publicOf(drawSeeds()).kem]).objects.at(-2)!.bytes
  const [, [[, , forOther]]] = decodeCbor(toOther) as [Uint8Array, [[Uint8Array, Uint8Array, Uint8Array]]]
  const withSealed = (sealed: Uint8Array): Uint8Array => {
    const [head, [[leaf, key]]] = decodeCbor(enrolment) as [Uint8Array, [[Uint8Array, Uint8Array]]]
    return encodeCbor([head, [[leaf, key, sealed]]])
  }
  const { reference, bytes: page } = archivePage.seal(group, { before: null, entries: [text], first: 1, secrets: [] })
  const previous = wrapPrevious(group, first, second)
  const header = {
    version: 1 as const,
    type: 'group' as const,
    owner,
    group,
    epoch: 2,
    tree: of.tree,
    stewards: of.stewards,
    previous: [previous],
  }
  const head = sealGroupHead(header, { checkpoint: null, archive: null, entries: [text] }, second, signer)
  const openHead = (bytes: Uint8Array, by = second) => openGroupHead(bytes, group, by, keyOf)
  /** Signed anew, by a steward in league with the host. */
  const resigned = (path: number[], at: number) =>
    signBytes(signer, label.groupHead, altered(unsafeUnverified(head).signed, path, at))
  const folded = sealCatalogue(
    { version: 1, type: 'catalogue', owner, group, turn: 1 },
    { pages: [], rows: text },
    second,
    signer,
  )
  const openFolded = (bytes: Uint8Array, by = second) => openCatalogue(bytes, group, by, keyOf)
  const refolded = (path: number[], at: number) =>
    signBytes(signer, label.catalogueHead, altered(unsafeUnverified(folded).signed, path, at))
  const message = sealMessage(publicOf(seeds).kem, text)
  const batch = sealAccessBatch({ kem: publicOf(seeds).kem, generation: 1 }, ACCESS_START, [], 3)
  const line = sealGroupMessage(second, text)
  return {
    openEnrolment: {
      right: () => enrol(enrolment),
      wrong: {
        key: () => enrol(withSealed(forOther)),
        header: () => enrol(altered(enrolment, [0, 2], 0)),
        ...alterations(BEHIND_KEM, at => () => enrol(altered(enrolment, [1, 0, 2], at))),
      },
    },
    'archivePage.open': {
      right: () => archivePage.open(group, reference.key, page),
      wrong: {
        key: () => archivePage.open(group, random(32), page),
        header: () => archivePage.open(group, reference.key, altered(page, [0, 2], 0)),
        ...alterations(ENVELOPE, at => () => archivePage.open(group, reference.key, altered(page, [1], at))),
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
    openCatalogue: {
      right: () => openFolded(folded),
      wrong: {
        key: () => openFolded(folded, drawGroupEpoch(2)),
        header: () => openFolded(refolded([0, 3], 0)),
        ...alterations(ENVELOPE, at => () => openFolded(refolded([1], at))),
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
