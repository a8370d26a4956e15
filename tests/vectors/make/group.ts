/** Vectors of groups and messages. */
import {
  appendGroupEntry,
  drawGroupEpoch,
  fromHex,
  generationPublic,
  type GroupBody,
  groupKem,
  hash,
  keyId,
  label,
  publicOf,
  random,
  rootId,
  sealGroupHead,
  sealGroupMessage,
  sealMessage,
  signBytes,
  signerOf,
  toHex,
  utf8,
  wrapGroupEpoch,
  wrapPrevious,
  type GroupHeader,
  type Unsealed,
} from '#crypto'
import { encodeCbor } from '../../../crypto/cbor.ts'
import { type Input, toJson } from '../vector.ts'
import { alice, ann, ben, bob, devices, type Person, time } from './people.ts'
import { cut, flip, more, write } from './write.ts'

const epochs = [drawGroupEpoch(1), drawGroupEpoch(2)]
const addTo = (of: Uint8Array[], by: Person, ...bodies: GroupBody[]) =>
  bodies.reduce((sum, body) => appendGroupEntry(sum, by.webId, signerOf(by.device), time, body), of)
const rootOf = ({ identity }: Person) => fromHex(rootId(identity))
const rotate = (number: number) =>
  ({ type: 'rotate', epoch: number, kem: hash(groupKem(epochs[number - 1]!)) }) as const
const admit = (who: Person, role: 'steward' | 'member' = 'member') =>
  ({ type: 'admit', member: who.webId, root: rootOf(who), role }) as const
const founding = addTo([], ann, { type: 'found', name: 'family', nonce: random(32), root: rootOf(ann) })
const groupLog = addTo(founding, ann, rotate(1), admit(ben), rotate(2))
const groupId = hash(groupLog[0]!)
const authors = [ann, ben].map(({ webId, identity, device }) => ({
  webId,
  root: rootId(identity),
  id: keyId(publicOf(device)),
  sign: publicOf(device).sign,
}))
const groupHeader: Unsealed<GroupHeader> = {
  version: 1,
  type: 'group',
  owner: alice,
  group: groupId,
  epoch: 2,
  wraps: wrapGroupEpoch(groupId, epochs[1]!, [generationPublic(ben.generation)]),
  previous: [wrapPrevious(groupId, epochs[0]!, epochs[1]!)],
}
const groupHead = (log: Uint8Array[], header: object = {}, signer = ann.device) =>
  sealGroupHead({ ...groupHeader, ...header }, { pages: [], entries: log }, epochs[1]!, signerOf(signer))
const groupInput = { head: groupHead(groupLog), group: groupId, kem: ben.generation.kemSeed, devices, authors }
const badLog = (...log: Uint8Array[]): Input => ({ head: toHex(groupHead(log)) })
const foreign = drawGroupEpoch(2)
await write(
  'group-log',
  [
    { name: 'founder and member', input: groupInput },
    {
      name: 'a member removed',
      input: { ...groupInput, head: groupHead(addTo(groupLog, ann, { type: 'remove', member: bob })) },
    },
    { name: 'not a member', input: { ...groupInput, kem: random(32) } },
  ],
  [
    { name: 'no founding', rule: 'L2', set: badLog(...groupLog.slice(1)) },
    { name: 'empty', rule: 'N1', set: badLog() },
    { name: 'a gap', rule: 'L2', set: badLog(groupLog[0]!, ...groupLog.slice(2)) },
    {
      name: 'a founding by another',
      rule: 'N1',
      set: badLog(...addTo([], ben, { type: 'found', name: 'family', nonce: random(32), root: rootOf(ann) })),
    },
    {
      name: 'another group',
      rule: 'N11',
      set: badLog(
        ...addTo(
          addTo([], ann, { type: 'found', name: 'family', nonce: random(32), root: rootOf(ann) }),
          ann,
          rotate(1),
          rotate(2),
        ),
      ),
    },
    {
      name: 'admitted by a member',
      rule: 'N3',
      set: badLog(
        ...addTo(groupLog, ben, { type: 'admit', member: 'https://eve.example/#me', root: random(32), role: 'member' }),
      ),
    },
    {
      name: 'admitted twice, under another root',
      rule: 'N4',
      set: badLog(...addTo(groupLog, ann, { ...admit(ben), root: random(32) })),
    },
    {
      name: 'the last steward leaves',
      rule: 'N5',
      code: 'refused',
      set: badLog(...addTo(groupLog, ann, { type: 'leave' })),
    },
    {
      name: 'an epoch left out',
      rule: 'N6',
      set: badLog(...addTo(groupLog, ann, { type: 'rotate', epoch: 4, kem: random(32) })),
    },
    { name: 'an epoch that the log has not', rule: 'N11', set: badLog(...groupLog.slice(0, 3)) },
    { name: 'a head in the name of a member', rule: 'N11', set: { head: toHex(groupHead(groupLog, { owner: bob })) } },
    { name: 'a head signed by a member', rule: 'N10', set: { head: toHex(groupHead(groupLog, {}, ben.device)) } },
    {
      name: 'the secret of a host, wrapped to a member',
      rule: 'N10',
      set: {
        head: toHex(
          groupHead(groupLog, { wraps: wrapGroupEpoch(groupId, foreign, [generationPublic(ben.generation)]) }),
        ),
      },
    },
    {
      name: 'more older epochs than there were',
      rule: 'T4',
      set: { head: toHex(groupHead(groupLog, { previous: [...groupHeader.previous, ...groupHeader.previous] })) },
    },
    { name: 'cut', rule: 'O2', splice: cut('head', -1) },
  ],
)

const signed = signBytes(signerOf(ann.device), label.announcement, utf8('announcement'))
await write(
  'message',
  [
    {
      name: 'to a person',
      input: { message: sealMessage(generationPublic(ben.generation), signed), kem: ben.generation.kemSeed },
    },
    { name: 'to a group', input: { message: sealGroupMessage(epochs[1]!, signed), epochs } },
    { name: 'of an epoch not ours', input: { message: sealGroupMessage(drawGroupEpoch(7), signed), epochs } },
  ],
  [
    { name: 'to another person', rule: 'W2', splice: flip('kem', 0) },
    {
      name: 'of another group',
      rule: 'E2',
      from: 'to a group',
      set: { epochs: toJson([drawGroupEpoch(1), drawGroupEpoch(2)]) },
    },
    {
      name: 'a group message as one to a person',
      rule: 'X2',
      set: { message: toHex(sealGroupMessage(epochs[1]!, signed)) },
    },
    { name: 'too long', rule: 'X3', code: 'too-large', set: { message: '00'.repeat(4097) } },
    { name: 'cut', rule: 'O2', splice: cut('message', 60) },
    {
      name: 'a ciphertext too short',
      rule: 'W3',
      set: { message: toHex(encodeCbor([encodeCbor([1, 'message', random(16)]), random(1119)])) },
    },
    { name: 'another byte', rule: 'E1', splice: flip('message', -1) },
    { name: 'a byte more', rule: 'O2', splice: more('message') },
  ],
)
