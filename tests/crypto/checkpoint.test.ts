/** Checkpoints: what somebody who comes late believes, and on whose word. */
import { describe, expect, it } from 'vitest'
import {
  archivePage,
  checkpointEntries,
  checkpointPage,
  equal,
  extendGroupLog,
  fromHex,
  hash,
  leafNamed,
  leavesOf,
  memberOfRow,
  nextGroupEntry,
  readCheckpoint,
  random,
  readGroupLog,
  rootId,
  rosterName,
  rosterPage,
  rosterShelf,
  sealCheckpoint,
  signerOf,
  unsafeAuthors,
  unsafeGroupEntry,
  unsafePoint,
  utf8,
  type Checkpoint,
  type GroupBody,
  type GroupState,
  type StoredObject,
} from '#crypto'
import { put, readFrom, type Disk } from './reading.ts'
import { codeOf, person, type Person } from './support.ts'

const [ann, ben, cyd] = [person('ann'), person('benny'), person('cydney')]
const people = [ann, ben, cyd]
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
const as = (type: 'admit' | 'role', who: Person, role: 'steward' | 'member') =>
  ({ type, member: who.webId, root: rootOf(who), role, leaf: hash(utf8(who.webId)).slice(0, 16) }) as const
const remove = (who: Person) => ({ type: 'remove', member: who.webId }) as const
const stranger = (i: number) => ({ ...as('admit', ben, 'member'), member: `https://m${i}.example/#me` }) as const
const found = { type: 'found', name: 'family', nonce: random(32), root: rootOf(ann) } as const
const read = (log: Uint8Array[]) => readGroupLog(log, keyOf)

interface Covered {
  disk: Disk
  of: Checkpoint
  /** The whole log, the checkpoint's entry its last. */
  log: Uint8Array[]
  id: string
  stored: StoredObject[]
}
function checkpointOf(log: Uint8Array[], by = ann, disk: Disk = new Map(), from: GroupState = read(log)): Covered {
  const stored: StoredObject[] = []
  const { reference, checkpoint } = readFrom(disk, sealCheckpoint(from, stored))
  put(disk, ...stored)
  return { disk, of: checkpoint, log: add(log, by, { type: 'checkpoint', state: reference }), id: from.id, stored }
}
const opened = ({ id, log, of }: Covered, changed: Partial<Checkpoint> = {}) =>
  readCheckpoint(id, log.at(-1)!, { ...of, ...changed }, keyOf)

const young = add(
  add([], ann, found, { type: 'rotate', epoch: 1, kem: new Uint8Array(32) }, as('admit', ben, 'member')),
  ann,
  as('role', ben, 'steward'),
  { type: 'offer', id: random(16), offer: random(3) },
  { type: 'nest', child: random(32), location: 'x' },
)
const many = add(young, ben, ...Array.from({ length: 150 }, (_, i) => stranger(i)))

describe('a checkpoint', () => {
  const covered = checkpointOf(many)
  const state = opened(covered)
  const member = (of: GroupState, webId: string, disk = covered.disk) =>
    readFrom(disk, leafNamed(rosterShelf(of), of.roster!, rosterName(of.nonce, webId)))

  it('[N16] says what its log comes to', () => {
    const whole = read(covered.log)
    const { members, roster, ...rest } = state
    expect(rest).toEqual({ ...whole, members: undefined, roster: undefined })
    expect(members.size).toBe(0)
    const rows = readFrom(covered.disk, leavesOf(rosterShelf(state), roster!)).map(memberOfRow)
    const byName = (a: { webId: string }, b: { webId: string }): number => (a.webId < b.webId ? -1 : 1)
    expect(rows.sort(byName)).toEqual([...whole.members.values()].sort(byName))
    expect(unsafeAuthors(checkpointEntries(covered.log.at(-1)!, covered.of))).toEqual([ann.webId])
  })

  it('[N17] leads to each member’s row, and to none of who is no member', () => {
    expect(member(state, ben.webId)).toMatchObject({ webId: ben.webId, role: 'steward', root: rootOf(ben) })
    expect(member(state, cyd.webId)).toBeNull()
    expect(rosterName(state.nonce, ben.webId)).not.toEqual(rosterName(random(32), ben.webId))
  })

  it('[N16] is gone on from', () => {
    const more = add(covered.log, ben, remove(ann), stranger(500), as('role', cyd, 'member')).slice(covered.log.length)
    const next = extendGroupLog(state, more.slice(0, 2), keyOf)
    expect(next).toMatchObject({ count: state.count, exposed: true })
    expect([...next.stewards.keys()]).toEqual([ben.webId])
    expect(codeOf(() => extendGroupLog(next, add(covered.log, ann, stranger(7)).slice(-1), keyOf))).toBe('tampered')
    const twice = add([...covered.log, ...more.slice(0, 2)], ben, stranger(500)).slice(-1)
    expect(codeOf(() => extendGroupLog(next, twice, keyOf))).toBe('tampered') // N4, as far as the entries since tell
    const known = memberOfRow(member(state, ben.webId)!)
    const again = add(covered.log, ann, as('admit', ben, 'member')).slice(-1)
    expect(codeOf(() => extendGroupLog(state, again, keyOf, who => (who === ben.webId ? known : null)))).toBe(
      'tampered',
    )
  })

  it('folds what changed into the pages that it concerns', () => {
    const more = add(covered.log, ann, remove(ben), stranger(600))
    const next = extendGroupLog(state, more.slice(covered.log.length), keyOf)
    const second = checkpointOf(more, ann, covered.disk, next)
    const later = opened(second)
    expect(second.stored.length).toBeLessThan(covered.stored.length)
    expect(member(later, ben.webId)).toBeNull()
    expect(member(later, 'https://m600.example/#me')).not.toBeNull()
    expect(later.count).toBe(state.count)
    expect([...later.stewards.keys()]).toEqual([ann.webId])
    const whole = read(second.log)
    const rows = readFrom(covered.disk, leavesOf(rosterShelf(later), later.roster!)).map(({ webId }) => webId)
    const members = [...whole.members.values()].filter(one => one.state === 'member').map(({ webId }) => webId)
    expect(rows.sort()).toEqual(members.sort())
  })

  it('[N14] is stored as what its entry names', () => {
    const { body } = unsafeGroupEntry(covered.log.at(-1)!)
    const named = body.type === 'checkpoint' && covered.stored.find(({ sealId }) => equal(sealId, body.state.sealId))
    expect(named && hash(named.bytes)).toEqual(body.type === 'checkpoint' && body.state.hash)
  })

  it('[N4] [N16] holds those to their roots who come, change and go after it', () => {
    const after = (...bodies: GroupBody[]) =>
      extendGroupLog(state, add(covered.log, ann, ...bodies).slice(covered.log.length), keyOf)
    expect(codeOf(() => after({ ...as('role', ben, 'member'), root: rootOf(cyd) }))).toBe('tampered')
    expect(after(as('role', ben, 'member')).stewards.has(ben.webId)).toBe(false)
    expect(codeOf(() => after(remove(ben), remove(ben)))).toBe('tampered')
    const gone = 'https://m7.example/#me'
    expect(codeOf(() => after({ type: 'remove', member: gone }, { type: 'remove', member: gone }))).toBe('tampered')
    expect(after({ type: 'remove', member: gone }).members.get(gone)).toMatchObject({ root: '', leaf: null })
    const { root, leaf } = state.stewards.get(ben.webId)!
    expect(after(remove(ben)).members.get(ben.webId)).toMatchObject({ root, leaf, state: 'removed' })
    const row = memberOfRow(member(state, gone)!)
    const told = add(covered.log, ann, { type: 'remove', member: gone }).slice(covered.log.length)
    const known = extendGroupLog(state, told, keyOf, who => (who === gone ? row : null))
    expect(known.members.get(gone)).toMatchObject({ root: row.root, leaf: row.leaf, state: 'removed' })
    expect(row.leaf).toBe(toId(as('admit', ben, 'member').leaf))
  })

  it('[N15] is signed by the steward that it names', () => {
    const { body } = unsafeGroupEntry(covered.log.at(-1)!)
    const last = unsafePoint(many.at(-1)!)
    for (const who of [ben, cyd]) {
      const forged = nextGroupEntry(last, ann.webId, signerOf(who.device), 1_700_000_000_000, body)
      expect(codeOf(() => readCheckpoint(covered.id, forged, covered.of, keyOf))).toBe('tampered')
    }
  })

  it('[N15] comes after its succession, whose changes come one after another', () => {
    const log = add(young, ann, as('admit', cyd, 'member'), as('role', cyd, 'steward'))
    const of = checkpointOf(log)
    const [founding, first, second] = of.of.succession
    expect(opened(of).stewards.size).toBe(3)
    expect(codeOf(() => opened(of, { succession: [founding!, second!, first!] }))).toBe('tampered')
    const beside = add(young.slice(0, 3), ann, as('role', cyd, 'steward')).at(-1)! // of the index of Ben's
    expect(codeOf(() => opened(of, { succession: [founding!, first!, beside] }))).toBe('tampered')
    const { body } = unsafeGroupEntry(covered.log.at(-1)!)
    const atOnce = add(young.slice(0, 3), ann, body).at(-1)! // of the index of the last of the succession
    expect(codeOf(() => readCheckpoint(covered.id, atOnce, covered.of, keyOf))).toBe('tampered')
  })

  it('[N15] is a steward’s, and its succession the group’s', () => {
    const [founding, change] = covered.of.succession
    expect(covered.of.succession).toHaveLength(2)
    const bad: Partial<Checkpoint>[] = [
      { succession: [] },
      { succession: [change!, founding!] },
      { succession: [founding!, change!, change!] },
      { succession: [founding!, many[2]!] }, // an entry that makes no steward
      { succession: [add([], ann, { ...found, nonce: random(32) })[0]!, change!] },
      { succession: [founding!, add(young, cyd, as('role', cyd, 'steward')).at(-1)!] },
    ]
    for (const changed of bad) expect(codeOf(() => opened(covered, changed))).toBe('tampered')
    const byMember = checkpointOf(add(young, ann, as('admit', cyd, 'member')), cyd)
    expect(codeOf(() => opened(byMember))).toBe('tampered')
    const gone = checkpointOf(add(young, ann, remove(ben)), ben)
    expect(codeOf(() => opened(gone))).toBe('tampered')
    const early = { ...covered, log: add([founding!], ann, { type: 'checkpoint', state: anyReference }) }
    expect(codeOf(() => opened(early))).toBe('tampered') // of before its own succession
    expect(codeOf(() => readCheckpoint(covered.id, many.at(-1)!, covered.of, keyOf))).toBe('tampered')
    expect(codeOf(() => readCheckpoint(toId(random(32)), covered.log.at(-1)!, covered.of, keyOf))).toBe('tampered')
  })

  it('[N15] carries a former steward who came back', () => {
    const log = add(young, ann, as('role', ben, 'member'), remove(ben), as('admit', ben, 'steward'))
    expect([...opened(checkpointOf(log, ben)).stewards.keys()].sort()).toEqual([ann.webId, ben.webId].sort())
  })
})

const anyReference = { sealId: random(16), hash: random(32), size: 1, key: random(32) }
const toId = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('a page of a group', () => {
  const group = random(32)
  const content = { before: null, entries: [random(9)], first: 1, secrets: [random(32)] }
  const { reference, ...sealed } = archivePage.seal(group, content)
  const disk: Disk = new Map()
  put(disk, sealed)

  it('[N14] opens for its group, kind and key, and with its hash', () => {
    expect(readFrom(disk, archivePage.read(group, reference))).toEqual(content)
    expect(codeOf(() => archivePage.open(random(32), reference.key, sealed.bytes))).toBe('tampered')
    expect(codeOf(() => archivePage.open(group, random(32), sealed.bytes))).toBe('tampered')
    for (const other of [rosterPage, checkpointPage])
      expect(codeOf(() => other.open(group, reference.key, sealed.bytes))).toBe('tampered')
    const wrong = { ...reference, hash: random(32) }
    expect(codeOf(() => readFrom(disk, archivePage.read(group, wrong)))).toBe('tampered')
  })
})
