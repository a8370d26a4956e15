import { describe, expect, it } from 'vitest'
import {
  continues,
  decode,
  deviceKey,
  drawGeneration,
  drawSeeds,
  encode,
  encodeIdentity,
  extendIdentity,
  foundIdentity,
  generationPublic,
  keyId,
  openIdentity,
  publicOf,
  rootId,
  rootSeeds,
  signerOf,
  toHex,
  type Identity,
  type IdentityBody,
  type Seeds,
} from '#crypto'
import { bytes, list } from '../../crypto/codec.ts'
import { addDevice, codeOf, flipped, person, removeDevice } from './support.ts'

const alice = person('alice')
const stranger = drawSeeds()
const log = list(bytes)
const entriesOf = (identity: Identity): Uint8Array[] => decode(log, encodeIdentity(identity))
const reread = (entries: Uint8Array[]): Identity => openIdentity(encode(log, entries))
const extend = (identity: Identity, signer: Seeds, body: IdentityBody): Identity =>
  extendIdentity(identity, signerOf(signer), 1_700_000_000_003, body)
const generation = (number: number) =>
  ({ type: 'generation', number, kem: generationPublic(drawGeneration(number)) }) as const

describe('the identity log', () => {
  it('[L1] reads back as it was written', () => {
    const read = openIdentity(encodeIdentity(alice.identity))
    expect(read).toEqual(alice.identity)
    expect(read).toMatchObject({
      webId: alice.webId,
      generation: 1,
      kem: generationPublic(alice.generation),
      exposed: false,
    })
    expect(read.devices).toMatchObject([{ active: true, kind: 'device', name: 'laptop' }])
    expect(rootId(read)).toBe(rootId({ root: publicOf(alice.root) }))
  })

  it('[L1] certifies what a password unlocks as such', () => {
    const { devices } = extend(alice.identity, alice.root, addDevice(stranger, 'password'))
    expect(devices.map(({ kind }) => kind)).toEqual(['device', 'password'])
  })

  it('[L2] refuses entries dropped, repeated or reordered', () => {
    const [a, b, c] = entriesOf(alice.identity) as [Uint8Array, Uint8Array, Uint8Array]
    for (const entries of [[], [b, c], [a, c], [a, b, b], [b, a, c], [a, c, b], [a, a, b, c]])
      expect(codeOf(() => reread(entries))).toBe('tampered')
    expect(reread([a, b]).devices).toHaveLength(1)
  })

  it('[L2] refuses an entry of another log', () => {
    const [a, b] = entriesOf(alice.identity) as [Uint8Array, Uint8Array]
    const twin = foundIdentity(alice.webId, alice.root, 5)
    expect(codeOf(() => reread([entriesOf(twin)[0]!, b]))).toBe('tampered')
    expect(codeOf(() => reread([a, entriesOf(person('carol').identity)[1]!]))).toBe('tampered')
  })

  it('[L3] refuses every eleventh flipped bit of its first two entries', () => {
    const whole = encode(log, entriesOf(alice.identity).slice(0, 2))
    for (let bit = 0; bit < whole.length * 8; bit += 11)
      expect(codeOf(() => openIdentity(flipped(whole, bit)))).toBe('tampered')
  })

  it('[I1] lets a root vouch for nobody but itself', () => {
    const founded = foundIdentity(alice.webId, alice.root, 1)
    expect(founded.devices).toEqual([])
    const other = entriesOf(foundIdentity(alice.webId, stranger, 1))
    expect(rootId(reread(other))).not.toBe(rootId(founded)) // another root is for the pins to notice
    expect(codeOf(() => reread([other[0]!, ...entriesOf(alice.identity).slice(1)]))).toBe('tampered')
  })

  it('[I1] starts with its root and with nothing else', () => {
    const empty = { ...alice.identity, log: [] }
    for (const body of [addDevice(stranger), removeDevice(stranger), generation(1)])
      expect(codeOf(() => extend(empty, stranger, body))).toBe('tampered')
  })

  it('[I3] is written by the root or an active device, and by nobody else', () => {
    for (const signer of [alice.root, alice.device])
      expect(extend(alice.identity, signer, addDevice(stranger)).devices).toHaveLength(2)
    for (const body of [addDevice(stranger), removeDevice(alice.device), generation(2)]) {
      expect(codeOf(() => extend(alice.identity, stranger, body))).toBe('tampered')
    }
  })

  it('[I3] lets no entry speak for another WebID', () => {
    const asBob = { ...alice.identity, webId: 'https://bob.example/#me' }
    expect(codeOf(() => extend(asBob, alice.device, addDevice(stranger)))).toBe('tampered')
  })

  it('[I3] gives a removed device no further word, and a name that dates from before does not help it', () => {
    const removed = extend(alice.identity, alice.root, removeDevice(alice.device))
    for (const body of [addDevice(stranger), generation(2), removeDevice(alice.device)])
      expect(codeOf(() => extend(removed, alice.device, body))).toBe('tampered')
    // What the device wrote over the state before its removal is a fork, and no entry of the log that goes on:
    const backdated = entriesOf(extend(alice.identity, alice.device, addDevice(stranger))).at(-1)!
    expect(codeOf(() => reread([...entriesOf(removed), backdated]))).toBe('tampered')
    expect(continues(extend(alice.identity, alice.device, addDevice(stranger)), removed)).toBe(false)
  })

  it('[I4] certifies a device once, removed or not, and never the root', () => {
    expect(codeOf(() => extend(alice.identity, alice.root, addDevice(alice.device)))).toBe('tampered')
    const removed = extend(alice.identity, alice.root, removeDevice(alice.device))
    expect(codeOf(() => extend(removed, alice.root, addDevice(alice.device)))).toBe('tampered')
    expect(codeOf(() => extend(alice.identity, alice.root, addDevice(alice.root)))).toBe('tampered')
  })

  it('[I4] removes only a device that is there', () => {
    expect(codeOf(() => extend(alice.identity, alice.root, removeDevice(stranger)))).toBe('tampered')
    const removed = extend(alice.identity, alice.root, removeDevice(alice.device))
    expect(codeOf(() => extend(removed, alice.root, removeDevice(alice.device)))).toBe('tampered')
  })

  it('[I4] removes one device and leaves the others', () => {
    const two = extend(alice.identity, alice.root, addDevice(stranger))
    const removed = extend(two, alice.root, removeDevice(alice.device))
    expect(removed.devices.map(({ active }) => active)).toEqual([false, true])
  })

  it('[I5] vouches for what an active device signs, not for the root, a removed or an unknown one', () => {
    const id = keyId(publicOf(alice.device))
    expect(deviceKey(alice.identity, id)).toEqual(publicOf(alice.device).sign)
    expect(deviceKey(alice.identity, keyId(publicOf(alice.root)))).toBeNull()
    expect(deviceKey(alice.identity, keyId(publicOf(stranger)))).toBeNull()
    expect(deviceKey(extend(alice.identity, alice.root, removeDevice(alice.device)), id)).toBeNull()
  })

  it('[I6] says that a removed device still has the keys, until a generation starts', () => {
    const removed = extend(alice.identity, alice.root, removeDevice(alice.device))
    expect(removed.exposed).toBe(true)
    expect(extend(removed, alice.root, generation(2)).exposed).toBe(false)
    const early = extend(foundIdentity(alice.webId, alice.root, 1), alice.root, addDevice(stranger))
    expect(extend(early, alice.root, removeDevice(stranger)).exposed).toBe(false) // there is no generation to have keys of
  })

  it('[I7] stops hard at a second root, whoever signs it', () => {
    for (const signer of [alice.root, alice.device]) {
      expect(codeOf(() => extend(alice.identity, signer, { type: 'root', ...publicOf(stranger) }))).toBe(
        'identity-changed',
      )
    }
    expect(codeOf(() => extend(alice.identity, stranger, { type: 'root', ...publicOf(stranger) }))).toBe('tampered')
  })

  it('[I8] refuses a newest key that nobody can seal to', () => {
    const unusable = { type: 'generation', number: 2, kem: new Uint8Array(1216).fill(0xff) } as const
    expect(codeOf(() => extend(alice.identity, alice.device, unusable))).toBe('tampered')
  })

  it('[I9] continues what only adds to it', () => {
    const longer = extend(alice.identity, alice.device, addDevice(stranger))
    expect(continues(longer, alice.identity)).toBe(true)
    expect(continues(alice.identity, longer)).toBe(false)
    expect(continues(longer, longer)).toBe(true)
    expect(continues(extend(alice.identity, alice.device, generation(2)), longer)).toBe(false)
  })

  it.each([0, 1, 3])('[I10] refuses generation %i after the first', number => {
    expect(codeOf(() => extend(alice.identity, alice.device, generation(number)))).toBe('tampered')
  })

  it('[I2] names keys with a label of their own', () => {
    expect(keyId(publicOf(alice.root))).toEqual(
      Uint8Array.from(Buffer.from(rootId(alice.identity), 'hex').subarray(0, 16)),
    )
    expect(rootSeeds(new Uint8Array(32))).not.toEqual(rootSeeds(new Uint8Array(32).fill(1)))
  })

  it('[I2] has the same root of the same kit for ever', () => {
    const { sign, kem } = rootSeeds(new Uint8Array(32)) // as tests/independent derives it from the SPEC
    expect(toHex(sign)).toBe('058a1e3533d8fc5c893caf04efc0b5cbfae8b9d73b96f77b3110ca61eb655683')
    expect(toHex(kem)).toBe('cfa20912fe3914cc6e430e49d555d3d712fac9bcc0225dc45ea44f6cd858a5f1')
  })

  it('[I9] of more than 4 MiB is not read, however right', () => {
    const name = 'x'.repeat(100_000)
    const longer = (identity: Identity): Identity =>
      extend(identity, alice.root, { type: 'add-device', ...publicOf(drawSeeds()), kind: 'device', name })
    let long = alice.identity
    for (let i = 0; i < 41; i++) long = longer(long)
    expect(openIdentity(encodeIdentity(long)).devices).toHaveLength(alice.identity.devices.length + 41)
    expect(codeOf(() => openIdentity(encodeIdentity(longer(long))))).toBe('tampered')
  })
})
