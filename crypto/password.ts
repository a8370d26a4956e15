/**
 * Password slots (SPEC P1–P5): the seeds of a device, sealed under Argon2id (RFC 9106) of a password. Kept in the
 * account for the vault's own slot, and on disk for a device. Parameters under the floor are refused before any work.
 * libsodium's larger build, which alone has Argon2id, is loaded when first needed.
 */
import { fromHex, toHex, utf8 } from './bytes.ts'
import { bytes, decode, encode, fixed, struct, text, uint, type Of } from './codec.ts'
import { AlveoleError, isCode, tampered } from './errors.ts'
import { open, seal } from './envelope.ts'
import type { Seeds } from './identity.ts'
import { label } from './labels.ts'
import { hash32, key32 } from './object.ts'
import { none } from './padding.ts'
import { KEY_BYTES, random, wipe } from './primitives.ts'
import { scratchOf, type Scratch } from './scratch.ts'

/** The seeds that a slot holds, and `rootId` of the vault they belong to. */
export type SlotContent = Seeds & {
  /**
   * P4: the pin of whoever unlocks a vault on a new machine. Without it a host that serves an identity log and an account
   * of its own making, around the same device, goes unnoticed.
   */
  root: string
}
export const passwordSlot = struct({ salt: fixed(16), passes: uint, memory: uint, owner: text, sealed: bytes })
export type PasswordSlot = Of<typeof passwordSlot>
const content = struct({ sign: key32, kem: key32, root: hash32 })
const parameters = struct({ salt: fixed(16), passes: uint, memory: uint, owner: text })

export interface PasswordCost {
  /** Bytes. */
  memory: number
  passes: number
}
const MiB = 1024 * 1024
export const POD_SLOT: PasswordCost = { memory: 256 * MiB, passes: 3 }
/** For a slot that never leaves a device, and the least that any slot may have (P2). */
export const FLOOR: PasswordCost = { memory: 64 * MiB, passes: 3 }
/** P3: a hostile slot must not exhaust the reader's memory either. */
const CEILING: PasswordCost = { memory: 1024 * MiB, passes: 16 }

let scratch: Scratch | null = null

/** Unicode NFKC, so that a password typed on another keyboard is the same one. */
async function stretch(password: string, of: Pick<PasswordSlot, 'salt' | 'passes' | 'memory'>): Promise<Uint8Array> {
  const { default: sodium } = await import('libsodium-wrappers-sumo')
  await sodium.ready
  scratch ??= scratchOf(sodium)
  const input = utf8(password.normalize('NFKC'))
  try {
    return sodium.crypto_pwhash(KEY_BYTES, input, of.salt, of.passes, of.memory, sodium.crypto_pwhash_ALG_ARGON2ID13)
  } catch (cause) {
    throw new AlveoleError('refused', 'not enough memory for this password slot', { cause })
  } finally {
    wipe(input)
    scratch.wipe()
  }
}

function checkCost({ memory, passes }: PasswordCost): void {
  const within =
    memory >= FLOOR.memory && passes >= FLOOR.passes && memory <= CEILING.memory && passes <= CEILING.passes
  if (!within) throw new AlveoleError('tampered', 'password parameters out of bounds')
}

export async function sealPasswordSlot(
  password: string,
  owner: string,
  seeds: SlotContent,
  cost: PasswordCost = POD_SLOT,
): Promise<PasswordSlot> {
  checkCost(cost)
  const of = { salt: random(16), passes: cost.passes, memory: cost.memory, owner }
  const key = await stretch(password, of)
  const sealed = seal(
    key,
    label.passwordSlot,
    encode(parameters, of),
    encode(content, { ...seeds, root: fromHex(seeds.root) }),
    none,
  )
  wipe(key)
  return { ...of, sealed }
}

/** `wrong-unlock` where the password does not open it. */
export async function openPasswordSlot(password: string, owner: string, slot: PasswordSlot): Promise<SlotContent> {
  checkCost(slot)
  const key = await stretch(password, slot)
  try {
    if (slot.owner !== owner) return tampered('a slot of somebody else')
    const opened = open(key, label.passwordSlot, encode(parameters, slot), slot.sealed, none)
    const { root, ...seeds } = decode(content, opened)
    return { ...seeds, root: toHex(root) }
  } catch (error) {
    throw isCode(error, 'tampered') ? new AlveoleError('wrong-unlock', 'the password does not open the slot') : error
  } finally {
    wipe(key)
  }
}

export const encodePasswordSlot = (slot: PasswordSlot): Uint8Array => encode(passwordSlot, slot)
export const decodePasswordSlot = (from: Uint8Array): PasswordSlot => decode(passwordSlot, from)
