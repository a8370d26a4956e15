/** SPEC §15 (N1-N8, N15, N16): what a group's log comes to, from its founding or from a checkpoint. */
import { hex, need, same } from './cbor.ts'
import { reference, type State } from './pages.ts'
import { entryOf, walk, type Entry } from './identity.ts'
import { verified, type KeyOf } from './primitives.ts'
import { bytes, fields, id, is, key, text, uint, type Shape } from './shape.ts'

/** Signing keys of a person of that root: of the devices that are active, and of all that ever were (N2, N10). */
export interface Signers {
  active: KeyOf
  ever(author: string, root: Uint8Array): KeyOf
}

const role = is('steward', 'member', 'observer')
const standing = fields({ member: text, root: key, role, leaf: id })
const bodies = {
  found: fields({ name: text, nonce: key, root: key }),
  admit: standing,
  role: standing,
  leave: fields({}),
  remove: fields({ member: text }),
  rotate: fields({ epoch: uint, kem: key }),
  offer: fields({ id, offer: bytes }),
  withdraw: fields({ id }),
  nest: fields({ child: key, location: text }),
  unnest: fields({ child: key }),
  checkpoint: fields({ state: reference }),
}

interface Member {
  webId: string
  root: Uint8Array
  role: Shape<typeof role>
  state: 'member' | 'removed'
  leaf: Uint8Array | null
  by: string
  at: number
}
export interface GroupLog {
  id: Uint8Array
  name: string
  nonce: Uint8Array
  /** Of whom the entries that were read tell, in the order of their last change. */
  members: Member[]
  /** Whether these are all. */
  complete: boolean
  stewards: Map<string, { root: Uint8Array; leaf: string | null }>
  count: number
  epoch: number
  kem: Uint8Array
  exposed: boolean
  offers: Set<string>
  nested: Set<string>
  /** How many entries changed the stewards or their keys, the founding included. */
  successions: number
  last: { index: number; hash: Uint8Array }
}

/** N1-N6, from the founding. */
export function groupLog(entries: Uint8Array[], signers: Signers): GroupLog {
  need(entries.length > 0)
  const [founding, ...others] = entries
  return more(founded(founding!, signers), others, signers)
}

function founded(founding: Uint8Array, { ever }: Signers): GroupLog {
  const { kind, content, author: by, time: at, signer, hash: id32, index } = entryOf(founding)
  need(kind === 'found' && index === 0)
  const { name, nonce, root } = bodies.found(content)
  verified(founding, 'group entry', () => ever(by, root)(signer))
  walk(
    [founding],
    'group entry',
    () => ever(by, root)(signer),
    () => undefined,
  )
  const members: Member[] = [{ webId: by, root, role: 'steward', state: 'member', leaf: null, by, at }]
  return {
    id: id32,
    name,
    nonce,
    members,
    complete: true,
    count: 1,
    epoch: 0,
    kem: new Uint8Array(0),
    exposed: false,
    offers: new Set(),
    nested: new Set(),
    successions: 1,
    last: { index, hash: id32 },
    stewards: new Map([[by, { root, leaf: null }]]),
  }
}

/** The entries after `state.last`. */
export function more(state: GroupLog, entries: Uint8Array[], signers: Signers): GroupLog {
  walk(
    entries,
    'group entry',
    entry => mayExtend(state, entry, signers),
    entry => {
      state.last = { index: entry.index, hash: entry.hash }
      apply(state, entry)
    },
    state.last,
  )
  return state
}

/** N15: the state that a checkpoint's entry stands for. */
export function checkpointed(entry: Uint8Array, of: State, signers: Signers): GroupLog {
  need(of.succession.length > 0)
  const [founding, ...changes] = of.succession
  const state = founded(founding!, signers)
  state.complete = false
  for (const change of changes) {
    const { index, previous } = entryOf(change)
    need(index > state.last.index)
    const before = state.successions
    Object.assign(state, { members: [], last: { index: index - 1, hash: previous } })
    more(state, [change], signers)
    need(state.successions === before + 1)
  }
  const { author, signer, kind, index, hash } = entryOf(entry)
  const steward = state.stewards.get(author)
  need(kind === 'checkpoint' && steward !== undefined && index > state.last.index)
  verified(entry, 'group entry', () => signers.ever(author, steward.root)(signer))
  return {
    ...state,
    epoch: of.epoch,
    kem: of.kem,
    exposed: of.exposed,
    count: of.count,
    members: [],
    last: { index, hash },
    offers: new Set(of.offers.map(each => hex(each.id))),
    nested: new Set(of.nested.map(({ child }) => hex(child))),
  }
}

const current = (state: GroupLog, webId: string): Member | null =>
  state.members.find(member => member.webId === webId && member.state === 'member') ?? null

function mayExtend(state: GroupLog, { author, kind, signer }: Entry, { ever }: Signers): Uint8Array | null {
  const steward = state.stewards.get(author)
  if (steward) return ever(author, steward.root)(signer)
  const member = current(state, author)
  return member && kind === 'leave' ? ever(author, member.root)(signer) : null
}

function apply(state: GroupLog, { kind, content, author: by, time: at }: Entry): void {
  if (kind === 'admit' || kind === 'role') {
    const { member: webId, ...of } = standing(content)
    const before = current(state, webId)
    if (kind === 'admit') need(!before)
    else need(before ? same(before.root, of.root) : isOpen(state, webId))
    if (kind === 'admit') state.count++
    put(state, { webId, ...of, state: 'member', by, at })
  } else if (kind === 'leave' || kind === 'remove') {
    const webId = kind === 'leave' ? (bodies.leave(content), by) : bodies.remove(content).member
    const before = current(state, webId)
    need(before !== null || isOpen(state, webId))
    const of = before ?? { root: new Uint8Array(0), role: 'member' as const, leaf: null }
    state.count--
    put(state, { ...of, webId, state: 'removed', by, at })
    state.exposed = state.epoch > 0
  } else if (kind === 'rotate') {
    const read = bodies.rotate(content)
    need(read.epoch === state.epoch + 1)
    Object.assign(state, { ...read, exposed: false })
  } else rest(state, kind, content)
}

function rest(state: GroupLog, kind: string, content: Entry['content']): void {
  if (kind === 'offer') state.offers.add(hex(bodies.offer(content).id))
  else if (kind === 'withdraw') need(state.offers.delete(hex(bodies.withdraw(content).id)))
  else if (kind === 'nest') state.nested.add(hex(bodies.nest(content).child))
  else if (kind === 'unnest') need(state.nested.delete(hex(bodies.unnest(content).child)))
  else {
    need(kind === 'checkpoint')
    bodies.checkpoint(content)
  }
}

/** Whether only the roster knows what somebody is (N4). */
const isOpen = (state: GroupLog, webId: string): boolean =>
  !state.complete && !state.members.some(member => member.webId === webId)

function put(state: GroupLog, member: Member): void {
  state.members = [...state.members.filter(({ webId }) => webId !== member.webId), member]
  const was = state.stewards.get(member.webId)
  if (was) need(member.state === 'removed' || same(was.root, member.root))
  const leaf = member.leaf && hex(member.leaf)
  const isSteward = member.state === 'member' && member.role === 'steward'
  if (isSteward ? was?.leaf === leaf : !was) return
  if (isSteward) state.stewards.set(member.webId, { root: member.root, leaf })
  else state.stewards.delete(member.webId)
  need(state.stewards.size > 0, 'refused')
  state.successions++
}

/** The state page that a checkpoint's entry names. */
export const stateOfEntry = (entry: Uint8Array): Shape<typeof reference> =>
  bodies.checkpoint(entryOf(entry).content).state
