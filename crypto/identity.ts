/**
 * The identity log of a person (SPEC I1–I10): public, append-only, hash-chained, signed.
 *
 *   identity.alv = [ entry, … ]   entries as in chain.ts, with one of the bodies below
 *
 * The recovery secret gives an offline root. The root or an active device adds and removes devices and starts account
 * generations. A device is named by the first 16 bytes of a hash over its two public keys, a root by all 32 (I2).
 */
import { concat, equal, toHex } from './bytes.ts'
import { next, walk, type ChainEntry } from './chain.ts'
import { bytes, decode, encode, fixed, list, oneOf, struct, text, uint, union, type Of } from './codec.ts'
import { AlveoleError, tampered } from './errors.ts'
import { label } from './labels.ts'
import { hash32, id16 } from './object.ts'
import { kdf, KEM_PUBLIC_BYTES, kemEncapsulate, kemPublic, namedHash, random, signPublic } from './primitives.ts'
import type { Signer } from './signed.ts'

const publicKeys = { sign: fixed(32), kem: fixed(KEM_PUBLIC_BYTES) }
const body = union({
  root: struct(publicKeys),
  'add-device': struct({ ...publicKeys, kind: oneOf('device', 'password'), name: text }),
  'remove-device': struct({ device: id16 }),
  generation: struct({ number: uint, kem: fixed(KEM_PUBLIC_BYTES) }),
  guardians: struct({ commitment: hash32 }),
})
export type IdentityBody = Of<typeof body>
const log = list(bytes)

/** Two seeds: they are what is stored; key pairs are made when needed. */
export interface Seeds {
  sign: Uint8Array
  kem: Uint8Array
}
export interface PublicKeys {
  sign: Uint8Array
  kem: Uint8Array
}
export interface Device extends PublicKeys {
  id: Uint8Array
  kind: 'device' | 'password'
  name: string
  /** Milliseconds since 1970, as whoever certified it said. */
  added: number
  /** Name of the key that certified it: the root's, or a device's. */
  by: Uint8Array
  active: boolean
}
export interface Identity {
  webId: string
  root: PublicKeys
  devices: Device[]
  /** 0 before the first account generation. */
  generation: number
  /** X-Wing public key of the newest account generation: what grants to this person are sealed to. */
  kem: Uint8Array
  /** It, and those of all generations before, oldest first: a key that is none of these is of a newer log, or of nobody's. */
  kems: Uint8Array[]
  /** A device was removed since that generation began, and still has its keys: nothing new is sealed to it (I6). */
  exposed: boolean
  /** Hashes of all entries, oldest first: heads cite the newest one that their writer knew. */
  entries: Uint8Array[]
  log: Uint8Array[]
}

/** Bytes: some 3,000 entries. */
const LARGEST = 4 * 1024 * 1024

export const drawSeeds = (): Seeds => ({ sign: random(32), kem: random(32) })

/** The root's seeds from the 32 bytes of the recovery kit. */
export const rootSeeds = (recoverySecret: Uint8Array): Seeds => ({
  sign: kdf(recoverySecret, label.rootSign),
  kem: kdf(recoverySecret, label.rootKem),
})

export const publicOf = (seeds: Seeds): PublicKeys => ({ sign: signPublic(seeds.sign), kem: kemPublic(seeds.kem) })
const nameOf = (keys: PublicKeys): Uint8Array => namedHash(label.keyId, concat(keys.sign, keys.kem))
export const keyId = (keys: PublicKeys): Uint8Array => nameOf(keys).slice(0, 16)
export const signerOf = (seeds: Seeds): Signer => ({ id: keyId(publicOf(seeds)), seed: seeds.sign })

/** A log that starts with its root. */
export const foundIdentity = (webId: string, root: Seeds, time: number): Identity =>
  readLog([
    next(null, label.identityEntry, body, {
      time,
      author: webId,
      body: { type: 'root', ...publicOf(root) },
      signer: signerOf(root),
    }),
  ])

/** The identity after one more entry; refused like any other log if `signer` may not sign it. */
export function extendIdentity(identity: Identity, signer: Signer, time: number, entry: IdentityBody): Identity {
  const last = { index: identity.log.length - 1, hash: identity.entries.at(-1)! }
  const { webId: author, log } = identity
  return readLog([...log, next(last, label.identityEntry, body, { time, author, body: entry, signer })])
}

export const encodeIdentity = (identity: Identity): Uint8Array => encode(log, identity.log)

/** Verifies every entry. Throws `tampered`. Whether the root is the right one is for the caller's pins. */
export function openIdentity(from: Uint8Array): Identity {
  if (from.length > LARGEST) return tampered('an identity log longer than any') // I9: each entry is a signature to check
  return readLog(decode(log, from))
}

function readLog(entries: Uint8Array[]): Identity {
  let identity: Identity | null = null
  walk(entries, label.identityEntry, body, {
    signerOf: entry => (identity ? activeKey(identity, entry) : rootKey(entry)),
    accept: entry => {
      identity = identity ? accept(identity, entry) : begin(entry)
      identity.entries.push(entry.hash)
    },
  })
  const found = identity as Identity | null // the type checker does not see that the callback assigns it
  if (!found) return tampered('an empty identity log')
  kemEncapsulate(found.kem) // I8: throws on a key that would make every sealing to this person fail
  return { ...found, log: entries }
}

function rootKey({ body, signer }: ChainEntry<IdentityBody>): Uint8Array | null {
  return body.type === 'root' && equal(signer, keyId(body)) ? body.sign : null // I1: the root vouches for itself
}

function activeKey(identity: Identity, { author, signer }: ChainEntry<IdentityBody>): Uint8Array | null {
  if (author !== identity.webId) return null
  if (equal(signer, keyId(identity.root))) return identity.root.sign
  return deviceKey(identity, signer)
}

/** The signing key of an active device: what heads and messages must be signed with (I5). */
export function deviceKey(identity: Identity, signer: Uint8Array): Uint8Array | null {
  return identity.devices.find(device => device.active && equal(device.id, signer))?.sign ?? null
}

function begin({ body, author }: ChainEntry<IdentityBody>): Identity {
  if (body.type !== 'root') return tampered('an identity log starts with its root')
  const { sign, kem } = body
  return {
    webId: author,
    root: { sign, kem },
    devices: [],
    generation: 0,
    kem,
    kems: [kem],
    exposed: false,
    entries: [],
    log: [],
  }
}

function accept(identity: Identity, { body, time, signer }: ChainEntry<IdentityBody>): Identity {
  switch (body.type) {
    case 'add-device': {
      const id = keyId(body)
      const known = [keyId(identity.root), ...identity.devices.map(device => device.id)]
      if (known.some(other => equal(other, id))) return tampered('a device comes once') // I4
      return { ...identity, devices: [...identity.devices, { ...body, id, added: time, by: signer, active: true }] }
    }
    case 'remove-device':
      return removeDevice(identity, body.device)
    case 'generation':
      if (body.number !== identity.generation + 1) return tampered('generations follow each other')
      return { ...identity, generation: body.number, kem: body.kem, kems: [...identity.kems, body.kem], exposed: false }
    case 'guardians':
      return identity
  }
  throw new AlveoleError('identity-changed', 'a second root') // I7
}

function removeDevice(identity: Identity, id: Uint8Array): Identity {
  if (!deviceKey(identity, id)) return tampered('only an active device can be removed') // I4
  const devices = identity.devices.map(device => (equal(device.id, id) ? { ...device, active: false } : device))
  return { ...identity, devices, exposed: identity.generation > 0 }
}

/** Whether `newer` only adds to `known` (I9). */
export const continues = (newer: Identity, known: Identity): boolean =>
  known.entries.length <= newer.entries.length && known.entries.every((entry, i) => equal(entry, newer.entries[i]!))

/** A short name of a root, for people to compare and for pins. */
export const rootId = (identity: Pick<Identity, 'root'>): string => toHex(nameOf(identity.root))
