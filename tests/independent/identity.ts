/** SPEC §13: signed chains (L), and a person's identity log (I), verified from its first entry. */
import { join, need, same, type Value } from './cbor.ts'
import { hash, name, sealable, unverified, verified, type KeyOf } from './primitives.ts'
import { anything, bytes, fields, id, is, key, parse, rows, sized, text, uint, type Shape } from './shape.ts'

const entry = fields({ version: is(1), index: uint, previous: key, time: uint, author: text, body: bytes })

/** One of several bodies, told apart by the name written first. */
export interface Body {
  kind: string
  content: Value
}
const tagged = fields({ kind: text, content: anything })

export interface Entry extends Body {
  index: number
  previous: Uint8Array
  author: string
  time: number
  signer: Uint8Array
  hash: Uint8Array
}

/** Before anybody vouches for it. */
export function entryOf(raw: Uint8Array): Entry {
  const { bytes: body, signer } = unverified(raw)
  const { index, previous, time, author, body: content } = parse(entry, body)
  return { index, previous, author, time, signer, hash: hash(raw), ...parse(tagged, content) }
}

/** L1-L3, from the first entry or the one after `last`: `keyOf` sees each entry before it is verified, `accept` after. */
export function walk(
  log: Uint8Array[],
  label: string,
  keyOf: (entry: Entry) => Uint8Array | null,
  accept: (entry: Entry) => void,
  last: { index: number; hash: Uint8Array } = { index: -1, hash: new Uint8Array(32) },
): void {
  let before = last
  for (const raw of log) {
    const read = entryOf(raw)
    need(read.index === before.index + 1 && same(read.previous, before.hash))
    verified(raw, label, () => keyOf(read))
    accept(read)
    before = read
  }
}

const kem = sized(1216)
const bodies = {
  root: fields({ sign: key, kem }),
  'add-device': fields({ sign: key, kem, kind: is('device', 'password'), name: text }),
  'remove-device': fields({ device: id }),
  generation: fields({ number: uint, kem }),
  guardians: fields({ commitment: key }),
}

interface Device extends Shape<(typeof bodies)['add-device']> {
  id: Uint8Array
  active: boolean
}

export interface Identity {
  webId: string
  /** All 32 bytes of the root's name. */
  root: Uint8Array
  rootKey: Uint8Array
  devices: Device[]
  generation: number
  kem: Uint8Array
  exposed: boolean
  entries: Uint8Array[]
}

export const keyId = (sign: Uint8Array, kemKey: Uint8Array): Uint8Array => name('key id', join(sign, kemKey))
const short = (of: Uint8Array): Uint8Array => of.subarray(0, 16)

/** I1-I10. */
export function identity(from: Uint8Array): Identity {
  let state: Identity | null = null
  walk(
    parse(rows(bytes), from),
    'identity entry',
    read => (state ? mayExtend(state, read) : rootOf(read)),
    read => {
      if (state) apply(state, read)
      else state = begin(read)
      state.entries.push(read.hash)
    },
  )
  const found = state as Identity | null
  need(found !== null && sealable(found.kem))
  return found
}

function rootOf({ kind, content, signer }: Entry): Uint8Array | null {
  need(kind === 'root')
  const { sign, kem: kemKey } = bodies.root(content)
  return same(signer, short(keyId(sign, kemKey))) ? sign : null
}

function mayExtend(state: Identity, { author, signer }: Entry): Uint8Array | null {
  if (author !== state.webId) return null
  return same(signer, short(state.root)) ? state.rootKey : activeKey(state)(signer)
}

function begin({ author, content }: Entry): Identity {
  const { sign, kem: kemKey } = bodies.root(content)
  const root = keyId(sign, kemKey)
  return { webId: author, root, rootKey: sign, devices: [], generation: 0, kem: kemKey, exposed: false, entries: [] }
}

function apply(state: Identity, { kind, content }: Entry): void {
  if (kind === 'add-device') {
    const read = bodies[kind](content)
    const own = short(keyId(read.sign, read.kem))
    need(!same(own, short(state.root)) && !state.devices.some(device => same(device.id, own)))
    state.devices.push({ ...read, id: own, active: true })
  } else if (kind === 'remove-device') {
    const device = state.devices.find(each => same(each.id, bodies[kind](content).device))
    need(device?.active === true)
    device.active = false
    state.exposed = state.generation > 0
  } else if (kind === 'generation') {
    const read = bodies[kind](content)
    need(read.number === state.generation + 1)
    Object.assign(state, { generation: read.number, kem: read.kem, exposed: false })
  } else {
    need(kind !== 'root', 'identity-changed')
    need(kind === 'guardians')
    bodies[kind](content)
  }
}

/** I5: who may sign heads, accounts and messages. */
export const activeKey =
  (of: Identity): KeyOf =>
  signer =>
    of.devices.find(device => device.active && same(device.id, signer))?.sign ?? null

/** N2: who may have signed an entry of a group's log. */
export const everKey =
  (of: Identity): KeyOf =>
  signer =>
    of.devices.find(device => same(device.id, signer))?.sign ?? null
