/**
 * The account: one head for the whole vault (SPEC A1–A6).
 *
 *   account.alv = signed( [ header, state ] )
 *   header = [version, "account", owner, seal id, generation, vector, identity head, wraps, previous, slots]
 *   wraps    the generation's keys for each active device and the root: X-Wing, by key id
 *   previous the older generations' keys, each under the next one's
 *   slots    device seeds sealed by a password (password.ts); the password's device is certified like any other
 *   state    envelope(generation key, header, bytes of client/core), padded to 8 KiB steps
 */
import { equal } from './bytes.ts'
import { bytes, decode, encode, list, struct, text, uint, where, type Of } from './codec.ts'
import { AlveoleError, tampered } from './errors.ts'
import { open, seal } from './envelope.ts'
import type { PublicKeys, Seeds } from './identity.ts'
import { keyId, publicOf } from './identity.ts'
import { openWith, sealTo } from './kem.ts'
import { label } from './labels.ts'
import { drawSealId, hash32, headerStart, id16, key32, type Unsealed } from './object.ts'
import { none, steps } from './padding.ts'
import { passwordSlot } from './password.ts'
import { hash, kemPublic, random } from './primitives.ts'
import { signBytes, unsafeUnverified, verifySigned, type Signer } from './signed.ts'
import { vector } from './vector.ts'

const wrap = struct({ to: id16, sealed: bytes })
const header = struct({
  ...headerStart('account'),
  generation: uint,
  vector,
  identityHead: hash32,
  wraps: list(wrap),
  previous: list(bytes),
  slots: where(list(passwordSlot), 'eight slots at most', slots => slots.length <= 8), // P6: each costs who unlocks
})
const object = struct({ header: bytes, state: bytes })
const keys = struct({ key: key32, kemSeed: key32 })
const context = struct({ owner: text, generation: uint })
const statePadding = steps(8192)

export type AccountHeader = Of<typeof header>
/** The keys of one account generation. */
export interface Generation {
  number: number
  key: Uint8Array
  kemSeed: Uint8Array
}

/** What the clear header carries of the generations, written anew only when a generation or a device comes. */
export type AccountWraps = Pick<AccountHeader, 'generation' | 'wraps' | 'previous'>

export const drawGeneration = (number: number): Generation => ({ number, key: random(32), kemSeed: random(32) })
export const generationPublic = (generation: Generation): Uint8Array => kemPublic(generation.kemSeed)

const wrapContext = (owner: string, generation: number): Uint8Array => encode(context, { owner, generation })

/** Wraps the newest of `generations` to each of `to`, and each older one under its next. */
export function wrapGenerations(owner: string, generations: Generation[], to: PublicKeys[]): AccountWraps {
  const newest = generations.at(-1)!
  const sealedKeys = encode(keys, newest)
  return {
    generation: newest.number,
    wraps: to.map(keysOf => ({
      to: keyId(keysOf),
      sealed: sealTo(keysOf.kem, label.accountWrap, wrapContext(owner, newest.number), sealedKeys, none),
    })),
    previous: generations.slice(0, -1).map((older, i) => sealPrevious(owner, older, generations[i + 1]!)),
  }
}

/** Its key seals one thing for this purpose, so the context alone may be the header. */
const sealPrevious = (owner: string, older: Generation, next: Generation): Uint8Array =>
  seal(next.key, label.accountPrevious, wrapContext(owner, older.number), encode(keys, older), none)

/**
 * All generations, oldest first, for whoever holds `seeds`; `wrong-unlock` where nothing is wrapped to them. Anybody can wrap
 * to a public key: only the signature of the account, checked first, says that these are the vault's (A3).
 */
export function unwrapGenerations(of: AccountHeader, seeds: Seeds): Generation[] {
  const id = keyId(publicOf(seeds))
  const mine = of.wraps.find(({ to }) => equal(to, id))
  if (!mine) throw new AlveoleError('wrong-unlock', 'this device is not one of the vault')
  const newest = decode(
    keys,
    openWith(seeds.kem, label.accountWrap, wrapContext(of.owner, of.generation), mine.sealed, none),
  )
  if (of.previous.length >= of.generation) return tampered('more generations than there were')
  const generations: Generation[] = [{ number: of.generation, ...newest }]
  for (const sealed of of.previous.toReversed()) {
    const next = generations[0]!
    const context = wrapContext(of.owner, next.number - 1)
    const older = decode(keys, open(next.key, label.accountPrevious, context, sealed, none))
    generations.unshift({ number: next.number - 1, ...older })
  }
  return generations
}

export function sealAccount(
  of: Unsealed<AccountHeader>,
  state: Uint8Array,
  generation: Generation,
  signer: Signer,
): Uint8Array {
  const head = encode(header, { ...of, sealId: drawSealId() })
  return signBytes(
    signer,
    label.account,
    encode(object, { header: head, state: seal(generation.key, label.accountState, head, state, statePadding) }),
  )
}

export interface SignedAccount {
  header: AccountHeader
  headerBytes: Uint8Array
  state: Uint8Array
  signer: Uint8Array
  hash: Uint8Array
}

/** The header before anybody vouches for it: its slots are needed to get the keys that check it. */
export function unsafeAccountHeader(from: Uint8Array): AccountHeader {
  return decode(header, decode(object, unsafeUnverified(from).signed).header)
}

export function verifyAccount(
  from: Uint8Array,
  owner: string,
  publicKeyOf: (signer: Uint8Array) => Uint8Array | null,
): SignedAccount {
  const { signed, signer } = verifySigned(from, label.account, publicKeyOf)
  const { header: head, state } = decode(object, signed)
  const read = decode(header, head)
  if (read.owner !== owner) return tampered('an account of somebody else')
  return { header: read, headerBytes: head, state, signer, hash: hash(from) }
}

export const openAccountState = (account: SignedAccount, generation: Generation): Uint8Array =>
  open(generation.key, label.accountState, account.headerBytes, account.state, statePadding)
