import { describe, expect, it } from 'vitest'
import {
  checkGroupHead,
  drawGroupEpoch,
  extendGroupLog,
  fromHex,
  groupKem,
  hash,
  isChain,
  nextGroupEntry,
  openGroupHead,
  random,
  readGroupLog,
  rootId,
  sealGroupHead,
  signerOf,
  unsafeAuthors,
  unsafeGroupHeader,
  unsafePoint,
  utf8,
  unwrapPrevious,
  wrapPrevious,
  type GroupBody,
  type GroupHeader,
  type Unsealed,
} from '#crypto'
import { groupKey } from '../../crypto/group-epoch.ts'
import { codeOf, person, type Person } from './support.ts'

const [ann, ben, cyd] = [person('ann'), person('benny'), person('cydney')]
const people = [ann, ben, cyd]
const leafOf = ({ webId }: Person): Uint8Array => hash(utf8(webId)).slice(0, 16)
const rootOf = ({ identity }: Person): Uint8Array => fromHex(rootId(identity))
const keyOf = (author: string, root: string, signer: Uint8Array) => {
  const known = people.find(({ webId, identity }) => webId === author && rootId(identity) === root)
  return known?.identity.devices.find(({ id }) => Buffer.compare(id, signer) === 0)?.sign ?? null
}
const add = (log: Uint8Array[], by: Person, ...bodies: GroupBody[]): Uint8Array[] =>
  bodies.reduce((sum, body) => {
    const last = sum.length ? unsafePoint(sum.at(-1)!) : null
    return [...sum, nextGroupEntry(last, by.webId, signerOf(by.device), 1_700_000_000_000, body)]
  }, log)
const read = (log: Uint8Array[]) => readGroupLog(log, keyOf)

const admit = (who: Person, role: 'steward' | 'member' | 'observer' = 'member') =>
  ({ type: 'admit', member: who.webId, root: rootOf(who), role, leaf: leafOf(who) }) as const
const role = (who: Person, role: 'steward' | 'member' | 'observer') => ({ ...admit(who, role), type: 'role' as const })
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
    expect([...state.members.values()].map(({ webId, role, state }) => [webId, role, state])).toEqual([
      [ann.webId, 'steward', 'member'],
      [ben.webId, 'member', 'member'],
    ])
    expect(codeOf(() => read(add([], ben, found)))).toBe('tampered')
    expect(codeOf(() => read(add(founded, ann, found)))).toBe('tampered')
    for (const first of [admit(ben), admit(ann, 'steward'), remove(ann), { type: 'leave' } as const])
      expect(codeOf(() => read(add([], ann, first)))).toBe('tampered')
    expect(codeOf(() => read([]))).toBe('tampered')
  })

  it('[L2] begins at nothing', () => {
    for (const last of [
      { index: 0, hash: new Uint8Array(32) },
      { index: -1, hash: random(32) },
    ]) {
      const first = nextGroupEntry(last, ann.webId, signerOf(ann.device), 1_700_000_000_000, found)
      expect(codeOf(() => read([first]))).toBe('tampered')
    }
  })

  it('[N4] is believed over whoever tells of members without a roster', () => {
    const claimed = {
      webId: cyd.webId,
      root: rootId(cyd.identity),
      role: 'member',
      state: 'member',
      leaf: null,
    } as const
    const told = { ...claimed, by: ann.webId, at: 0 }
    const more = add(withBen, ann, admit(cyd)).slice(-1)
    expect(extendGroupLog(read(withBen), more, keyOf, () => told).count).toBe(3)
  })

  it('names its authors, each once, before anything is checked', () => {
    const log = add(withBen, ben, { type: 'leave' })
    expect(unsafeAuthors(log)).toEqual([ann.webId, ben.webId])
    expect(unsafeAuthors(add([], cyd, found))).toEqual([cyd.webId])
  })

  it('has its members in the order of their last change', () => {
    const log = add(withBen, ann, admit(cyd), role(ben, 'observer'))
    expect([...read(log).members.values()].map(({ webId }) => webId)).toEqual([ann.webId, cyd.webId, ben.webId])
  })

  it('[N2] takes entries only from the root that was admitted', () => {
    const swapped = add(founded, ann, { ...admit(ben, 'steward'), root: rootOf(cyd) })
    expect(codeOf(() => read(add(swapped, ben, admit(cyd))))).toBe('tampered')
  })

  it('[N3] is decided by stewards; a member may leave; who left or was never there says nothing', () => {
    for (const body of [admit(cyd), remove(ann), rotate(2), role(ben, 'steward')]) {
      expect(codeOf(() => read(add(withBen, ben, body)))).toBe('tampered')
      expect(codeOf(() => read(add(withBen, cyd, body)))).toBe('tampered')
    }
    const left = add(withBen, ben, { type: 'leave' })
    expect([...read(left).members.values()].at(-1)).toMatchObject({ webId: ben.webId, state: 'removed' })
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
    expect([...again.members.values()].at(-1)).toMatchObject({ role: 'observer', state: 'member' })
  })

  it('[N5] keeps a steward', () => {
    for (const body of [remove(ann), { type: 'leave' } as const, role(ann, 'member')]) {
      expect(codeOf(() => read(add(withBen, ann, body)))).toBe('refused')
    }
    expect(codeOf(() => read(add(withBen, ann, admit(cyd, 'steward'), remove(ann))))).toBe('no error')
  })

  it('[N6] counts epochs one by one; takes back what was offered or nested, and nothing else', () => {
    for (const epoch of [0, 1, 3]) expect(codeOf(() => read(add(founded, ann, rotate(epoch))))).toBe('tampered')
    expect(read(add(founded, ann, rotate(2))).epoch).toBe(2)
    const [id, child] = [random(16), random(32)]
    const [offer, withdraw] = [{ type: 'offer', id, offer: random(9) } as const, { type: 'withdraw', id } as const]
    const [nest, unnest] = [{ type: 'nest', child, location: 'x' } as const, { type: 'unnest', child } as const]
    expect([...read(add(founded, ann, offer, nest)).offers.values()]).toEqual([offer.offer])
    expect([...read(add(founded, ann, offer, nest)).nested.values()]).toEqual(['x'])
    const none = read(add(founded, ann, offer, nest, withdraw, unnest))
    expect([none.offers.size, none.nested.size]).toEqual([0, 0])
    for (const body of [withdraw, unnest]) expect(codeOf(() => read(add(founded, ann, body)))).toBe('tampered')
  })

  it('[N7] is one chain: an entry leads to every one before it', () => {
    expect(isChain(withBen)).toBe(true)
    expect(isChain(withBen.slice(1))).toBe(true)
    expect(isChain([withBen[0]!, withBen[2]!])).toBe(false)
    expect(isChain([...founded, add(founded, ann, admit(cyd)).at(-1)!])).toBe(true)
    expect(isChain([...withBen, add(founded, ann, admit(cyd)).at(-1)!])).toBe(false)
  })

  it('goes on from a state that is left as it was', () => {
    const state = read(founded)
    const more = add(founded, ann, admit(ben), role(ben, 'steward')).slice(founded.length)
    expect(extendGroupLog(state, more, keyOf)).toEqual(read([...founded, ...more]))
    expect(state).toEqual(read(founded))
    expect(codeOf(() => extendGroupLog(state, more.slice(1), keyOf))).toBe('tampered')
  })

  it('[N8] says that somebody who left still has the keys, until the next epoch', () => {
    expect(read(add(withBen, ann, remove(ben))).exposed).toBe(true)
    expect(read(add(withBen, ben, { type: 'leave' })).exposed).toBe(true)
    expect(read(add(withBen, ann, remove(ben), rotate(2))).exposed).toBe(false)
    expect(read(add(withBen, ann, role(ben, 'observer'))).exposed).toBe(false)
    expect(read(add([], ann, found, admit(ben), remove(ben))).exposed).toBe(false) // before any epoch there is no key to have
  })

  it('[L2] refuses entries dropped, repeated or reordered', () => {
    const [a, b, c] = withBen as [Uint8Array, Uint8Array, Uint8Array]
    for (const log of [[b], [a, c], [a, b, b], [a, c, b], [b, a, c]]) expect(codeOf(() => read(log))).toBe('tampered')
  })

  it('reads hundreds of members', () => {
    const log = [...Array(200).keys()].reduce(
      (sum, i) => add(sum, ann, { ...admit(ben), member: `https://m${i}.example/#me` }),
      founded,
    )
    expect(read(log).members).toHaveProperty('size', 201)
  })
})

const group = fromHex(read(withBen).id)
const epochs = [drawGroupEpoch(1), drawGroupEpoch(2), drawGroupEpoch(3)]
const newest = epochs[2]!

describe('the epochs of a group', () => {
  it('[T3] derive unrelated keys of one secret', () => {
    expect(groupKey(newest)).not.toEqual(newest.secret)
    expect(groupKey(newest)).not.toEqual(groupKey({ ...newest, secret: random(32) }))
  })

  it('[T4] lead from the newest to older ones, and refuse any other chain', () => {
    const previous = [wrapPrevious(group, epochs[0]!, epochs[1]!), wrapPrevious(group, epochs[1]!, newest)] as const
    expect(unwrapPrevious(group, newest, [...previous])).toEqual(epochs)
    expect(unwrapPrevious(group, newest, [previous[1]])).toEqual(epochs.slice(1))
    for (const chain of [[previous[0]], [previous[1], previous[0]], [random(81), ...previous]]) {
      expect(codeOf(() => unwrapPrevious(group, newest, chain))).toBe('tampered')
    }
    expect(codeOf(() => unwrapPrevious(random(32), newest, [...previous]))).toBe('tampered')
    expect(codeOf(() => unwrapPrevious(group, drawGroupEpoch(0), [random(81)]))).toBe('tampered')
    const short = wrapPrevious(group, { number: 2, secret: random(31) }, newest)
    expect(codeOf(() => unwrapPrevious(group, newest, [short]))).toBe('tampered')
  })
})

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
    tree: random(200),
    stewards: { sealId: random(16), hash: random(32) },
    previous: [],
  }
  const part = { checkpoint: null, archive: null, entries: log }
  const sealed = sealGroupHead(header, part, epoch, signerOf(ann.device))
  const signedBy = (who: Person) => (signer: Uint8Array) => keyOf(who.webId, rootId(who.identity), signer)

  it('[N9] carries the newest entries, one at least', () => {
    expect(openGroupHead(sealed, id, epoch, signedBy(ann))).toEqual(part)
    checkGroupHead(unsafeGroupHeader(sealed), state, epoch)
    const none = sealGroupHead(header, { ...part, entries: [] }, epoch, signerOf(ann.device))
    expect(codeOf(() => openGroupHead(none, id, epoch, signedBy(ann)))).toBe('tampered')
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
    const once = { ...state, stewards: new Map() }
    expect(codeOf(() => checkGroupHead(read, once, epoch))).toBe('tampered') // a steward who left
    expect(codeOf(() => checkGroupHead(read, state, drawGroupEpoch(1)))).toBe('tampered') // a secret that the host wrapped to a member
    expect(codeOf(() => checkGroupHead(read, state, { ...epoch, number: 2 }))).toBe('tampered')
  })

  it('[E3] draws its seal id at every sealing', () => {
    const again = unsafeGroupHeader(sealGroupHead(unsafeGroupHeader(sealed), part, epoch, signerOf(ann.device)))
    expect(again.sealId).not.toEqual(unsafeGroupHeader(sealed).sealId)
  })
})
