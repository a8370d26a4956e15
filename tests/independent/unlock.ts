/** SPEC V, P, D: what a person types, or a device keeps, to seeds. The word lists are data; the checksum is computed here. */
import crypto from 'node:crypto'
import { wordlist as english } from '@scure/bip39/wordlists/english.js'
import { wordlist as french } from '@scure/bip39/wordlists/french.js'
import sodium from 'libsodium-wrappers-sumo'
import { encode, join, need, Refused } from './cbor.ts'
import { hash, kdf, none, openEnvelope, padme } from './primitives.ts'
import { bytes, fields, id, is, key, parse, text, uint, type Shape } from './shape.ts'

export { english, french }

export interface Seeds {
  sign: Uint8Array
  kem: Uint8Array
}

export function secretOf(phrase: string): Uint8Array {
  const words = phrase.normalize('NFKD').toLowerCase().trim().split(/\s+/u)
  const found = [english, french].map(list => words.map(word => list.indexOf(word)))
  const indexes = found.find(each => !each.includes(-1))
  need(indexes?.length === 24, 'wrong-unlock')
  const bits = indexes.map(index => index.toString(2).padStart(11, '0')).join('')
  const all = Uint8Array.from({ length: 33 }, (_, at) => Number.parseInt(bits.slice(8 * at, 8 * at + 8), 2))
  const secret = all.subarray(0, 32)
  need(crypto.createHash('sha256').update(secret).digest()[0] === all[32], 'wrong-unlock')
  return secret
}

export function wordsOf(secret: Uint8Array, list: string[]): string {
  const all = [...secret, crypto.createHash('sha256').update(secret).digest()[0]!]
  const bits = all.map(byte => byte.toString(2).padStart(8, '0')).join('')
  const words = Array.from({ length: 24 }, (_, at) => list[Number.parseInt(bits.slice(11 * at, 11 * at + 11), 2)]!)
  return words.join(' ').normalize('NFC')
}

export const rootSeeds = (secret: Uint8Array): Seeds => ({
  sign: kdf(secret, 'root signing seed'),
  kem: kdf(secret, 'root kem seed'),
})

export const slot = fields({ salt: id, passes: uint, memory: uint, owner: text, sealed: bytes })
const content = fields({ sign: key, kem: key, root: key })

export function openSlot(password: string, owner: string, of: Shape<typeof slot>): Shape<typeof content> {
  const { salt, passes, memory, sealed } = of
  need(passes >= 3 && memory >= 2 ** 26 && passes <= 16 && memory <= 2 ** 30) // P2, P3: before any work
  const argon2id = sodium.crypto_pwhash_ALG_ARGON2ID13
  const stretched = sodium.crypto_pwhash(32, password.normalize('NFKC'), salt, passes, memory, argon2id)
  try {
    need(of.owner === owner)
    return parse(content, openEnvelope(stretched, 'password slot', encode([salt, passes, memory, owner]), sealed, none))
  } catch {
    throw new Refused('wrong-unlock')
  }
}

const object = fields({ header: bytes, sealed: bytes })
const slotHeader = fields({ version: is(1), type: is('device-slot'), sealId: id })

/** D1. */
export function deviceSlot(from: Uint8Array, { sign, kem }: Seeds): Uint8Array {
  const { header, sealed } = parse(object, from)
  parse(slotHeader, header)
  return openEnvelope(hash(join(sign, kem)), 'device slot', header, sealed, padme)
}
