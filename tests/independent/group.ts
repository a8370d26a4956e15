/** SPEC §15 (N, T): a group's head opened by a member, its log, its epochs. */
import { encode, join, need, same } from './cbor.ts'
import { walk, type Entry } from './identity.ts'
import {
  hash,
  kdf,
  kemPublic,
  name,
  none,
  openEnvelope,
  openSealed,
  steps,
  unverified,
  verified,
  type KeyOf,
} from './primitives.ts'
import { bytes, fields, id, is, key, parse, rows, sized, text, uint, type Shape } from './shape.ts'

const reference = fields({ sealId: id, hash: key, size: uint, key })
const header = fields({
  version: is(1),
  type: is('group'),
  steward: text,
  sealId: id,
  group: key,
  epoch: uint,
  wraps: fields({
    leaves: rows(fields({ id, sealed: bytes })),
    nodes: rows(fields({ index: uint, sealed: bytes })),
    pages: rows(reference),
  }),
  previous: rows(bytes),
})
const object = fields({ header: bytes, log: bytes })
const logPart = fields({ pages: rows(reference), entries: rows(bytes) })

export interface Epoch {
  number: number
  secret: Uint8Array
}
export interface OpenGroup {
  log: GroupLog
  /** Oldest first. */
  epochs: Epoch[]
}
/** Signing keys of a person of that root: of the devices that are active, and of all that ever were (N2, N10). */
export interface Signers {
  active: KeyOf
  ever(author: string, root: Uint8Array): KeyOf
}

export const groupKey = ({ secret }: Epoch): Uint8Array => kdf(secret, 'group key')
export const groupSeed = ({ secret }: Epoch): Uint8Array => kdf(secret, 'group kem seed')
const leafId = (group: Uint8Array, seed: Uint8Array): Uint8Array =>
  name('group leaf', join(group, kemPublic(seed))).subarray(0, 16)

/** Who signed it, as the head says: to know whose identity must be read first. */
export const stewardOf = (stored: Uint8Array): string =>
  parse(header, parse(object, unverified(stored).bytes).header).steward

/** `seeds` are our account generations'; null where no leaf is ours (T2). */
export function openGroup(
  stored: Uint8Array,
  group: Uint8Array,
  seeds: Uint8Array[],
  signers: Signers,
): OpenGroup | null {
  const of = parse(header, parse(object, unverified(stored).bytes).header)
  const newest = newestEpoch(of, group, seeds)
  if (!newest) return null
  const { header: headerBytes, log: sealed } = parse(object, verified(stored, 'group head', signers.active))
  need(same(of.group, group))
  const { entries } = parse(logPart, openEnvelope(groupKey(newest), 'group log', headerBytes, sealed, steps(8192)))
  const log = groupLog(entries, signers)
  const steward = log.members.find(({ webId }) => webId === of.steward)
  need(same(log.id, group) && steward?.role === 'steward' && steward.state === 'member')
  need(log.epoch === of.epoch && same(hash(kemPublic(groupSeed(newest))), log.kem))
  return { log, epochs: older(of, group, newest) }
}

function newestEpoch(of: Shape<typeof header>, group: Uint8Array, seeds: Uint8Array[]): Epoch | null {
  for (const seed of seeds) {
    const mine = leafId(group, seed)
    const leaf = of.wraps.leaves.find(each => same(each.id, mine))
    if (!leaf) continue
    const secret = openSealed(seed, 'group wrap', join(encode([group, of.epoch]), mine), leaf.sealed, none)
    return { number: of.epoch, secret: sized(32)(secret) }
  }
  return null
}

function older(of: Shape<typeof header>, group: Uint8Array, newest: Epoch): Epoch[] {
  need(of.previous.length < of.epoch)
  const all = [newest]
  for (const sealed of of.previous.toReversed()) {
    const number = all[0]!.number - 1
    const secret = openEnvelope(groupKey(all[0]!), 'group previous epoch', encode([group, number]), sealed, none)
    all.unshift({ number, secret: sized(32)(secret) })
  }
  return all
}

const role = is('steward', 'member', 'observer')
const bodies = {
  found: fields({ name: text, nonce: key, root: key }),
  admit: fields({ member: text, root: key, role }),
  role: fields({ member: text, role }),
  leave: fields({}),
  remove: fields({ member: text }),
  rotate: fields({ epoch: uint, kem: key }),
  offer: fields({ offer: bytes }),
  nest: fields({ child: key, location: text }),
  checkpoint: fields({ epoch: uint }),
}

export interface Member {
  webId: string
  root: Uint8Array
  role: Shape<typeof role>
  state: 'member' | 'removed'
  by: string
  at: number
}
export interface GroupLog {
  id: Uint8Array
  name: string
  nonce: Uint8Array
  /** In the order of their last change. */
  members: Member[]
  epoch: number
  kem: Uint8Array
  exposed: boolean
  /** Hashes, in order. */
  entries: Uint8Array[]
}

/** N1-N6. */
export function groupLog(entries: Uint8Array[], signers: Signers): GroupLog {
  let state: GroupLog | null = null
  walk(
    entries,
    'group entry',
    entry => (state ? mayExtend(state, entry, signers) : founder(entry, signers)),
    entry => {
      if (state) apply(state, entry)
      else state = begin(entry)
      state.entries.push(entry.hash)
    },
  )
  need(state !== null)
  return state
}

const current = (state: GroupLog, webId: string): Member | null =>
  state.members.find(member => member.webId === webId && member.state === 'member') ?? null

function founder({ kind, content, author, signer }: Entry, { ever }: Signers): Uint8Array | null {
  need(kind === 'found')
  return ever(author, bodies.found(content).root)(signer)
}

function mayExtend(state: GroupLog, { author, kind, signer }: Entry, { ever }: Signers): Uint8Array | null {
  const member = current(state, author)
  const may = member !== null && (member.role === 'steward' || kind === 'leave')
  return may ? ever(author, member.root)(signer) : null
}

function begin({ content, author: by, time: at, hash: id32 }: Entry): GroupLog {
  const { name: title, nonce, root } = bodies.found(content)
  const members: Member[] = [{ webId: by, root, role: 'steward', state: 'member', by, at }]
  return { id: id32, name: title, nonce, members, epoch: 0, kem: new Uint8Array(0), exposed: false, entries: [] }
}

function apply(state: GroupLog, { kind, content, author: by, time: at }: Entry): void {
  if (kind === 'admit') {
    const { member: webId, root, role: as } = bodies.admit(content)
    need(!current(state, webId))
    put(state, { webId, root, role: as, state: 'member', by, at })
  } else if (kind === 'role') {
    const { member, role: as } = bodies.role(content)
    change(state, member, { role: as, by, at })
  } else if (kind === 'leave' || kind === 'remove') {
    const webId = kind === 'leave' ? (bodies.leave(content), by) : bodies.remove(content).member
    change(state, webId, { state: 'removed', by, at })
    state.exposed = state.epoch > 0
  } else if (kind === 'rotate') {
    const read = bodies.rotate(content)
    need(read.epoch === state.epoch + 1)
    Object.assign(state, { ...read, exposed: false })
  } else if (kind === 'checkpoint') need(bodies.checkpoint(content).epoch <= state.epoch)
  else {
    need(kind === 'offer' || kind === 'nest')
    bodies[kind](content)
  }
}

function change(state: GroupLog, webId: string, to: Partial<Member>): void {
  const member = current(state, webId)
  need(member !== null)
  put(state, { ...member, ...to })
  need(
    state.members.some(({ role: as, state: is }) => as === 'steward' && is === 'member'),
    'refused',
  )
}

function put(state: GroupLog, member: Member): void {
  state.members = [...state.members.filter(({ webId }) => webId !== member.webId), member]
}
