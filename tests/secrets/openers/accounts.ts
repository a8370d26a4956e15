/** What opens a vault: account, generations, slots of passwords and devices. */
import {
  drawGeneration,
  drawSeeds,
  FLOOR,
  openAccountPage,
  openAccountState,
  openForDevice,
  openPasswordSlot,
  openQueuedWrite,
  publicOf,
  random,
  sealAccount,
  sealAccountPage,
  sealForDevice,
  sealPasswordSlot,
  sealQueuedWrite,
  unwrapGenerations,
  verifyAccount,
  wrapGenerations,
} from '#crypto'
import {
  alteredAt,
  altered,
  ENVELOPE,
  BEHIND_KEM,
  ann,
  owner,
  signer,
  keyOf,
  text,
  type Openers,
  alterations,
} from './opener.ts'

export function accounts(): Openers {
  const { device, identity } = ann
  const generations = [drawGeneration(1), drawGeneration(2)]
  const wraps = wrapGenerations(owner, generations, [publicOf(device)])
  const header = {
    version: 1 as const,
    type: 'account' as const,
    owner,
    vector: [],
    identityHead: identity.entries.at(-1)!,
    slots: [],
    ...wraps,
  }
  const account = verifyAccount(sealAccount(header, text, generations[1]!, signer), owner, keyOf)
  const withWrap = (sealed: Uint8Array) => ({ ...account.header, wraps: [{ to: wraps.wraps[0]!.to, sealed }] })
  const withPrevious = (sealed: Uint8Array) => ({ ...account.header, previous: [sealed] })
  const toOther = wrapGenerations(owner, generations, [publicOf(drawSeeds())]).wraps[0]!.sealed
  const [wrap, previous] = [wraps.wraps[0]!.sealed, wraps.previous[0]!]
  const content = sealForDevice(device, text)
  const queued = sealQueuedWrite(device, { collection: random(16), at: 1, known: [], sections: [] })
  const page = sealAccountPage(owner, text)
  return {
    openAccountPage: {
      right: () => openAccountPage(page.bytes, owner, page.reference.key),
      wrong: {
        key: () => openAccountPage(page.bytes, owner, random(32)),
        header: () => openAccountPage(altered(page.bytes, [0, 3], 0), owner, page.reference.key),
        ...alterations(ENVELOPE, at => () => openAccountPage(altered(page.bytes, [1], at), owner, page.reference.key)),
      },
    },
    openAccountState: {
      right: () => openAccountState(account, generations[1]!),
      wrong: {
        key: () => openAccountState(account, generations[0]!),
        header: () =>
          openAccountState({ ...account, headerBytes: alteredAt(account.headerBytes, -1) }, generations[1]!),
        ...alterations(
          ENVELOPE,
          at => () => openAccountState({ ...account, state: alteredAt(account.state, at) }, generations[1]!),
        ),
      },
    },
    'unwrapGenerations, newest': {
      right: () => unwrapGenerations(account.header, device),
      wrong: {
        key: () => unwrapGenerations(withWrap(toOther), device),
        header: () => unwrapGenerations({ ...account.header, owner: 'https://eve.example/#me' }, device),
        ...alterations(BEHIND_KEM, at => () => unwrapGenerations(withWrap(alteredAt(wrap, at)), device)),
      },
    },
    'unwrapGenerations, older': {
      right: () => unwrapGenerations(account.header, device),
      wrong: {
        key: () =>
          unwrapGenerations(
            withPrevious(wrapGenerations(owner, [drawGeneration(1), drawGeneration(2)], []).previous[0]!),
            device,
          ),
        ...alterations(ENVELOPE, at => () => unwrapGenerations(withPrevious(alteredAt(previous, at)), device)),
      },
    },
    openForDevice: {
      right: () => openForDevice(device, content),
      wrong: {
        key: () => openForDevice(drawSeeds(), content),
        header: () => openForDevice(device, altered(content, [0, 2], 0)),
        ...alterations(ENVELOPE, at => () => openForDevice(device, altered(content, [1], at))),
      },
    },
    openQueuedWrite: {
      right: () => openQueuedWrite(device, queued),
      wrong: {
        key: () => openQueuedWrite(drawSeeds(), queued),
        header: () => openQueuedWrite(device, altered(queued, [0, 3], 0)),
        ...alterations(ENVELOPE, at => () => openQueuedWrite(device, altered(queued, [1], at))),
      },
    },
  }
}

export async function slots(): Promise<Openers> {
  const slot = await sealPasswordSlot('a good password', owner, { ...drawSeeds(), root: 'a'.repeat(64) }, FLOOR)
  return {
    openPasswordSlot: {
      right: () => openPasswordSlot('a good password', owner, slot),
      wrong: {
        key: () => openPasswordSlot('another password', owner, slot),
        header: () => openPasswordSlot('a good password', 'https://eve.example/#me', slot),
        salt: () => openPasswordSlot('a good password', owner, { ...slot, salt: random(16) }),
        ...alterations(
          ENVELOPE,
          at => () => openPasswordSlot('a good password', owner, { ...slot, sealed: alteredAt(slot.sealed, at) }),
        ),
      },
    },
  }
}
