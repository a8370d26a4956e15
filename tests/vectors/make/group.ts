/** Vectors of groups: a head as a host serves it, with its log. */
import {
  appendGroupEntry,
  concat,
  drawGroupEpoch,
  fromHex,
  generationPublic,
  type GroupBody,
  type GroupEpoch,
  groupKem,
  groupKemSeed,
  hash,
  keyId,
  label,
  publicOf,
  random,
  rootId,
  sealGroupHead,
  type Seeds,
  signBytes,
  signerOf,
  wrapGroupEpoch,
  wrapPrevious,
  type GroupHeader,
  type Unsealed,
} from '#crypto'
import type { Item } from '../../../crypto/cbor.ts'
import { seal } from '../../../crypto/envelope.ts'
import { sealTo } from '../../../crypto/kem.ts'
import { groupKey } from '../../../crypto/key-tree.ts'
import { none, steps } from '../../../crypto/padding.ts'
import { cbor } from './forge.ts'
import { alice, ann, ben, bob, devices, type Person, time } from './people.ts'
import { drawsFor } from './random.ts'
import { cut, flip, write } from './write.ts'

drawsFor('group-log')
const epochs = [drawGroupEpoch(1), drawGroupEpoch(2)]
const newest = epochs[1]!
const addTo = (of: Uint8Array[], by: Person, ...bodies: GroupBody[]) =>
  bodies.reduce((sum, body) => appendGroupEntry(sum, by.webId, signerOf(by.device), time, body), of)
const rootOf = ({ identity }: Person) => fromHex(rootId(identity))
const rotate = (number: number) =>
  ({ type: 'rotate', epoch: number, kem: hash(groupKem(epochs[number - 1]!)) }) as const
const admit = (who: Person, role: 'steward' | 'member' = 'member') =>
  ({ type: 'admit', member: who.webId, root: rootOf(who), role }) as const
const eve = { type: 'admit', member: 'https://eve.example/#me', root: random(32), role: 'member' } as const
const found = { type: 'found', name: 'family', nonce: random(32), root: rootOf(ann) } as const
const founding = addTo([], ann, found)
const groupLog = addTo(founding, ann, rotate(1), admit(ben), rotate(2))
const groupId = hash(groupLog[0]!)
const authors = [ann, ben].map(({ webId, identity, device }) => ({
  webId,
  root: rootId(identity),
  id: keyId(publicOf(device)),
  sign: publicOf(device).sign,
}))
const header: Unsealed<GroupHeader> = {
  version: 1,
  type: 'group',
  owner: alice,
  group: groupId,
  epoch: 2,
  wraps: wrapGroupEpoch(groupId, newest, [generationPublic(ben.generation)]),
  previous: [wrapPrevious(groupId, epochs[0]!, newest)],
}
const headOf = (log: Uint8Array[], changes: object = {}, signer = ann.device) => ({
  head: sealGroupHead({ ...header, ...changes }, { pages: [], entries: log }, newest, signerOf(signer)),
})
const input = { ...headOf(groupLog), group: groupId, kem: ben.generation.kemSeed, devices, authors }
const foreign = drawGroupEpoch(2)

/** An entry of whatever body, by whoever. */
const entry = (log: Uint8Array[], author: string, signer: Seeds, body: Item): Uint8Array[] => {
  const fields: Item[] = [1, log.length, hash(log.at(-1)!), time, author, cbor(body)]
  return [...log, signBytes(signerOf(signer), label.groupEntry, cbor(fields))]
}
const leafId = header.wraps.leaves[0]!.id
const wrapped = (secret: Uint8Array, epoch = 2): Item =>
  sealTo(generationPublic(ben.generation), label.groupWrap, concat(cbor([groupId, epoch]), leafId), secret, none)
interface Parts {
  header: (fields: Item[]) => Item[]
  leaves: Item
  previous: Item
  epoch: GroupEpoch
  log: Item
}
/** The head field by field. */
function byHand(with_: Partial<Parts> = {}): { head: Uint8Array } {
  const defaults: Parts = {
    header: fields => fields,
    leaves: [[leafId, wrapped(newest.secret)]],
    previous: header.previous,
    epoch: newest,
    log: [[], groupLog],
  }
  const of = { ...defaults, ...with_ }
  const head = cbor(of.header([1, 'group', alice, random(16), groupId, 2, [of.leaves, [], []], of.previous]))
  const sealed = seal(groupKey(of.epoch), label.groupLog, head, cbor(of.log), steps(8192))
  return { head: signBytes(signerOf(ann.device), label.groupHead, cbor([head, sealed])) }
}
const otherLog = addTo([], ann, { ...found, nonce: random(32) }, rotate(1), rotate(2))
const from = 'by hand'
const shortPrevious = seal(groupKey(newest), label.groupPrevious, cbor([groupId, 1]), random(31), none)
await write(
  'group-log',
  [
    { name: 'founder and member', input },
    { name: 'not a member', rule: 'T2', input: { ...input, kem: random(32) } },
    { name: 'by hand', rule: 'T1', input: { ...input, ...byHand() } },
  ],
  [
    {
      name: 'a log that is refused',
      rule: 'N5',
      code: 'refused',
      set: headOf(addTo(groupLog, ann, { type: 'leave' })),
    },
    { name: 'a field more in the header', rule: 'N9', from, set: byHand({ header: fields => [...fields, 0] }) },
    { name: 'a log of three parts', rule: 'N9', from, set: byHand({ log: [[], groupLog, []] }) },
    { name: 'a leaf of three', rule: 'N9', from, set: byHand({ leaves: [[leafId, wrapped(newest.secret), 0]] }) },
    { name: 'another type', rule: 'O3', from, set: byHand({ header: fields => fields.with(1, 'account') }) },
    { name: 'another version', rule: 'O3', from, set: byHand({ header: fields => fields.with(0, 2) }) },
    {
      name: 'the head of another group',
      rule: 'O3',
      from,
      set: byHand({ header: fields => fields.with(4, random(32)) }),
    },
    {
      name: 'head and log of another group',
      rule: 'N11',
      from,
      set: byHand({ header: fields => fields.with(4, hash(otherLog[0]!)), log: [[], otherLog] }),
    },
    {
      name: 'a head of a later epoch than its log',
      rule: 'N11',
      from,
      set: byHand({
        header: fields => fields.with(5, 3),
        leaves: [[leafId, wrapped(newest.secret, 3)]],
        previous: [],
      }),
    },
    { name: 'another group', rule: 'N11', set: headOf(otherLog) },
    { name: 'an epoch that the log has not', rule: 'N11', set: headOf(groupLog.slice(0, 3)) },
    { name: 'a head in the name of a member', rule: 'N11', set: headOf(groupLog, { owner: bob }) },
    {
      name: 'a secret whose key the log does not know',
      rule: 'N11',
      from,
      set: byHand({ leaves: [[leafId, wrapped(foreign.secret)]], epoch: foreign, previous: [] }),
    },
    { name: 'a head signed by a member', rule: 'N10', set: headOf(groupLog, {}, ben.device) },
    { name: 'a head signed by the steward’s root', rule: 'N10', set: headOf(groupLog, {}, ann.root) },
    { name: 'a head signed by nobody active', rule: 'N10', set: { devices: {} } },
    {
      name: 'the secret of a host, wrapped to a member',
      rule: 'N12',
      set: headOf(groupLog, { wraps: wrapGroupEpoch(groupId, foreign, [generationPublic(ben.generation)]) }),
    },
    { name: 'a log under an older epoch’s key', rule: 'N12', from, set: byHand({ epoch: epochs[0]! }) },
    { name: 'a secret of 31 bytes', rule: 'T3', from, set: byHand({ leaves: [[leafId, wrapped(random(31))]] }) },
    { name: 'an older secret of 31 bytes', rule: 'T3', from, set: byHand({ previous: [shortPrevious] }) },
    {
      name: 'a wrap under another leaf’s id',
      rule: 'W2',
      from,
      set: { kem: groupKemSeed(newest), ...byHand({ leaves: [[leafOf(groupKem(newest)), wrapped(newest.secret)]] }) },
    },
    {
      name: 'more older epochs than there were',
      rule: 'T4',
      set: headOf(groupLog, { previous: [wrapPrevious(groupId, drawGroupEpoch(0), epochs[0]!), ...header.previous] }),
    },
    {
      name: 'an older secret of another epoch',
      rule: 'T4',
      set: headOf(groupLog, { previous: [wrapPrevious(groupId, { ...epochs[0]!, number: 2 }, newest)] }),
    },
    { name: 'another byte', rule: 'S2', splice: flip('head', 5000) },
    { name: 'cut', rule: 'O2', splice: cut('head', -1) },
  ],
)

function leafOf(kem: Uint8Array): Uint8Array {
  return wrapGroupEpoch(groupId, newest, [kem]).leaves[0]!.id
}

drawsFor('group-entries')
const of = (log: Uint8Array[]) => ({ log: cbor(log) })
const added = (...bodies: GroupBody[]) => of(addTo(groupLog, ann, ...bodies))
const everyKind = addTo(
  addTo(
    groupLog,
    ann,
    { type: 'offer', offer: random(9) },
    { type: 'nest', child: random(32), location: 'x' },
    { type: 'checkpoint', epoch: 1 },
    { type: 'role', member: bob, role: 'steward' },
  ),
  ben,
  { type: 'role', member: alice, role: 'observer' },
  { type: 'role', member: alice, role: 'steward' },
  { type: 'leave' },
)
await write(
  'group-entries',
  [
    { name: 'founder and member', input: { ...of(groupLog), authors } },
    { name: 'a member removed', rule: 'N8', input: { ...added({ type: 'remove', member: bob }), authors } },
    {
      name: 'and the next epoch',
      rule: 'N8',
      input: { ...added({ type: 'remove', member: bob }, { type: 'rotate', epoch: 3, kem: random(32) }), authors },
    },
    { name: 'every kind of entry', input: { ...of(everyKind), authors } },
    {
      name: 'a member who comes again',
      input: { ...added({ type: 'remove', member: bob }, admit(ben, 'steward')), authors },
    },
  ],
  [
    { name: 'no founding', rule: 'L2', set: of(groupLog.slice(1)) },
    { name: 'empty', rule: 'N1', set: of([]) },
    { name: 'a gap', rule: 'L2', set: of([groupLog[0]!, ...groupLog.slice(2)]) },
    { name: 'a founding by another', rule: 'N1', set: of(addTo([], ben, found)) },
    { name: 'a second founding', rule: 'N1', set: added(found) },
    {
      name: 'an entry by a device of another root',
      rule: 'N2',
      set: {
        authors: [authors[0]!, { ...authors[1]!, root: random(32) }],
        ...of(addTo(groupLog, ben, { type: 'leave' })),
      },
    },
    {
      name: 'an entry by a device that never was',
      rule: 'N2',
      set: of(entry(groupLog, alice, ann.root, ['remove', [bob]])),
    },
    {
      name: 'an entry in another’s name',
      rule: 'N2',
      set: of(entry(groupLog, alice, ben.device, ['remove', [alice]])),
    },
    { name: 'admitted by a member', rule: 'N3', set: of(addTo(groupLog, ben, eve)) },
    {
      name: 'a member who makes himself a steward',
      rule: 'N3',
      set: of(addTo(groupLog, ben, { type: 'role', member: bob, role: 'steward' })),
    },
    {
      name: 'an entry by who has left',
      rule: 'N3',
      set: of(addTo(addTo(groupLog, ben, { type: 'leave' }), ben, { type: 'leave' })),
    },
    {
      name: 'an entry by who never came',
      rule: 'N3',
      set: of(addTo(addTo(founding, ann, rotate(1), rotate(2)), ben, { type: 'leave' })),
    },
    { name: 'admitted twice, under another root', rule: 'N4', set: added({ ...admit(ben), root: random(32) }) },
    {
      name: 'a role for who is no member',
      rule: 'N4',
      set: added({ type: 'role', member: eve.member, role: 'steward' }),
    },
    { name: 'a removal of who is no member', rule: 'N4', set: added({ type: 'remove', member: eve.member }) },
    { name: 'the last steward leaves', rule: 'N5', code: 'refused', set: added({ type: 'leave' }) },
    {
      name: 'the last steward made a member',
      rule: 'N5',
      code: 'refused',
      set: added({ type: 'role', member: alice, role: 'member' }),
    },
    { name: 'an epoch left out', rule: 'N6', set: added({ type: 'rotate', epoch: 4, kem: random(32) }) },
    { name: 'a checkpoint of an epoch to come', rule: 'N6', set: added({ type: 'checkpoint', epoch: 3 }) },
    { name: 'a role that is none', rule: 'O2', set: of(entry(groupLog, alice, ann.device, ['role', [bob, 'king']])) },
    {
      name: 'a kind of entry that is none',
      rule: 'O5',
      set: of(entry(groupLog, alice, ann.device, ['constructor', []])),
    },
    { name: 'cut', rule: 'O2', splice: cut('log', -1) },
    { name: 'entries that are no byte strings', rule: 'L1', set: { log: cbor([[1]]) } },
    { name: 'another signature', rule: 'S2', splice: flip('log', -1) },
  ],
)
