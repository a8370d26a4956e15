/** Vectors of groups: a head as a host serves it, with its log, and the objects that it names. */
import {
  archivePage,
  checkpointPage,
  drawGroupEpoch,
  edited,
  emptyTrie,
  fromHex,
  generationPublic,
  type GroupBody,
  type GroupEpoch,
  groupKem,
  groupLeaf,
  hash,
  keyId,
  label,
  leafKey,
  nextGroupEntry,
  publicOf,
  random,
  readGroupLog,
  rootId,
  rosterName,
  rosterShelf,
  sealCheckpoint,
  sealEnrolment,
  sealGroupHead,
  sealNode,
  type Seeds,
  signBytes,
  signerOf,
  toHex,
  treeShelf,
  unsafePoint,
  wrapPrevious,
  type Child,
  type GroupHeader,
  type GroupLogPart,
  type KeyOf,
  type Leaf,
  type StoredObject,
  type Unsealed,
} from '#crypto'
import { type Item } from '../../../crypto/cbor.ts'
import { seal } from '../../../crypto/envelope.ts'
import { groupKey } from '../../../crypto/group-epoch.ts'
import { sealTo } from '../../../crypto/kem.ts'
import { none, padme, steps } from '../../../crypto/padding.ts'
import { put, readFrom, type Disk } from '../../crypto/reading.ts'
import { cbor, changed, reversed, twice } from './forge.ts'
import { alice, ann, ben, bob, devices, type Person, time } from './people.ts'
import { drawsFor } from './random.ts'
import { cut, flip, write } from './write.ts'

drawsFor('group-log')
const epochs = [drawGroupEpoch(1), drawGroupEpoch(2)]
const newest = epochs[1]!
const addTo = (of: Uint8Array[], by: Person, ...bodies: GroupBody[]): Uint8Array[] =>
  bodies.reduce((sum, body) => {
    const last = sum.length ? unsafePoint(sum.at(-1)!) : null
    return [...sum, nextGroupEntry(last, by.webId, signerOf(by.device), time, body)]
  }, of)
const kemOf = ({ generation }: Person) => generationPublic(generation)
const leafOf = (who: Person) => groupLeaf(hash(founding[0]!), kemOf(who))
const rootOf = ({ identity }: Person) => fromHex(rootId(identity))
const rotate = (number: number) =>
  ({ type: 'rotate', epoch: number, kem: hash(groupKem(epochs[number - 1]!)) }) as const
const admit = (who: Person, role: 'steward' | 'member' = 'member') =>
  ({ type: 'admit', member: who.webId, root: rootOf(who), role, leaf: leafOf(who) }) as const
const role = (who: Person, as: 'steward' | 'member' | 'observer') =>
  ({ type: 'role', member: who.webId, root: rootOf(who), role: as, leaf: leafOf(who) }) as const
const stranger = (member: string) =>
  ({ type: 'admit', member, root: random(32), role: 'member', leaf: random(16) }) as const
const eve = stranger('https://eve.example/#me')
const found = { type: 'found', name: 'family', nonce: random(32), root: rootOf(ann) } as const
const founding = addTo([], ann, found)
const groupId = hash(founding[0]!)
const groupLog = addTo(founding, ann, role(ann, 'steward'), rotate(1), admit(ben), rotate(2))
const authors = [ann, ben].map(({ webId, identity, device }) => ({
  webId,
  root: rootId(identity),
  id: keyId(publicOf(device)),
  sign: publicOf(device).sign,
}))
const keys = { group: groupId, steward: random(32) }
const keyed = (who: Person) => ({ kem: kemOf(who), key: leafKey(keys, leafOf(who)) })
const enrolment = sealEnrolment('group-enrolment', groupId, [ann, ben].map(keyed))
const stewards = sealEnrolment('group-stewards', groupId, [{ kem: kemOf(ann), key: keys.steward }])
const leaves = [ann, ben]
  .map((who): Leaf => ({ id: leafOf(who), enrolment: enrolment.sealId }))
  .sort((a, b) => Buffer.compare(a.id, b.id))
const rootNode = { type: 'bucket' as const, leaves }
const treeOf = (epoch: GroupEpoch): Uint8Array => sealNode(keys, rootNode, epoch.secret).bytes
const named = ({ sealId, bytes }: StoredObject) => ({ sealId, hash: hash(bytes) })
const objects = (...of: StoredObject[]) => Object.fromEntries(of.map(({ sealId, bytes }) => [toHex(sealId), bytes]))
const header: Unsealed<GroupHeader> = {
  version: 1,
  type: 'group',
  owner: alice,
  group: groupId,
  epoch: 2,
  tree: treeOf(newest),
  stewards: named(stewards),
  previous: [wrapPrevious(groupId, epochs[0]!, newest)],
}
const inHead = (entries: Uint8Array[]): GroupLogPart => ({ checkpoint: null, archive: null, entries })
const headOf = (log: Uint8Array[], changes: object = {}, signer = ann.device) => ({
  head: sealGroupHead({ ...header, ...changes }, inHead(log), newest, signerOf(signer)),
})
const input = {
  ...headOf(groupLog), group: groupId, kem: ben.generation.kemSeed, devices, authors,
  ...objects(enrolment, stewards),
}
const foreign = drawGroupEpoch(2)

/** An entry of whatever body, by whoever. */
const entry = (log: Uint8Array[], author: string, signer: Seeds, body: Item): Uint8Array[] => {
  const fields: Item[] = [1, log.length, hash(log.at(-1)!), time, author, cbor(body)]
  return [...log, signBytes(signerOf(signer), label.groupEntry, cbor(fields))]
}
interface Parts {
  header: (fields: Item[]) => Item[]
  tree: Uint8Array
  stewards: StoredObject
  previous: Item
  epoch: GroupEpoch
  log: Item
}
/** The head field by field. */
function byHand(with_: Partial<Parts> = {}): { [name: string]: Uint8Array } {
  const defaults: Parts = {
    header: fields => fields, tree: header.tree, stewards, previous: header.previous, epoch: newest,
    log: [null, null, groupLog],
  }
  const of = { ...defaults, ...with_ }
  const { sealId, hash: hashed } = named(of.stewards)
  const fields: Item[] = [1, 'group', alice, random(16), groupId, 2, of.tree, [sealId, hashed], of.previous]
  const head = cbor(of.header(fields))
  const sealed = seal(groupKey(of.epoch), label.groupLog, head, cbor(of.log), steps(512))
  const signed = signBytes(signerOf(ann.device), label.groupHead, cbor([head, sealed]))
  return { head: signed, ...objects(of.stewards) }
}
const inTree = (path: number[], to: Item | ((old: Item) => Item)) => byHand({ tree: changed(header.tree, path, to) })
const [BUCKET, COMMITMENT, ENROLMENTS, NUMBERS, LEAVES] = [[1, 1], 0, 1, 2, 3] as const
const rowsOf = (item: Item): Uint8Array[] => [0, 1].map(i => (item as Uint8Array).slice(48 * i, 48 * (i + 1)))
const enrolled = (path: number[], to: Item | ((old: Item) => Item)) => ({
  [toHex(enrolment.sealId)]: changed(enrolment.bytes, path, to),
})
const sealedShort = sealTo(kemOf(ben), label.groupEnrolment, Buffer.concat([headerOf(enrolment), leafOf(ben)]), random(31), none)
const rowOfBen = leaves.findIndex(({ id }) => !Buffer.compare(id, leafOf(ben)))
function headerOf({ bytes }: StoredObject): Uint8Array {
  let head = new Uint8Array() as Uint8Array
  changed(bytes, [0], old => (head = old as Uint8Array))
  return head
}
const otherLog = addTo([], ann, { ...found, nonce: random(32) }, rotate(1), rotate(2))
const from = 'by hand'
const shortPrevious = seal(groupKey(newest), label.groupPrevious, cbor([groupId, 1]), random(31), none)
const otherSteward = sealEnrolment('group-stewards', groupId, [{ kem: kemOf(ann), key: random(32) }])

/** A circle whose log has a checkpoint, and whose tree has pages below the root. */
const authorKeys: KeyOf = (author, root, signer) =>
  authors.find(one => one.webId === author && one.root === root && !Buffer.compare(one.id, signer))?.sign ?? null
const disk: Disk = new Map()
const pages: StoredObject[] = []
const crowd = Array.from({ length: 70 }, (_, i) => stranger(`https://m${i}.example/#me`))
const covered = addTo(groupLog, ann, ...crowd)
const before = readGroupLog(covered, authorKeys)
/** An inner node stays one: so the roster has pages, though a writer of today would put so few members in one. */
const shelf = rosterShelf(before, pages)
const rowOfFirst = { webId: bob, root: rootOf(ben), role: 'member', leaf: leafOf(ben), by: alice, at: time } as const
const first = shelf.store({ type: 'bucket', leaves: [rowOfFirst] })
put(disk, ...pages)
const slots = Array.from({ length: 16 }, (_, slot) => (slot === rosterName(before.nonce, bob)[0]! >> 4 ? first : null))
const begun = { ...before, roster: { type: 'inner' as const, children: slots } }
const { reference } = readFrom(disk, sealCheckpoint(begun, pages))
const third = drawGroupEpoch(3)
const rotated = { type: 'rotate', epoch: 3, kem: hash(groupKem(third)) } as const
const checked = addTo(covered, ann, { type: 'checkpoint', state: reference })
const tail = addTo(checked, ann, { type: 'remove', member: crowd[0]!.member }, rotated).slice(checked.length)
const archived = { before: null, entries: covered, first: 1, secrets: [epochs[0]!.secret] }
const archive = archivePage.seal(groupId, archived)
const statePage = pages.at(-1)!
put(disk, ...pages)
const nodes: StoredObject[] = []
const edits = [...leaves, ...crowd.slice(1).map(({ leaf }): Leaf => ({ id: leaf, enrolment: random(16) }))]
const grown = readFrom(
  disk,
  edited(treeShelf(keys, nodes), emptyTrie<Leaf, Child>(), edits.map(leaf => ({ name: leaf.id, leaf }))),
)
const bigTree = sealNode(keys, grown, third.secret).bytes
const bigHeader = { ...header, epoch: 3, tree: bigTree, previous: [wrapPrevious(groupId, newest, third)] }
const [checkpointEntry] = checked.slice(-1)
const bigHead = (part: Partial<GroupLogPart> = {}) => ({
  head: sealGroupHead(
    bigHeader,
    { checkpoint: checkpointEntry!, archive: archive.reference, entries: tail, ...part },
    third,
    signerOf(ann.device),
  ),
})
const big = { ...input, ...bigHead(), ...objects(...pages, ...nodes, archive), member: bob }
const pageOf = (of: Uint8Array) => nodes.find(({ bytes }) => Buffer.from(bytes).includes(Buffer.from(of)))!
const benPage = pageOf(leafOf(ben))
const stateWith = (path: number[], to: Item | ((old: Item) => Item)) => {
  const content = changed(cbor(stateContent()), path, to)
  const [sealId, key] = [random(16), random(32)]
  const head = cbor([1, 'group-state', sealId, groupId])
  const bytes = cbor([head, seal(key, label.groupState, head, content, padme)])
  const state = { sealId, hash: hash(bytes), size: bytes.length, key }
  const log = addTo(covered, ann, { type: 'checkpoint', state }, { type: 'remove', member: crowd[0]!.member }, rotated)
  const [checkpoint, ...entries] = log.slice(covered.length)
  return { ...bigHead({ checkpoint: checkpoint!, entries }), ...objects({ sealId, bytes }) }
}
function stateContent(): Item {
  const { epoch, kem, exposed, count, succession, roster } = checkpointPage.open(groupId, reference.key, statePage.bytes)
  if (roster.type !== 'inner') throw new Error('a roster of one page')
  const children = roster.children.map(one => one && [one.sealId, one.hash, one.size, one.key])
  return [epoch, kem, exposed, count, [], [], succession, ['inner', [children]]]
}
const SUCCESSION = 6
const otherCheckpoint = addTo(covered, ben, { type: 'checkpoint', state: reference })
const byBen = addTo(otherCheckpoint, ann, { type: 'remove', member: crowd[0]!.member }, rotated).slice(covered.length)

await write(
  'group-log',
  [
    { name: 'founder and member', input },
    { name: 'not a member', rule: 'T2', input: { ...input, kem: random(32) } },
    { name: 'by hand', rule: 'T1', input: { ...input, ...byHand() } },
    { name: 'a steward', input: { ...input, kem: ann.generation.kemSeed } },
    { name: 'a larger one, from its checkpoint', rule: 'N17', input: big },
    { name: 'its steward', input: { ...big, kem: ann.generation.kemSeed } },
  ],
  [
    {
      name: 'a log that is refused',
      rule: 'N5',
      code: 'refused',
      set: headOf(addTo(groupLog, ann, { type: 'leave' })),
    },
    { name: 'a field more in the header', rule: 'N9', from, set: byHand({ header: fields => [...fields, 0] }) },
    { name: 'a log of four parts', rule: 'N9', from, set: byHand({ log: [null, null, groupLog, []] }) },
    { name: 'a log without an entry', rule: 'N9', from, set: byHand({ log: [null, null, []] }) },
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
      set: byHand({ log: [null, null, otherLog] }),
    },
    { name: 'a head of a later epoch than its log', rule: 'N11', from, set: byHand({ header: fields => fields.with(5, 3), previous: [] }) },
    { name: 'another group', rule: 'N11', set: headOf(otherLog) },
    { name: 'an epoch that the log has not', rule: 'N11', set: headOf(groupLog.slice(0, 4)) },
    { name: 'a head in the name of a member', rule: 'N11', set: headOf(groupLog, { owner: bob }) },
    {
      name: 'a secret whose key the log does not know',
      rule: 'N11',
      from,
      set: byHand({ tree: treeOf(foreign), epoch: foreign, previous: [] }),
    },
    { name: 'a head signed by a member', rule: 'N10', set: headOf(groupLog, {}, ben.device) },
    { name: 'a head signed by the steward’s root', rule: 'N10', set: headOf(groupLog, {}, ann.root) },
    { name: 'a head signed by nobody active', rule: 'N10', set: { devices: {} } },
    { name: 'the secret of a host in the tree', rule: 'N12', set: headOf(groupLog, { tree: treeOf(foreign) }) },
    { name: 'a log under an older epoch’s key', rule: 'N12', from, set: byHand({ epoch: epochs[0]! }) },
    { name: 'a leaf key of 31 bytes', rule: 'T3', from, set: enrolled([1, rowOfBen, 2], sealedShort) },
    { name: 'an older secret of 31 bytes', rule: 'T3', from, set: byHand({ previous: [shortPrevious] }) },
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
    {
      name: 'leaves the other way round',
      rule: 'T5',
      from,
      set: inTree([...BUCKET, LEAVES], old => Buffer.concat(rowsOf(old).toReversed())),
    },
    {
      name: 'a leaf twice',
      rule: 'T5',
      from,
      set: inTree([...BUCKET, LEAVES], old => Buffer.concat([rowsOf(old)[0]!, rowsOf(old)[0]!])),
    },
    { name: 'a leaf more than numbers', rule: 'T5', from, set: inTree([...BUCKET, NUMBERS], twice) },
    {
      name: 'no leaves',
      rule: 'T5',
      from,
      set: inTree([...BUCKET], old => [(old as Item[])[0]!, [], [], new Uint8Array()]),
    },
    { name: 'an enrolment of nobody', rule: 'T5', from, set: inTree([...BUCKET, ENROLMENTS], old => [...(old as Item[]), new Uint8Array(16).fill(255)]) },
    { name: 'an enrolment that is not named', rule: 'T5', from, set: inTree([...BUCKET, NUMBERS, 0], 1) },
    { name: 'an inner node of 15 slots', rule: 'T5', from, set: inTree([1], ['inner', [random(32), Array.from({ length: 15 }, () => null)]]) },
    { name: 'an inner node of nothing', rule: 'T5', from, set: inTree([1], ['inner', [random(32), Array.from({ length: 16 }, () => null)]]) },
    { name: 'another commitment', rule: 'T6', from, set: inTree([...BUCKET, COMMITMENT], random(32)) },
    { name: 'another wrap', rule: 'T6', from, set: inTree([...BUCKET, LEAVES], old => Uint8Array.from(old as Uint8Array, (byte, i) => (i === 48 * rowOfBen + 20 ? byte ^ 1 : byte))) },
    { name: 'a tree of another group', rule: 'O3', from, set: inTree([0, 3], random(32)) },
    {
      name: 'another page in its place',
      rule: 'T7',
      from: 'a larger one, from its checkpoint',
      set: { [toHex(benPage.sealId)]: sealNode(keys, { type: 'bucket', leaves }).bytes },
    },
    { name: 'rows the other way round', rule: 'T8', from, set: enrolled([1], reversed) },
    { name: 'a row twice', rule: 'T8', from, set: enrolled([1], twice) },
    { name: 'an enrolment of another group', rule: 'T8', from, set: enrolled([0, 3], random(32)) },
    { name: 'a leaf’s key sealed by somebody else', rule: 'T6', from, set: { [toHex(enrolment.sealId)]: sealEnrolment('group-enrolment', groupId, [ann, ben].map(who => ({ kem: kemOf(who), key: random(32) }))).bytes } },
    { name: 'a steward key that somebody else sealed', rule: 'T10', from: 'a steward', set: byHand({ stewards: otherSteward }) },
    { name: 'another stewards’ object', rule: 'T10', from: 'a steward', set: { [toHex(stewards.sealId)]: otherSteward.bytes } },
    {
      name: 'an archive page of another group',
      rule: 'N14',
      from: 'a larger one, from its checkpoint',
      set: (() => {
        const { reference: elsewhere, ...sealed } = archivePage.seal(random(32), archived)
        return { ...bigHead({ archive: elsewhere }), ...objects(sealed) }
      })(),
    },
    {
      name: 'another page than the reference names',
      rule: 'N14',
      from: 'a larger one, from its checkpoint',
      set: { [toHex(archive.sealId)]: archivePage.seal(groupId, archived).bytes },
    },
    { name: 'a state page for an archive page', rule: 'N14', from: 'a larger one, from its checkpoint', set: bigHead({ archive: reference }) },
    { name: 'a checkpoint by a member', rule: 'N15', from: 'a larger one, from its checkpoint', set: bigHead({ checkpoint: byBen[0]!, entries: byBen.slice(1) }) },
    { name: 'a checkpoint without a founding', rule: 'N15', from: 'a larger one, from its checkpoint', set: stateWith([SUCCESSION], []) },
    { name: 'a succession of another group', rule: 'N15', from: 'a larger one, from its checkpoint', set: stateWith([SUCCESSION, 0], otherLog[0]!) },
    { name: 'a succession in which a member makes himself a steward', rule: 'N15', from: 'a larger one, from its checkpoint', set: stateWith([SUCCESSION], old => [...(old as Item[]), addTo(groupLog, ben, role(ben, 'steward')).at(-1)!]) },
    { name: 'a succession with an entry that changes no steward', rule: 'N15', from: 'a larger one, from its checkpoint', set: stateWith([SUCCESSION], old => [...(old as Item[]), groupLog[3]!]) },
    { name: 'a succession with an entry twice', rule: 'N15', from: 'a larger one, from its checkpoint', set: stateWith([SUCCESSION], twice) },
    { name: 'another byte', rule: 'S2', splice: flip('head', -200) },
    { name: 'cut', rule: 'O2', splice: cut('head', -1) },
  ],
)

drawsFor('group-entries')
const of = (log: Uint8Array[]) => ({ log: cbor(log) })
const added = (...bodies: GroupBody[]) => of(addTo(groupLog, ann, ...bodies))
const everyKind = addTo(
  addTo(
    groupLog,
    ann,
    { type: 'offer', id: keys.group.slice(0, 16), offer: random(9) },
    { type: 'withdraw', id: keys.group.slice(0, 16) },
    { type: 'nest', child: keys.group, location: 'x' },
    { type: 'unnest', child: keys.group },
    { type: 'checkpoint', state: reference },
    role(ben, 'steward'),
  ),
  ben,
  role(ann, 'observer'),
  role(ann, 'steward'),
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
      set: of(addTo(groupLog, ben, role(ben, 'steward'))),
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
      set: added({ ...eve, type: 'role', role: 'steward' }),
    },
    { name: 'a removal of who is no member', rule: 'N4', set: added({ type: 'remove', member: eve.member }) },
    { name: 'the last steward leaves', rule: 'N5', code: 'refused', set: added({ type: 'leave' }) },
    {
      name: 'the last steward made a member',
      rule: 'N5',
      code: 'refused',
      set: added(role(ann, 'member')),
    },
    { name: 'an epoch left out', rule: 'N6', set: added({ type: 'rotate', epoch: 4, kem: random(32) }) },
    { name: 'an offer withdrawn that was never made', rule: 'N6', set: added({ type: 'withdraw', id: random(16) }) },
    { name: 'a circle taken out that was never in', rule: 'N6', set: added({ type: 'unnest', child: random(32) }) },
    { name: 'a role under another root', rule: 'N4', set: added({ ...role(ben, 'steward'), root: random(32) }) },
    { name: 'a role that is none', rule: 'O2', set: of(entry(groupLog, alice, ann.device, ['role', [bob, rootOf(ben), 'king', leafOf(ben)]])) },
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
