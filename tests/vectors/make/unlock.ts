/** Vectors of what unlocks a vault: password slot, recovery words; and of what two people compare. */
import sodium from 'libsodium-wrappers-sumo'
import {
  FLOOR,
  fromHex,
  random,
  rootId,
  sealPasswordSlot,
  toBase64Url,
  toHex,
  toWords,
  writeCheckCode,
} from '#crypto'
import type { Item } from '../../../crypto/cbor.ts'
import { seal } from '../../../crypto/envelope.ts'
import { label } from '../../../crypto/labels.ts'
import { none } from '../../../crypto/padding.ts'
import { cbor } from './forge.ts'
import { alice, ann, bob } from './people.ts'
import { drawsFor } from './random.ts'
import { flip, write } from './write.ts'

drawsFor('password-slot')
const { owner: slotOwner, ...slot } = await sealPasswordSlot(
  'vélo rouge',
  alice,
  { ...ann.device, root: rootId(ann.identity) },
  FLOOR,
)
const input = { ...slot, slotOwner, owner: alice, password: 'vélo rouge' }
await sodium.ready
const [salt, passes, memory] = [random(16), FLOOR.passes, FLOOR.memory]
const key = sodium.crypto_pwhash(32, 'vélo rouge', salt, passes, memory, sodium.crypto_pwhash_ALG_ARGON2ID13)
const { sign, kem } = ann.device
const root = fromHex(rootId(ann.identity))
/** The slot field by field. */
const byHand = (content: Uint8Array, owner = alice) => ({
  salt,
  sealed: seal(key, label.passwordSlot, cbor([salt, passes, memory, owner]), content, none),
})
const code = 'wrong-unlock'
const from = 'by hand'
await write(
  'password-slot',
  [
    { name: 'at the floor', input },
    { name: 'typed on another keyboard', rule: 'P1', input: { ...input, password: 'vélo rouge'.normalize('NFD') } },
    { name: 'by hand', input: { ...input, ...byHand(cbor([sign, kem, root])) } },
  ],
  [
    { name: 'another password', rule: 'P5', code, set: { password: 'velo rouge' } },
    { name: 'no password', rule: 'P5', code, set: { password: '' } },
    { name: 'another owner', rule: 'P5', code, set: { owner: bob } },
    { name: 'another’s slot', rule: 'P5', code, from, set: byHand(cbor([sign, kem, root]), bob) },
    { name: 'another byte', rule: 'P5', code, splice: flip('sealed', -1) },
    { name: 'another salt', rule: 'P5', code, splice: flip('salt', 0) },
    { name: 'more passes than it was sealed with', rule: 'P5', code, set: { passes: 4 } },
    { name: 'too little memory', rule: 'P2', set: { memory: FLOOR.memory / 2 } },
    { name: 'a byte too little', rule: 'P2', set: { memory: FLOOR.memory - 1 } },
    { name: 'too few passes', rule: 'P2', set: { passes: 1 } },
    { name: 'too much memory', rule: 'P3', set: { memory: 2 ** 40 } },
    { name: 'a byte too much', rule: 'P3', set: { memory: 2 ** 30 + 1 } },
    { name: 'too many passes', rule: 'P3', set: { passes: 17 } },
    { name: 'no root', rule: 'P4', code, from, set: byHand(cbor([sign, kem])) },
    { name: 'null for a root', rule: 'P4', code, from, set: byHand(cbor([sign, kem, null])) },
    { name: 'half a root', rule: 'P4', code, from, set: byHand(cbor([sign, kem, root.subarray(16)])) },
    { name: 'one that says it is another’s', rule: 'P5', code, set: { slotOwner: bob } },
  ],
)

drawsFor('recovery-words')
const secret = random(32)
const words = toWords(secret, 'en')
await write(
  'recovery-words',
  [
    { name: 'English', input: { words: words.join(' ') } },
    { name: 'French', input: { words: toWords(secret, 'fr').join(' ') } },
    {
      name: 'French, as somebody types it',
      input: { words: `  ${toWords(secret, 'fr').join('  ').toUpperCase().normalize('NFC')} ` },
    },
  ],
  [
    {
      name: 'two words swapped',
      rule: 'V2',
      code: 'wrong-unlock',
      set: { words: [words[1]!, words[0]!, ...words.slice(2)].join(' ') },
    },
    { name: 'a word left out', rule: 'V2', code: 'wrong-unlock', set: { words: words.slice(1).join(' ') } },
    { name: 'an unknown word', rule: 'V2', code: 'wrong-unlock', set: { words: words.with(3, 'alveole').join(' ') } },
    { name: 'twelve words', rule: 'V1', code: 'wrong-unlock', set: { words: `${'abandon '.repeat(11)}about` } },
    { name: 'nothing', rule: 'V1', code: 'wrong-unlock', set: { words: '' } },
  ],
)

drawsFor('check')
const [one, other] = [
  { webId: alice, root: toHex(random(32)) },
  { webId: bob, root: toHex(random(32)) },
]
const pair = (a: typeof one, b: typeof one) => ({ one: a.webId, oneRoot: a.root, other: b.webId, otherRoot: b.root })
const checkCode = writeCheckCode(one, other)
const coded = (...items: Item[]) => ({ code: `alveole:check:${toBase64Url(cbor(items))}` })
const [oneRoot, otherRoot] = [fromHex(one.root), fromHex(other.root)]
await write(
  'check',
  [
    { name: 'a code', input: { code: checkCode, ...pair(one, other) } },
    { name: 'words of both', rule: 'V3', input: { code: checkCode, ...pair(other, one) } },
  ],
  [
    { name: 'another scheme', rule: 'V4', code: 'usage', set: { code: checkCode.replace('check', 'chock') } },
    { name: 'nothing behind the scheme', rule: 'V4', code: 'usage', set: { code: 'alveole:check:' } },
    { name: 'cut', rule: 'V4', code: 'usage', set: { code: checkCode.slice(0, -4) } },
    { name: 'half a root', rule: 'V4', code: 'usage', set: coded(alice, oneRoot.subarray(16), bob, otherRoot) },
    { name: 'nobody whom it is for', rule: 'V4', code: 'usage', set: coded(alice, oneRoot, null, otherRoot) },
    { name: 'one more', rule: 'V4', code: 'usage', set: coded(alice, oneRoot, bob, otherRoot, 1) },
  ],
)
