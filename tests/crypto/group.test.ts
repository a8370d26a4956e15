import { describe, expect, it } from 'vitest'
import {
  appendGroupEntry,
  checkGroupHead,
  drawGroupEpoch,
  fromHex,
  groupContinues,
  groupKem,
  hash,
  openGroupHead,
  publicOf,
  random,
  readGroupLog,
  rootId,
  sealGroupHead,
  signerOf,
  unsafeAuthors,
  unsafeGroupHeader,
  unwrapGroupEpoch,
  unwrapPrevious,
  wrapGroupEpoch,
  wrapPrevious,
  type GroupBody,
  type GroupHeader,
  type Unsealed,
} from '#crypto'
import { groupKey } from '../../crypto/key-tree.ts'
import { codeOf, person, type Person } from './support.ts'

const [ann, ben, cyd] = [person('ann'), person('benny'), person('cydney')]
const people = [ann, ben, cyd]
const rootOf = ({ identity }: Person): Uint8Array => fromHex(rootId(identity))
const keyOf = (author: string, root: string, signer: Uint8Array) => {
  const known = people.find(({ webId, identity }) => webId === author && rootId(identity) === root)
  return known?.identity.devices.find(({ id }) => Buffer.compare(id, signer) === 0)?.sign ?? null
}
const add = (log: Uint8Array[], by: Person, ...bodies: GroupBody[]): Uint8Array[] =>
  bodies.reduce((sum, body) => appendGroupEntry(sum, by.webId, signerOf(by.device), 1_700_000_000_000, body), log)
const read = (log: Uint8Array[]) => readGroupLog(log, keyOf)

const admit = (who: Person, role: 'steward' | 'member' | 'observer' = 'member') =>
  ({ type: 'admit', member: who.webId, root: rootOf(who), role }) as const
const remove = (who: Person) => ({ type: 'remove', member: who.webId }) as const
const rotate = (epoch: number, kem: Uint8Array = new Uint8Array(32)) => ({ type: 'rotate', epoch, kem }) as const
const found = { type: 'found', name: 'family', nonce: random(32), root: rootOf(ann) } as const

const founded = add([], ann, found, rotate(1))
const withBen = add(founded, ann, admit(ben))

describe('the group log', () => {
  it('[N1] is named by its founding, which the founder signs', () => {
    const state = read(withBen)
    expect(state.id).toBe(Buffer.from(hash(withBen[0]!)).toString('hex'))
    expect(state).toMatchObject({ name: 'family', nonce: found.nonce, epoch: 1, exposed: false })
    expect(state.members.map(({ webId, role, state }) => [webId, role, state])).toEqual([
      [ann.webId, 'steward', 'member'],
      [ben.webId, 'member', 'member'],
    ])
    expect(codeOf(() => read(add([], ben, found)))).toBe('tampered')
    expect(codeOf(() => read(add(founded, ann, found)))).toBe('tampered')
    for (const first of [admit(ben), admit(ann, 'steward'), remove(ann), { type: 'leave' } as const])
      expect(codeOf(() => read(add([], ann, first)))).toBe('tampered')
    expect(codeOf(() => read([]))).toBe('tampered')
  })

  it('names its authors, each once, before anything is checked', () => {
    const log = add(withBen, ben, { type: 'leave' })
    expect(unsafeAuthors(log)).toEqual([ann.webId, ben.webId])
    expect(unsafeAuthors(add([], cyd, found))).toEqual([cyd.webId])
  })

  it('has its members in the order of their last change', () => {
    const log = add(withBen, ann, admit(cyd), { type: 'role', member: ben.webId, role: 'observer' })
    expect(read(log).members.map(({ webId }) => webId)).toEqual([ann.webId, cyd.webId, ben.webId])
  })

  it('[N2] takes entries only from the root that was admitted', () => {
    const swapped = add(founded, ann, { ...admit(ben, 'steward'), root: rootOf(cyd) })
    expect(codeOf(() => read(add(swapped, ben, admit(cyd))))).toBe('tampered')
  })

  it('[N3] is decided by stewards; a member may leave; who left or was never there says nothing', () => {
    for (const body of [
      admit(cyd),
      remove(ann),
      rotate(2),
      { type: 'role', member: ben.webId, role: 'steward' } as const,
    ]) {
      expect(codeOf(() => read(add(withBen, ben, body)))).toBe('tampered')
      expect(codeOf(() => read(add(withBen, cyd, body)))).toBe('tampered')
    }
    const left = add(withBen, ben, { type: 'leave' })
    expect(read(left).members.at(-1)).toMatchObject({ webId: ben.webId, state: 'removed' })
    expect(codeOf(() => read(add(left, ben, { type: 'leave' })))).toBe('tampered')
    expect(codeOf(() => read(add(withBen, cyd, { type: 'leave' })))).toBe('tampered')
  })

  it('[N3] believes no steward after the removal', () => {
    const two = add(founded, ann, admit(ben, 'steward'))
    const removed = add(two, ben, remove(ann))
    expect(codeOf(() => read(add(removed, ann, admit(cyd))))).toBe('tampered')
    const backdated = add(two, ann, admit(cyd)).at(-1)!
    expect(codeOf(() => read([...removed, backdated]))).toBe('tampered')
  })

  it('[N4] admits nobody twice: neither another root nor another role slips in', () => {
    expect(codeOf(() => read(add(withBen, ann, admit(ben))))).toBe('tampered')
    expect(codeOf(() => read(add(withBen, ann, { ...admit(ben), root: rootOf(cyd) })))).toBe('tampered')
    expect(codeOf(() => read(add(founded, ann, admit(ann))))).toBe('tampered')
    const again = read(add(withBen, ann, remove(ben), admit(ben, 'observer')))
    expect(again.members.at(-1)).toMatchObject({ role: 'observer', state: 'member' })
  })

  it('[N5] keeps a steward', () => {
    for (const body of [
      remove(ann),
      { type: 'leave' } as const,
      { type: 'role', member: ann.webId, role: 'member' } as const,
    ]) {
      expect(codeOf(() => read(add(withBen, ann, body)))).toBe('refused')
    }
    expect(codeOf(() => read(add(withBen, ann, admit(cyd, 'steward'), remove(ann))))).toBe('no error')
  })

  it('[N6] counts epochs one by one, and checks none that is to come', () => {
    for (const epoch of [0, 1, 3]) expect(codeOf(() => read(add(founded, ann, rotate(epoch))))).toBe('tampered')
    expect(codeOf(() => read(add(founded, ann, { type: 'checkpoint', epoch: 2 })))).toBe('tampered')
    expect(read(add(founded, ann, rotate(2), { type: 'checkpoint', epoch: 2 })).epoch).toBe(2)
  })

  it('[N7] continues what only adds to it', () => {
    const state = read(withBen)
    expect(groupContinues(read(add(withBen, ann, admit(cyd))), state.entries)).toBe(true)
    expect(groupContinues(read(add(founded, ann, admit(cyd))), state.entries)).toBe(false)
    expect(groupContinues(read(founded), state.entries)).toBe(false)
    expect(groupContinues(state, state.entries)).toBe(true)
  })

  it('[N8] says that somebody who left still has the keys, until the next epoch', () => {
    expect(read(add(withBen, ann, remove(ben))).exposed).toBe(true)
    expect(read(add(withBen, ben, { type: 'leave' })).exposed).toBe(true)
    expect(read(add(withBen, ann, remove(ben), rotate(2))).exposed).toBe(false)
    expect(read(add(withBen, ann, { type: 'role', member: ben.webId, role: 'observer' })).exposed).toBe(false)
    expect(read(add([], ann, found, admit(ben), remove(ben))).exposed).toBe(false) // before any epoch there is no key to have
  })

  it('[L2] refuses entries dropped, repeated or reordered', () => {
    const [a, b, c] = withBen as [Uint8Array, Uint8Array, Uint8Array]
    for (const log of [[b], [a, c], [a, b, b], [a, c, b], [b, a, c]]) expect(codeOf(() => read(log))).toBe('tampered')
  })

  it('reads hundreds of members', () => {
    const log = [...Array(200).keys()].reduce(
      (sum, i) =>
        add(sum, ann, { type: 'admit', member: `https://m${i}.example/#me`, root: random(32), role: 'member' }),
      founded,
    )
    expect(read(log).members).toHaveLength(201)
  })
})

const group = fromHex(read(withBen).id)
const epochs = [drawGroupEpoch(1), drawGroupEpoch(2), drawGroupEpoch(3)]
const newest = epochs[2]!

describe('the key tree of a group', () => {
  const wraps = wrapGroupEpoch(group, newest, [ann, ben].map(({ generation }) => generation.kemSeed).map(kemPublicOf))

  it('[T1] gives the secret of an epoch to every leaf, [T2] and null to others', () => {
    for (const who of [ann, ben]) expect(unwrapGroupEpoch(group, 3, wraps, who.generation.kemSeed)).toEqual(newest)
    expect(unwrapGroupEpoch(group, 3, wraps, cyd.generation.kemSeed)).toBeNull()
    expect(unwrapGroupEpoch(random(32), 3, wraps, ann.generation.kemSeed)).toBeNull()
    expect(codeOf(() => unwrapGroupEpoch(group, 2, wraps, ann.generation.kemSeed))).toBe('tampered')
  })

  it('[T1] refuses the wrap of another leaf', () => {
    const leaves = wraps.leaves.map(({ id }, i) => ({ id, sealed: wraps.leaves[1 - i]!.sealed }))
    expect(codeOf(() => unwrapGroupEpoch(group, 3, { ...wraps, leaves }, ann.generation.kemSeed))).toBe('tampered')
  })

  it('[T1] refuses a secret of another length', () => {
    const short = wrapGroupEpoch(group, { number: 3, secret: random(31) }, [kemPublicOf(ann.generation.kemSeed)])
    expect(codeOf(() => unwrapGroupEpoch(group, 3, short, ann.generation.kemSeed))).toBe('tampered')
  })

  it('[T3] derives unrelated keys of one secret', () => {
    expect(groupKey(newest)).not.toEqual(newest.secret)
    expect(groupKey(newest)).not.toEqual(groupKey({ ...newest, secret: random(32) }))
  })

  it('[T4] leads from the newest epoch to all older ones, and refuses any other chain', () => {
    const previous = [wrapPrevious(group, epochs[0]!, epochs[1]!), wrapPrevious(group, epochs[1]!, newest)] as const
    expect(unwrapPrevious(group, newest, [...previous])).toEqual(epochs)
    expect(unwrapPrevious(group, newest, [previous[1]])).toEqual(epochs.slice(1))
    for (const chain of [[previous[0]], [previous[1], previous[0]], [random(81), ...previous]]) {
      expect(codeOf(() => unwrapPrevious(group, newest, chain))).toBe('tampered')
    }
    expect(codeOf(() => unwrapPrevious(random(32), newest, [...previous]))).toBe('tampered')
    expect(codeOf(() => unwrapPrevious(group, drawGroupEpoch(0), [random(81)]))).toBe('tampered')
  })
})

function kemPublicOf(seed: Uint8Array): Uint8Array {
  return publicOf({ sign: new Uint8Array(32), kem: seed }).kem
}

describe('the head of a group', () => {
  const epoch = drawGroupEpoch(1)
  const log = add(add([], ann, found), ann, rotate(1, hash(groupKem(epoch))), admit(ben))
  const state = read(log)
  const id = fromHex(state.id)
  const header: Unsealed<GroupHeader> = {
    version: 1,
    type: 'group',
    owner: ann.webId,
    group: id,
    epoch: 1,
    wraps: wrapGroupEpoch(id, epoch, [kemPublicOf(ben.generation.kemSeed)]),
    previous: [],
  }
  const part = { pages: [], entries: log }
  const sealed = sealGroupHead(header, part, epoch, signerOf(ann.device))
  const signedBy = (who: Person) => (signer: Uint8Array) => keyOf(who.webId, rootId(who.identity), signer)

  it('[N9] leads a member from the leaf to the log', () => {
    const read = unsafeGroupHeader(sealed)
    const mine = unwrapGroupEpoch(id, read.epoch, read.wraps, ben.generation.kemSeed)!
    expect(openGroupHead(sealed, id, mine, signedBy(ann))).toEqual(part)
    checkGroupHead(read, state, mine)
  })

  it('[N10] is signed by the device that it says, for its group', () => {
    expect(codeOf(() => openGroupHead(sealed, id, epoch, signedBy(ben)))).toBe('tampered')
    expect(codeOf(() => openGroupHead(sealed, random(32), epoch, signedBy(ann)))).toBe('tampered')
    expect(codeOf(() => openGroupHead(sealed, id, drawGroupEpoch(1), signedBy(ann)))).toBe('tampered')
  })

  it('[N11] is known to its log: group, steward, epoch and key', () => {
    const read = unsafeGroupHeader(sealed)
    for (const bad of [{ owner: ben.webId }, { owner: cyd.webId }, { group: random(32) }, { epoch: 2 }]) {
      expect(codeOf(() => checkGroupHead({ ...read, ...bad }, state, epoch))).toBe('tampered')
    }
    const once = {
      ...state,
      members: state.members.map(one => ({ ...one, role: 'steward' as const, state: 'removed' as const })),
    }
    expect(codeOf(() => checkGroupHead(read, once, epoch))).toBe('tampered') // a steward who left
    expect(codeOf(() => checkGroupHead(read, state, drawGroupEpoch(1)))).toBe('tampered') // a secret that the host wrapped to a member
    expect(codeOf(() => checkGroupHead(read, state, { ...epoch, number: 2 }))).toBe('tampered')
  })

  it('[E3] draws its seal id at every sealing', () => {
    const again = unsafeGroupHeader(sealGroupHead(unsafeGroupHeader(sealed), part, epoch, signerOf(ann.device)))
    expect(again.sealId).not.toEqual(unsafeGroupHeader(sealed).sealId)
  })
})
