/** Vectors of a person: identity log, account. */
import {
  drawGeneration,
  drawSeeds,
  encodeIdentity,
  extendIdentity,
  generationPublic,
  keyId,
  label,
  publicOf,
  random,
  sealAccount,
  type Seeds,
  signerOf,
  toHex,
  utf8,
  foundIdentity,
  wrapGenerations,
  type AccountHeader,
  type Unsealed,
} from '#crypto'
import { encodeCbor } from '../../../crypto/cbor.ts'
import { append } from '../../../crypto/chain.ts'
import { bytes, encode, list } from '../../../crypto/codec.ts'
import type { Input } from '../vector.ts'
import { alice, ann, bob, devices, time } from './people.ts'
import { cut, flip, write } from './write.ts'

const log = list(bytes)
const entries = ann.identity.log
const logHex = (of: Uint8Array[]): Input => ({ log: toHex(encode(log, of)) })
/** An entry that extendIdentity itself would refuse to write: [type, body] as CBOR, signed by whoever. */
const raw = {
  toItem: (item: Parameters<typeof encodeCbor>[0]) => item,
  fromItem: (item: Parameters<typeof encodeCbor>[0]) => item,
}
const forge = (of: Uint8Array[], signer: Seeds, body: Parameters<typeof encodeCbor>[0], author = alice): Uint8Array[] =>
  append(of, label.identityEntry, raw, { time: time + 9, author, body, signer: signerOf(signer) })
const addBody = (seeds: Seeds) => ['add-device', [publicOf(seeds).sign, publicOf(seeds).kem, 'device', 'x']]
const removed = extendIdentity(ann.identity, signerOf(ann.root), time + 3, {
  type: 'remove-device',
  device: keyId(publicOf(ann.device)),
})
const stranger = drawSeeds()
const kem2 = generationPublic(drawGeneration(2))
await write(
  'identity-log',
  [
    { name: 'root, device, generation', input: { log: encodeIdentity(ann.identity) } },
    { name: 'device removed', input: { log: encodeIdentity(removed) } },
    {
      name: 'next generation',
      input: {
        log: encodeIdentity(
          extendIdentity(removed, signerOf(ann.root), time + 4, { type: 'generation', number: 2, kem: kem2 }),
        ),
      },
    },
  ],
  [
    { name: 'empty', rule: 'I1', set: logHex([]) },
    { name: 'a gap', rule: 'L2', set: logHex([entries[0]!, entries[2]!]) },
    { name: 'an entry twice', rule: 'L2', set: logHex([...entries, entries[2]!]) },
    { name: 'out of order', rule: 'L2', set: logHex([entries[0]!, entries[2]!, entries[1]!]) },
    {
      name: 'another root in front',
      rule: 'L2',
      set: logHex([...foundIdentity(alice, stranger, time).log, ...entries.slice(1)]),
    },
    { name: 'no root first', rule: 'I1', set: logHex(forge([], ann.device, addBody(ann.device))) },
    {
      name: 'a root that another key signed',
      rule: 'I1',
      set: logHex(forge([], stranger, ['root', [publicOf(ann.root).sign, publicOf(ann.root).kem]])),
    },
    { name: 'signed by a stranger', rule: 'I3', set: logHex(forge(entries, stranger, addBody(stranger))) },
    { name: 'signed by a removed device', rule: 'I3', set: logHex(forge(removed.log, ann.device, addBody(stranger))) },
    {
      name: 'signed by a device for another WebID',
      rule: 'I3',
      set: logHex(forge(entries, ann.device, addBody(stranger), bob)),
    },
    { name: 'a device twice', rule: 'I4', set: logHex(forge(entries, ann.device, addBody(ann.device))) },
    { name: 'the root as a device', rule: 'I4', set: logHex(forge(entries, ann.device, addBody(ann.root))) },
    {
      name: 'a removal of nobody',
      rule: 'I4',
      set: logHex(forge(entries, ann.device, ['remove-device', [keyId(publicOf(stranger))]])),
    },
    {
      name: 'a second root',
      rule: 'I7',
      code: 'identity-changed',
      set: logHex(forge(entries, ann.root, ['root', [publicOf(stranger).sign, publicOf(stranger).kem]])),
    },
    {
      name: 'a key that nobody can seal to',
      rule: 'I8',
      set: logHex(forge(entries, ann.device, ['generation', [2, new Uint8Array(1216).fill(255)]])),
    },
    { name: 'a generation again', rule: 'I10', set: logHex(forge(entries, ann.device, ['generation', [1, kem2]])) },
    { name: 'a generation left out', rule: 'I10', set: logHex(forge(entries, ann.device, ['generation', [3, kem2]])) },
    { name: 'a kind of entry that is none', rule: 'O5', set: logHex(forge(entries, ann.device, ['constructor', []])) },
    { name: 'another signature', rule: 'S2', splice: flip('log', -1) },
    { name: 'cut', rule: 'O2', splice: cut('log', -1) },
  ],
)

const generations = [ann.generation, drawGeneration(2)]
const accountHeader: Unsealed<AccountHeader> = {
  version: 1,
  type: 'account',
  owner: alice,
  vector: [],
  identityHead: ann.identity.entries.at(-1)!,
  slots: [],
  ...wrapGenerations(alice, generations, [publicOf(ann.device), publicOf(ann.root)]),
}
const sealedAccount = (signer: Seeds, previous = accountHeader.previous) =>
  sealAccount({ ...accountHeader, previous }, utf8('state'), generations[1]!, signerOf(signer))
const accountInput = { account: sealedAccount(ann.device), owner: alice, devices, ...ann.device }
await write(
  'account',
  [
    { name: 'by a device', input: accountInput },
    { name: 'by the root', input: { ...accountInput, ...ann.root } },
  ],
  [
    { name: 'another owner', rule: 'A3', set: { owner: bob } },
    { name: 'signed by the root', rule: 'A3', set: { account: toHex(sealedAccount(ann.root)) } },
    {
      name: 'not a device of the vault',
      rule: 'A2',
      code: 'wrong-unlock',
      set: { sign: toHex(stranger.sign), kem: toHex(stranger.kem) },
    },
    {
      name: 'more generations than there were',
      rule: 'A4',
      set: { account: toHex(sealedAccount(ann.device, [...accountHeader.previous, ...accountHeader.previous])) },
    },
    {
      name: 'another older generation',
      rule: 'A4',
      set: { account: toHex(sealedAccount(ann.device, [random(accountHeader.previous[0]!.length)])) },
    },
    { name: 'another byte', rule: 'S2', splice: flip('account', 6000) },
    { name: 'cut', rule: 'O2', splice: cut('account', -1) },
  ],
)
