/** Vectors of a person's identity log. */
import {
  concat,
  drawGeneration,
  drawSeeds,
  encodeIdentity,
  extendIdentity,
  foundIdentity,
  generationPublic,
  keyId,
  label,
  publicOf,
  random,
  signBytes,
  type Seeds,
  signerOf,
} from '#crypto'
import type { Item } from '../../../crypto/cbor.ts'
import { hash } from '../../../crypto/primitives.ts'
import { cbor, changed } from './forge.ts'
import { alice, ann, bob, time } from './people.ts'
import { drawsFor } from './random.ts'
import { cut, flip, more, write } from './write.ts'

drawsFor('identity-log')
const entries = ann.identity.log
const logOf = (of: Uint8Array[]) => ({ log: cbor(of) })
interface Entry {
  index?: number
  previous?: Uint8Array
  at?: number
  author?: string
  more?: Item[]
  use?: typeof label.identityEntry | typeof label.groupEntry
}
/** One more entry, of whatever body, signed by whoever. */
function forged(log: Uint8Array[], signer: Seeds, body: Item, of: Entry = {}) {
  const last = log.at(-1)
  const previous = of.previous ?? (last ? hash(last) : new Uint8Array(32))
  const fields = [
    1,
    of.index ?? log.length,
    previous,
    of.at ?? time + 9,
    of.author ?? alice,
    cbor(body),
    ...(of.more ?? []),
  ]
  return logOf([...log, signBytes(signerOf(signer), of.use ?? label.identityEntry, cbor(fields))])
}
const addBody = (seeds: Seeds, kind = 'device'): Item => [
  'add-device',
  [publicOf(seeds).sign, publicOf(seeds).kem, kind, 'x'],
]
const removed = extendIdentity(ann.identity, signerOf(ann.root), time + 3, {
  type: 'remove-device',
  device: keyId(publicOf(ann.device)),
})
const stranger = drawSeeds()
const kem2 = generationPublic(drawGeneration(2))
const from = 'a tablet more'
const tablet = addBody(stranger)
const changedEntry = (path: readonly number[], to: Item) =>
  logOf([...entries.slice(0, -1), changed(entries.at(-1)!, path, to)])
await write(
  'identity-log',
  [
    { name: 'root, device, generation', input: { log: encodeIdentity(ann.identity) } },
    { name: 'device removed', rule: 'I6', input: { log: encodeIdentity(removed) } },
    {
      name: 'next generation',
      rule: 'I6',
      input: {
        log: encodeIdentity(
          extendIdentity(removed, signerOf(ann.root), time + 4, { type: 'generation', number: 2, kem: kem2 }),
        ),
      },
    },
    { name: 'a tablet more', input: forged(entries, ann.device, tablet) },
    {
      name: 'an entry that says it is older than the one before',
      rule: 'L4',
      input: forged(entries, ann.device, tablet, { at: 0 }),
    },
    { name: 'guardians', input: forged(entries, ann.root, ['guardians', [random(32)]]) },
    { name: 'a root alone', input: { log: cbor(entries.slice(0, 1)) } },
  ],
  [
    { name: 'empty', rule: 'I1', set: logOf([]) },
    { name: 'a gap', rule: 'L2', set: logOf([entries[0]!, entries[2]!]) },
    { name: 'an entry twice', rule: 'L2', set: logOf([...entries, entries[2]!]) },
    { name: 'out of order', rule: 'L2', set: logOf([entries[0]!, entries[2]!, entries[1]!]) },
    { name: 'another index', rule: 'L2', from, set: forged(entries, ann.device, tablet, { index: 4 }) },
    {
      name: 'another entry before',
      rule: 'L2',
      from,
      set: forged(entries, ann.device, tablet, { previous: random(32) }),
    },
    {
      name: 'another root in front',
      rule: 'L2',
      set: logOf([...foundIdentity(alice, stranger, time).log, ...entries.slice(1)]),
    },
    { name: 'a field more', rule: 'L1', from, set: forged(entries, ann.device, tablet, { more: [0] }) },
    { name: 'a body that is no byte string', rule: 'L1', set: changedEntry([0, 5], ['generation', [1, kem2]]) },
    { name: 'a body in three parts', rule: 'L1', from, set: forged(entries, ann.device, ['generation', [2, kem2], 0]) },
    { name: 'entries that are no byte strings', rule: 'L1', set: { log: cbor([[random(9), random(16), random(64)]]) } },
    { name: 'a signature taken again', rule: 'S2', set: changedEntry([2], random(64)) },
    {
      name: 'signed as an entry of a group',
      rule: 'S3',
      from,
      set: forged(entries, ann.device, tablet, { use: label.groupEntry }),
    },
    { name: 'a device that vouches for itself', rule: 'L3', set: forged(entries, stranger, addBody(stranger)) },
    { name: 'no root first', rule: 'I1', set: forged([], ann.device, addBody(ann.device)) },
    {
      name: 'a root that another key signed',
      rule: 'I1',
      set: forged([], stranger, ['root', [publicOf(ann.root).sign, publicOf(ann.root).kem]]),
    },
    {
      name: 'a root under another name',
      rule: 'I1',
      from: 'a root alone',
      set: logOf([changed(entries[0]!, [1], random(16))]),
    },
    {
      name: 'a signer named by 32 bytes',
      rule: 'I2',
      set: changedEntry([1], concat(keyId(publicOf(ann.device)), keyId(publicOf(ann.device)))),
    },
    {
      name: 'a signer named by its key',
      rule: 'I2',
      set: changedEntry([1], publicOf(ann.device).sign.subarray(0, 16)),
    },
    { name: 'signed by a stranger', rule: 'I3', from, set: forged(entries, stranger, addBody(drawSeeds())) },
    { name: 'signed by a removed device', rule: 'I3', set: forged(removed.log, ann.device, tablet) },
    {
      name: 'the same, dated before its removal',
      rule: 'I3',
      set: forged(removed.log, ann.device, tablet, { at: time + 2 }),
    },
    {
      name: 'signed by a device for another WebID',
      rule: 'I3',
      set: forged(entries, ann.device, tablet, { author: bob }),
    },
    { name: 'a device twice', rule: 'I4', set: forged(entries, ann.device, addBody(ann.device)) },
    { name: 'a removed device again', rule: 'I4', set: forged(removed.log, ann.root, addBody(ann.device)) },
    { name: 'the root as a device', rule: 'I4', set: forged(entries, ann.device, addBody(ann.root)) },
    {
      name: 'a removal of nobody',
      rule: 'I4',
      set: forged(entries, ann.device, ['remove-device', [keyId(publicOf(stranger))]]),
    },
    {
      name: 'a removal of the root',
      rule: 'I4',
      set: forged(entries, ann.device, ['remove-device', [keyId(publicOf(ann.root))]]),
    },
    {
      name: 'a second root',
      rule: 'I7',
      code: 'identity-changed',
      set: forged(entries, ann.root, ['root', [publicOf(stranger).sign, publicOf(stranger).kem]]),
    },
    {
      name: 'a key that nobody can seal to',
      rule: 'I8',
      set: forged(entries, ann.device, ['generation', [2, new Uint8Array(1216).fill(255)]]),
    },
    { name: 'a generation again', rule: 'I10', set: forged(entries, ann.device, ['generation', [1, kem2]]) },
    { name: 'a generation left out', rule: 'I10', set: forged(entries, ann.device, ['generation', [3, kem2]]) },
    { name: 'a kind of entry that is none', rule: 'O5', set: forged(entries, ann.device, ['constructor', []]) },
    { name: 'a kind of device that is none', rule: 'O2', set: forged(entries, ann.device, addBody(stranger, 'robot')) },
    { name: 'another signature', rule: 'S2', splice: flip('log', -1) },
    { name: 'cut', rule: 'O2', splice: cut('log', -1) },
    { name: 'a byte more', rule: 'O2', splice: more('log') },
  ],
)
