/** Vectors of the account: its object, its state, and what one device keeps. */
import {
  concat,
  drawGeneration,
  drawSeeds,
  hash,
  publicOf,
  random,
  sealAccount,
  sealAccountPage,
  sealForDevice,
  type Seeds,
  signBytes,
  signerOf,
  utf8,
  wrapGenerations,
  type AccountHeader,
  type Unsealed,
} from '#crypto'
import type { Item } from '../../../crypto/cbor.ts'
import { seal } from '../../../crypto/envelope.ts'
import { sealTo } from '../../../crypto/kem.ts'
import { label } from '../../../crypto/labels.ts'
import { none, padme, steps } from '../../../crypto/padding.ts'
import { cbor, changed, withMore } from './forge.ts'
import { alice, ann, bob, collection, devices, time } from './people.ts'
import { drawsFor } from './random.ts'
import { cut, flip, more, write } from './write.ts'

drawsFor('account')
const stranger = drawSeeds()
const generations = [ann.generation, drawGeneration(2)]
const newest = generations[1]!
const header: Unsealed<AccountHeader> = {
  version: 1,
  type: 'account',
  owner: alice,
  vector: [],
  identityHead: ann.identity.entries.at(-1)!,
  slots: [],
  ...wrapGenerations(alice, generations, [publicOf(ann.device), publicOf(ann.root)]),
}
const sealed = (signer: Seeds, changes: Partial<AccountHeader> = {}) =>
  sealAccount({ ...header, ...changes }, utf8('state'), newest, signerOf(signer))
const input = { account: sealed(ann.device), owner: alice, devices, ...ann.device }
const { previous } = header

/** A generation 0, rightly sealed under the first. */
const beforeAll = seal(
  ann.generation.key,
  label.accountPrevious,
  cbor([alice, 0]),
  cbor([random(32), random(32)]),
  none,
)

const wrapFor = (about: Item, plaintext: Item): Item =>
  sealTo(publicOf(ann.device).kem, label.accountWrap, cbor(about), cbor(plaintext), none)
const fields: Item[] = [1, 'account', alice, random(16), 2, [], random(32), [], previous, []]
/** Field by field; the state is bound to `boundTo`. */
function byHand(change: (header: Item[]) => Item[] = old => old, boundTo?: Uint8Array, wrap?: Item) {
  const signer = signerOf(ann.device)
  const wrapped: Item = wrap ?? wrapFor([alice, 2], [newest.key, newest.kemSeed])
  const head = cbor(change(fields.with(7, [[signer.id, wrapped]])))
  const state = seal(newest.key, label.accountState, boundTo ?? head, utf8('state'), steps(8192))
  return { account: signBytes(signer, label.account, cbor([head, state])) }
}
const from = 'by hand'
const eachSlot: Item = [random(16), 3, 64 * 1024 * 1024, alice, random(300)]
await write(
  'account',
  [
    { name: 'by a device', input },
    { name: 'by the root', input: { ...input, ...ann.root } },
    { name: 'by hand', input: { ...input, ...byHand() } },
  ],
  [
    { name: 'another owner', rule: 'A3', set: { owner: bob } },
    { name: 'nine slots', rule: 'P6', from, set: byHand(old => old.with(9, Array.from({ length: 9 }, () => eachSlot))) },
    { name: 'signed by the root', rule: 'A3', set: { account: sealed(ann.root) } },
    { name: 'signed by a stranger', rule: 'A3', set: { account: sealed(stranger) } },
    { name: 'not a device of the vault', rule: 'A2', code: 'wrong-unlock', set: stranger },
    {
      name: 'a generation of another number',
      rule: 'A2',
      from,
      set: byHand(undefined, undefined, wrapFor([alice, 3], [newest.key, newest.kemSeed])),
    },
    {
      name: 'a generation without its seed',
      rule: 'A2',
      from,
      set: byHand(undefined, undefined, wrapFor([alice, 2], [newest.key])),
    },
    {
      name: 'more generations than there were',
      rule: 'A4',
      set: { account: sealed(ann.device, { previous: [beforeAll, ...previous] }) },
    },
    {
      name: 'another older generation',
      rule: 'A4',
      set: { account: sealed(ann.device, { previous: [random(previous[0]!.length)] }) },
    },
    { name: 'a field more in the header', rule: 'A1', from, set: byHand(old => [...old, 0]) },
    {
      name: 'a wrap of three',
      rule: 'A1',
      from,
      set: byHand(old => old.with(7, [[random(16), random(9), 0]])),
    },
    { name: 'another type', rule: 'O3', from, set: byHand(old => old.with(1, 'head')) },
    {
      name: 'a vector that counts none',
      rule: 'H4',
      from,
      set: byHand(old => old.with(5, [[random(16), 0, random(32)]])),
    },
    { name: 'a state of another header', rule: 'A5', from, set: byHand(undefined, cbor(fields)) },
    {
      name: 'a slot that the host added',
      rule: 'A6',
      set: { account: changed(input.account, [0, 0, 9], [[random(16), 3, 2 ** 26, alice, random(99)]]) },
    },
    { name: 'another byte', rule: 'S2', splice: flip('account', 6000) },
    { name: 'cut', rule: 'O2', splice: cut('account', -1) },
  ],
)

drawsFor('account-state')
const grant: Item[] = [
  random(16),
  bob,
  'person',
  [collection],
  ['health/medications'],
  time,
  time + 1,
  'https://w3id.org/dpv#HealthcareManagement',
  'existing',
  [[collection, [random(8)]]],
  'live',
  utf8('agreement'),
  time,
  null,
  time,
  [collection],
]
const group: Item[] = [
  'https://alice.example/alveole/groups/x/',
  random(32),
  'family',
  'steward',
  'member',
  alice,
  random(32),
  [[random(16), random(32)]],
  [4, random(32)],
]
const selection: Item[] = [
  random(16),
  time,
  true,
  null,
  false,
  ['health/immunizations'],
  [[collection, [random(16), random(16)]]],
  'standing',
]
const consent: Item[] = [
  random(16),
  'https://alice.example/alveole/groups/x/',
  random(32),
  'given',
  random(16),
  time,
  true,
  'waiting',
  utf8('record'),
  utf8('offer'),
]
const state: Item[] = [
  random(32),
  [[collection, 'Santé', time]],
  [selection, selection.with(2, false).with(3, random(32)).with(7, 'ending')],
  [grant, grant.with(13, time + 1).with(10, 'ended')],
  [group],
  [[bob, random(32), true]],
  [
    [
      collection,
      [[random(16), 3, random(32)]],
      [[random(16), 'Immunization', time, ['health/immunizations'], '{"disease":"Tétanos"}']],
      true,
      [random(16)],
    ],
  ],
  [[time, 'granted', 'urn:uuid:x', bob]],
  [consent, consent.with(3, 'refused').with(4, null).with(7, 'never')],
  [[random(16), bob, ['https://bob.example/alveole/c/x/'], time]],
  [[random(16), random(32), 4096, random(32)]],
  [[random(16), 'téléphone']],
  [random(16)],
]
const stateWith = (...changes: [number, Item][]) => ({
  state: cbor(changes.reduce((sum, [index, to]) => sum.with(index, to), state)),
})
await write(
  'account-state',
  [
    { name: 'one of each', input: { state: cbor(state) } },
    { name: 'a new one', input: { state: cbor([random(32), [], [], [], [], [], [], [], [], [], [], [], []]) } },
  ],
  [
    { name: 'a list less', rule: 'A7', set: { state: cbor(state.slice(1)) } },
    { name: 'a list more', rule: 'A7', set: { state: cbor(withMore(state)) } },
    { name: 'a grant to a dog', rule: 'A7', set: stateWith([3, [grant.with(2, 'dog')]]) },
    { name: 'a grant in a state that is none', rule: 'A7', set: stateWith([3, [grant.with(10, 'paused')]]) },
    { name: 'a selection that may follow', rule: 'A7', set: stateWith([2, [selection.with(2, 1)]]) },
    { name: 'pseudonyms of 16 bytes', rule: 'A7', set: stateWith([2, [selection.with(3, random(16))]]) },
    { name: 'a selection in a state that is none', rule: 'A7', set: stateWith([2, [selection.with(7, 'paused')]]) },
    { name: 'a number below zero', rule: 'O2', set: { state: Uint8Array.of(0x81, 0x20) } },
    { name: 'a pin that may be confirmed', rule: 'A7', set: stateWith([5, [[bob, random(32), 1]]]) },
    { name: 'a root of 16 bytes', rule: 'A7', set: stateWith([5, [[bob, random(16), true]]]) },
    {
      name: 'a checkpoint out of order',
      rule: 'H4',
      set: stateWith([6, [[collection, [[random(16), 0, random(32)]], [], true, []]]]),
    },
    { name: 'a checkpoint that may have more', rule: 'A7', set: stateWith([6, [[collection, [], [], 1, []]]]) },
    { name: 'a checkpoint without its holders', rule: 'A7', set: stateWith([6, [[collection, [], [], true]]]) },
    { name: 'a grant without what is behind', rule: 'A7', set: stateWith([3, [grant.slice(0, -1)]]) },
    { name: 'a page without its key', rule: 'A7', set: stateWith([10, [[random(16), random(32), 1]]]) },
    { name: 'an answer that is none', rule: 'A7', set: stateWith([8, [consent.with(3, 'silent')]]) },
    { name: 'an answer without its offer', rule: 'A7', set: stateWith([8, [consent.slice(0, 9)]]) },
    { name: 'a byte more', rule: 'O2', splice: more('state') },
    { name: 'nothing', rule: 'O5', set: { state: '' } },
    { name: 'a device that has no name', rule: 'A7', set: stateWith([11, [[random(16), null]]]) },
    { name: 'a whole key for one that leaves', rule: 'A7', set: stateWith([12, [random(32)]]) },
  ],
)

drawsFor('account-page')
const line: Item[] = [time, 'revoked', 'urn:uuid:x', bob]
const over = cbor([[grant.with(10, 'ended')], [line], [consent]])
const sealedPage = sealAccountPage(alice, over)
const pageInput = { page: sealedPage.bytes, owner: alice, key: sealedPage.reference.key }
const [pageId, pageKey] = [random(16), random(32)]
const pageHeader = cbor([1, 'account-page', alice, pageId])
const pageOf = (content: Item, header = pageHeader, padding = padme) => ({
  ...pageInput,
  key: pageKey,
  page: cbor([header, seal(pageKey, label.accountPage, header, cbor(content), padding)]),
})
await write(
  'account-page',
  [
    { name: 'a grant that ended, a line, and an answer', input: pageInput },
    { name: 'nothing', input: pageOf([[], [], []]) },
  ],
  [
    { name: 'another owner', rule: 'A10', set: { owner: bob } },
    { name: 'another key', rule: 'A10', splice: flip('key', 0) },
    { name: 'another type', rule: 'O3', set: pageOf([[], [], []], cbor([1, 'manifest-page', alice, pageId])) },
    { name: 'a collection in the header', rule: 'O3', set: pageOf([[], [], []], cbor([1, 'account-page', alice, pageId, pageId])) },
    {
      name: 'a header that is no byte string',
      rule: 'O1',
      set: { page: changed(sealedPage.bytes, [0], [1, 'account-page', alice, pageId]) },
    },
    { name: 'a list less', rule: 'A10', set: pageOf([[], []]) },
    { name: 'a grant without its end', rule: 'A10', set: pageOf([[grant.slice(0, -1)], [], []]) },
    { name: 'a line of whom nobody knows', rule: 'A10', set: pageOf([[], [line.slice(0, -1)], []]) },
    { name: 'padded to steps', rule: 'E4', set: pageOf([[], [], []], pageHeader, steps(4096)) },
    { name: 'cut', rule: 'O2', splice: cut('page', -1) },
    { name: 'a byte more', rule: 'O2', splice: more('page') },
  ],
)

drawsFor('device-slot')
const slot = sealForDevice(ann.device, utf8('a secret of thirty-two bytes in all'))
const slotKey = hash(concat(ann.device.sign, ann.device.kem))
const slotHeader = cbor([1, 'device-slot', random(16)])
const slotOf = (header: Uint8Array, key: Uint8Array) => ({
  slot: cbor([header, seal(key, label.deviceSlot, header, utf8('content'), padme)]),
})
await write(
  'device-slot',
  [
    { name: 'a secret', input: { ...ann.device, slot } },
    { name: 'by hand', input: { ...ann.device, ...slotOf(slotHeader, slotKey) } },
  ],
  [
    { name: 'another device', rule: 'D1', set: stranger },
    { name: 'the seeds in the other order', rule: 'D1', set: { sign: ann.device.kem, kem: ann.device.sign } },
    { name: 'under the signing seed alone', rule: 'D1', set: slotOf(slotHeader, ann.device.sign) },
    { name: 'another type', rule: 'O3', from: 'by hand', set: slotOf(cbor([1, 'message', random(16)]), slotKey) },
    {
      name: 'a header that is no byte string',
      rule: 'O1',
      set: { slot: changed(slot, [0], [1, 'device-slot', random(16)]) },
    },
    { name: 'cut', rule: 'O2', splice: cut('slot', -1) },
    { name: 'another byte', rule: 'E1', splice: flip('slot', -1) },
  ],
)
