/** Groups' vectors against crypto/: from the head that a host serves, and the objects it names, to members and keys. */
import {
  archivePage,
  cataloguePage,
  bytes as rawBytes,
  checkGroupHead,
  checkpointPage,
  checkStewardKey,
  decode,
  extendGroupLog,
  fetched,
  leafNamed,
  list,
  memberOfRow,
  readCheckpoint,
  openCatalogue,
  openEnrolment,
  openGroupHead,
  readGroupLog,
  rosterName,
  rosterShelf,
  toHex,
  unsafeCatalogueHeader,
  unsafeGroupEntry,
  unsafeGroupHeader,
  unsafePoint,
  unwrapPrevious,
  type GroupEpoch,
  type GroupHeader,
  type GroupLogPart,
  type GroupState,
  type KeyOf,
  type Reading,
} from '#crypto'
import { epochIn, readBy } from '../crypto/reading.ts'
import { bytes, devicesOf, many, text, toJson, type Input, type Json } from './vector.ts'

/** A group's authors, as `authors: [{ webId, root, id, sign }]`. */
function authorsOf(input: Input): KeyOf {
  return (author, root, signer) => {
    const of = many(input, 'authors').find(
      ({ webId, root: theirs, id }) => webId === author && theirs === root && id === toJson(signer),
    )
    return of ? bytes(of, 'sign') : null
  }
}

/** Members by WebID, of whom the log tells. */
function stateOf({ id, name, members, exposed, count, stewards, epoch }: GroupState): Json {
  const shown = [...members.values()].map(({ webId, root, role, state }) => ({ webId, root, role, state }))
  const told = shown.sort((a, b) => (a.webId < b.webId ? -1 : 1))
  return toJson({ id, name, exposed, epoch, count, stewards: [...stewards.keys()].sort(), members: told })
}

export const groupEntries = (input: Input): Json =>
  stateOf(readGroupLog(decode(list(rawBytes), bytes(input, 'log')), authorsOf(input)))

/** Objects stand in the input under their seal ids. */
const find = (input: Input) => (sealId: Uint8Array) => {
  const name = toHex(sealId)
  return name in input ? bytes(input, name) : undefined
}

/** Who folded, at which turn, and the rows of all pages and of the head. */
export function catalogue(input: Input): Json {
  const [from, id] = [bytes(input, 'head'), bytes(input, 'group')]
  const { owner: steward, epoch: number, turn } = unsafeCatalogueHeader(from)
  const found = many(input, 'epochs').find(of => of.number === number)
  const epoch = { number, secret: found ? bytes(found, 'secret') : new Uint8Array(32) }
  const { pages, rows } = openCatalogue(from, id, epoch, devicesOf(input))
  const paged = pages.map(page => readBy(find(input), cataloguePage.read(id, page)))
  return toJson({ steward, turn, rows: [...paged, rows] })
}

export function group(input: Input): Json {
  const [from, id] = [bytes(input, 'head'), bytes(input, 'group')]
  const header = unsafeGroupHeader(from)
  const read = <T>(reading: Reading<T>): T => readBy(find(input), reading)
  const epoch = epochIn(header, bytes(input, 'kem'), find(input))
  if (!epoch) return null
  const part = openGroupHead(from, id, epoch, devicesOf(input))
  const older = pagesOf(part, id, read)
  const state = stateIn(part, toHex(id), authorsOf(input), read)
  checkGroupHead(header, state, epoch)
  const steward = stewardKey(header, bytes(input, 'kem'), read)
  const member = 'member' in input && state.roster ? memberIn(state, text(input, 'member'), read) : null
  return toJson({ state: stateOf(state), epochs: [...older, ...unwrapPrevious(id, epoch, header.previous)], steward, member })
}

type Read = <T>(reading: Reading<T>) => T

function pagesOf({ archive }: GroupLogPart, id: Uint8Array, read: Read): GroupEpoch[] {
  let epochs: GroupEpoch[] = []
  for (let before = archive; before; ) {
    const page = read(archivePage.read(id, before))
    epochs = [...page.secrets.map((secret, i) => ({ number: page.first + i, secret })), ...epochs]
    before = page.before
  }
  return epochs
}

function stateIn({ checkpoint, entries }: GroupLogPart, id: string, keys: KeyOf, read: Read): GroupState {
  const isOne = (entry: Uint8Array): boolean => unsafeGroupEntry(entry).body.type === 'checkpoint'
  const newest = entries.findLast(isOne) ?? checkpoint
  if (!newest) return readGroupLog(entries, keys)
  const { body, index } = unsafeGroupEntry(newest)
  const content = read(checkpointPage.read(Buffer.from(id, 'hex'), body.type === 'checkpoint' ? body.state : never()))
  const after = entries.filter(entry => unsafePoint(entry).index > index)
  return extendGroupLog(readCheckpoint(id, newest, content, keys), after, keys)
}
const never = (): never => {
  throw new Error('a vector whose checkpoint is none')
}

function stewardKey({ group: id, stewards, tree }: GroupHeader, seed: Uint8Array, read: Read): Uint8Array | null {
  const key = openEnrolment('group-stewards', id, seed, read(fetched(stewards)))
  if (key) checkStewardKey({ group: id, steward: key }, tree)
  return key
}

function memberIn(state: GroupState, webId: string, read: Read): Json {
  const row = read(leafNamed(rosterShelf(state), state.roster!, rosterName(state.nonce, webId)))
  if (!row) return null
  const { root, role, leaf } = memberOfRow(row)
  return toJson({ webId, root, role, leaf })
}
