/** What is done once a grant, a password, a person: beside libsodium's primitive alone. */
import sodium, { ready } from 'libsodium-wrappers'
import {
  bytes,
  drawSeeds,
  encode,
  fixed,
  FLOOR,
  keyId,
  label,
  list,
  openIdentity,
  openPasswordSlot,
  publicOf,
  random,
  sealPasswordSlot,
  signerOf,
  struct,
  text,
  uint,
  union,
  type Seeds,
} from '#crypto'
import { next, unsafePoint } from '../../../crypto/chain.ts'
import { openWith, sealTo } from '../../../crypto/kem.ts'
import { none } from '../../../crypto/padding.ts'
import { turns, type Turns } from './turns.ts'

const ROUNDS = 9
const BATCH = 50
const ENTRIES = 1000
const OWNER = 'https://pod.example/profile/card#me'
type Pair = Turns<'alveole' | 'sodium'>

export interface KeyTimes {
  /** Of `batch` times each. */
  wrap: Pair
  unwrap: Pair
  batch: number
  argon2: Pair
  log: Pair
  entries: number
}

const many = (work: () => unknown) => (): void => {
  for (let i = 0; i < BATCH; i++) work()
}

async function wraps(): Promise<Pick<KeyTimes, 'wrap' | 'unwrap'>> {
  const [seed, payload, header] = [random(32), random(32), random(64)]
  const { publicKey, privateKey } = sodium.crypto_kem_xwing_seed_keypair(seed)
  const sealed = sealTo(publicKey, label.groupEnrolment, header, payload, none)
  const { ciphertext } = sodium.crypto_kem_xwing_enc(publicKey)
  return {
    wrap: await turns(
      {
        alveole: many(() => sealTo(publicKey, label.groupEnrolment, header, payload, none)),
        sodium: many(() => sodium.crypto_kem_xwing_enc(publicKey)),
      },
      ROUNDS,
    ),
    unwrap: await turns(
      {
        alveole: many(() => openWith(seed, label.groupEnrolment, header, sealed, none)),
        sodium: many(() => sodium.crypto_kem_xwing_dec(ciphertext, privateKey)),
      },
      ROUNDS,
    ),
  }
}

async function argon2(): Promise<Pair> {
  const { default: sumo } = await import('libsodium-wrappers-sumo')
  await sumo.ready
  const slot = await sealPasswordSlot('a password', OWNER, { ...drawSeeds(), root: '00'.repeat(32) }, FLOOR)
  const [{ passes, memory }, salt] = [FLOOR, random(16)]
  return turns(
    {
      alveole: () => openPasswordSlot('a password', OWNER, slot),
      sodium: () => sumo.crypto_pwhash(32, 'a password', salt, passes, memory, sumo.crypto_pwhash_ALG_ARGON2ID13),
    },
    ROUNDS,
  )
}

const publicKeys = { sign: fixed(32), kem: fixed(1216) }
/** As identity.ts has them; its own way to add an entry verifies the whole log each time. */
const body = union({
  root: struct(publicKeys),
  'add-device': struct({ ...publicKeys, kind: text, name: text }),
  'remove-device': struct({ device: fixed(16) }),
  generation: struct({ number: uint, kem: fixed(1216) }),
})

/** A root, then devices that come and go, and a generation after each: `ENTRIES` in all, of the real sizes. */
function log(): Uint8Array {
  const root: Seeds = drawSeeds()
  const signer = signerOf(root)
  const { kem } = publicOf(root)
  let entries: Uint8Array[] = []
  const add = (entry: Parameters<typeof body.toItem>[0]): void => {
    const last = entries.length ? unsafePoint(entries.at(-1)!) : null
    const more = { time: Date.now(), author: OWNER, body: entry, signer }
    entries = [...entries, next(last, label.identityEntry, body, more)]
  }
  add({ type: 'root', ...publicOf(root) })
  for (let number = 1; entries.length < ENTRIES; number++) {
    const device = { sign: random(32), kem }
    add({ type: 'add-device', ...device, kind: 'device', name: `device ${number}` })
    add({ type: 'remove-device', device: keyId(device) })
    add({ type: 'generation', number, kem })
  }
  return encode(list(bytes), entries)
}

async function logs(): Promise<Pair> {
  const from = log()
  const [seed, message] = [random(32), random(from.length / ENTRIES)]
  const { publicKey, privateKey } = sodium.crypto_sign_seed_keypair(seed)
  const signature = sodium.crypto_sign_detached(message, privateKey)
  return turns(
    {
      alveole: () => openIdentity(from),
      sodium: () => {
        for (let i = 0; i < ENTRIES; i++) sodium.crypto_sign_verify_detached(signature, message, publicKey)
      },
    },
    ROUNDS,
  )
}

export async function keyTimes(): Promise<KeyTimes> {
  await ready
  return { ...(await wraps()), batch: BATCH, argon2: await argon2(), log: await logs(), entries: ENTRIES }
}
