/** SPEC §15 (N9-N16, T): a group's head opened by a member, its log, its epochs. */
import { encode, join, need, same } from './cbor.ts'
import { checkpointed, groupLog, more, stateOfEntry, type GroupLog, type Signers } from './log.ts'
import { archived, reference, rowOf, stateNamed, type Find, type Row, type State } from './pages.ts'
import { entryOf } from './identity.ts'
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
} from './primitives.ts'
import { bytes, fields, id, is, key, orNull, parse, rows, sized, sorted, text, uint, type Shape } from './shape.ts'
import { climb, tryStewardKey } from './tree.ts'

const header = fields({
  version: is(1),
  type: is('group'),
  steward: text,
  sealId: id,
  group: key,
  epoch: uint,
  tree: bytes,
  stewards: fields({ sealId: id, hash: key }),
  previous: rows(bytes),
})
type Header = Shape<typeof header>
const object = fields({ header: bytes, log: bytes })
const logPart = fields({ checkpoint: orNull(bytes), archive: orNull(reference), entries: rows(bytes) })

export interface Epoch {
  number: number
  secret: Uint8Array
}
export interface OpenGroup {
  log: GroupLog
  /** All of them, oldest first. */
  epochs: Epoch[]
  /** null: not for us. */
  steward: Uint8Array | null
  /** The roster's row of somebody; null where there is none, or no roster. */
  inRoster(webId: string): Row | null
}

export const groupKey = ({ secret }: Epoch): Uint8Array => kdf(secret, 'group key')
export const groupSeed = ({ secret }: Epoch): Uint8Array => kdf(secret, 'group kem seed')
const leafId = (group: Uint8Array, kem: Uint8Array): Uint8Array => name('group leaf', join(group, kem)).subarray(0, 16)

/** Who signed it, as the head says: to know whose identity must be read first. */
export const stewardOf = (stored: Uint8Array): string =>
  parse(header, parse(object, unverified(stored).bytes).header).steward

/** `seeds` are our account generations'; null where no leaf is ours (T2). */
export function openGroup(
  stored: Uint8Array,
  group: Uint8Array,
  seeds: Uint8Array[],
  signers: Signers,
  find: Find,
): OpenGroup | null {
  const of = parse(header, parse(object, unverified(stored).bytes).header)
  const newest = newestEpoch(of, group, seeds, find)
  if (!newest) return null
  const { header: headerBytes, log: sealed } = parse(object, verified(stored, 'group head', signers.active))
  need(same(of.group, group))
  const part = parse(logPart, openEnvelope(groupKey(newest), 'group log', headerBytes, sealed, steps(512)))
  need(part.entries.length > 0)
  const pages = archived(part.archive, group, find)
  const all = [...pages.flatMap(({ entries }) => entries), ...part.entries]
  const newer = part.entries.findLast(entry => entryOf(entry).kind === 'checkpoint') ?? part.checkpoint
  const state = newer && stateNamed(group, stateOfEntry(newer), find)
  const log = state ? since(newer, state, part.entries, signers) : groupLog(all, signers)
  need(same(log.id, group) && log.stewards.has(of.steward))
  need(log.epoch === of.epoch && same(hash(kemPublic(groupSeed(newest))), log.kem))
  const older = pages.flatMap(({ first, secrets }) => secrets.map((secret, i) => ({ number: first + i, secret })))
  return {
    log,
    epochs: [...older, ...previous(of, group, newest)],
    steward: stewardKey(of, seeds, find),
    inRoster: webId => state && rowOf(log.nonce, group, state, webId, find),
  }
}

function since(newest: Uint8Array, state: State, entries: Uint8Array[], signers: Signers): GroupLog {
  const { index } = entryOf(newest)
  const after = entries.filter(entry => entryOf(entry).index > index)
  return more(checkpointed(newest, state, signers), after, signers)
}

function newestEpoch(of: Header, group: Uint8Array, seeds: Uint8Array[], find: Find): Epoch | null {
  for (const seed of seeds) {
    const secret = climb(group, of.tree, leafId(group, kemPublic(seed)), find, from => {
      const own = enrolled(from, 'group-enrolment', group, seed)
      need(own !== null)
      return own
    })
    if (secret) return { number: of.epoch, secret }
  }
  return null
}

const enrolment = fields({
  header: bytes,
  rows: sorted(fields({ leaf: id, kem: sized(1216), sealed: bytes }), row => row.leaf),
})
const enrolmentHeader = fields({
  version: is(1),
  type: is('group-enrolment', 'group-stewards'),
  sealId: id,
  group: key,
})

/** T8; null where no row is ours. */
function enrolled(
  from: Uint8Array,
  type: 'group-enrolment' | 'group-stewards',
  group: Uint8Array,
  seed: Uint8Array,
): Uint8Array | null {
  const read = parse(enrolment, from)
  const of = parse(enrolmentHeader, read.header)
  need(of.type === type && same(of.group, group))
  const own = kemPublic(seed)
  const leaf = leafId(group, own)
  const row = read.rows.find(each => same(each.leaf, leaf))
  if (!row) return null
  need(same(row.kem, own))
  return sized(32)(openSealed(seed, type.replace('-', ' '), join(read.header, leaf), row.sealed, none))
}

/** T10. */
function stewardKey({ stewards, group, tree }: Header, seeds: Uint8Array[], find: Find): Uint8Array | null {
  const from = find(stewards.sealId)
  need(same(hash(from), stewards.hash))
  for (const seed of seeds) {
    const own = enrolled(from, 'group-stewards', group, seed)
    if (!own) continue
    tryStewardKey(group, own, tree)
    return own
  }
  return null
}

function previous(of: Header, group: Uint8Array, newest: Epoch): Epoch[] {
  need(of.previous.length < of.epoch)
  const all = [newest]
  for (const sealed of of.previous.toReversed()) {
    const number = all[0]!.number - 1
    const secret = openEnvelope(groupKey(all[0]!), 'group previous epoch', encode([group, number]), sealed, none)
    all.unshift({ number, secret: sized(32)(secret) })
  }
  return all
}
