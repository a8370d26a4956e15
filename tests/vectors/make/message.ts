/** Vectors of messages, and of what their signed bytes and an invitation link hold. */
import {
  drawGroupEpoch,
  encode,
  fromHex,
  generationPublic,
  label,
  random,
  rootId,
  sealGroupMessage,
  sealMessage,
  signBytes,
  signerOf,
  toBase64Url,
  utf8,
} from '#crypto'
import { signAgreement } from '../../../client/core/agreement.ts'
import { announcement } from '../../../client/core/announce.ts'
import { leaveRequest } from '../../../client/core/groups/leave-request.ts'
import { joinMac, writeLink } from '../../../client/core/groups/link.ts'
import { request } from '../../../client/core/groups/request.ts'
import type { Item } from '../../../crypto/cbor.ts'
import { seal } from '../../../crypto/envelope.ts'
import { sealTo } from '../../../crypto/kem.ts'
import { groupKey } from '../../../crypto/group-epoch.ts'
import { steps } from '../../../crypto/padding.ts'
import { cbor, changed } from './forge.ts'
import { alice, ann, ben, bob, collection, devices, time } from './people.ts'
import { drawsFor } from './random.ts'
import { cut, flip, more, write } from './write.ts'

drawsFor('message')
const epochs = [drawGroupEpoch(1), drawGroupEpoch(2)]
const body = signBytes(signerOf(ann.device), label.announcement, utf8('announcement'))
const to = generationPublic(ben.generation)
const personHeader: Item[] = [1, 'message', random(16)]
const groupHeader: Item[] = [1, 'group-message', random(16), 2]
const toPerson = (fields: Item[]) => {
  const header = cbor(fields)
  return { message: cbor([header, sealTo(to, label.message, header, body, steps(512))]) }
}
const toGroup = (fields: Item[]) => {
  const header = cbor(fields)
  return { message: cbor([header, seal(groupKey(epochs[1]!), label.groupMessage, header, body, steps(512))]) }
}
const kem = ben.generation.kemSeed
await write(
  'message',
  [
    { name: 'to a person', input: { message: sealMessage(to, body), kem } },
    { name: 'to a group', input: { message: sealGroupMessage(epochs[1]!, body), epochs } },
    { name: 'of an epoch not ours', rule: 'X1', input: { message: sealGroupMessage(drawGroupEpoch(7), body), epochs } },
    { name: 'to a person, by hand', input: { ...toPerson(personHeader), kem } },
    { name: 'to a group, by hand', input: { ...toGroup(groupHeader), epochs } },
  ],
  [
    { name: 'to another person', rule: 'X1', splice: flip('kem', 0) },
    {
      name: 'of another group',
      rule: 'X1',
      from: 'to a group',
      set: { epochs: [drawGroupEpoch(1), drawGroupEpoch(2)] },
    },
    {
      name: 'of another epoch than it says',
      rule: 'X1',
      from: 'to a group, by hand',
      set: toGroup(groupHeader.with(3, 1)),
    },
    { name: 'a group message as one to a person', rule: 'X2', set: { message: sealGroupMessage(epochs[1]!, body) } },
    { name: 'one to a person as a group’s', rule: 'X2', from: 'to a group', set: { message: sealMessage(to, body) } },
    {
      name: 'of another type',
      rule: 'O3',
      from: 'to a person, by hand',
      set: toPerson(personHeader.with(1, 'device-slot')),
    },
    {
      name: 'with an owner',
      rule: 'O3',
      from: 'to a person, by hand',
      set: toPerson([1, 'message', alice, random(16)]),
    },
    { name: 'too long', rule: 'X3', code: 'too-large', set: { message: new Uint8Array(4097) } },
    {
      name: 'too long for a group',
      rule: 'X3',
      code: 'too-large',
      from: 'to a group',
      set: { message: new Uint8Array(4097) },
    },
    { name: 'cut', rule: 'O2', splice: cut('message', 60) },
    { name: 'a ciphertext too short', rule: 'W3', set: { message: cbor([cbor(personHeader), random(1119)]) } },
    { name: 'another byte', rule: 'E1', splice: flip('message', -1) },
    { name: 'a byte more', rule: 'O2', splice: more('message') },
  ],
)

drawsFor('announcement')
const signed = (
  use: typeof label.announcement | typeof label.joinRequest | typeof label.leaveRequest | typeof label.agreement,
  of: Uint8Array,
  by = ann.device,
) => ({
  signed: signBytes(signerOf(by), use, of),
})
const url = 'https://alice.example/alveole/c/x/'
const claim = encode(announcement, {
  owner: alice,
  to: bob,
  grant: random(16),
  at: time,
  until: time + 3600_000,
  collections: [{ id: collection, url }],
})
const announced = { devices, ...signed(label.announcement, claim) }
await write(
  'announcement',
  [{ name: 'of one collection', input: announced }],
  [
    { name: 'of a device that is not the owner’s', rule: 'I5', set: signed(label.announcement, claim, ben.device) },
    { name: 'signed by the root', rule: 'I5', set: signed(label.announcement, claim, ann.root) },
    { name: 'signed as a request', rule: 'S3', set: signed(label.joinRequest, claim) },
    { name: 'without whom it is for', rule: 'O2', set: signed(label.announcement, changed(claim, [1], null)) },
    {
      name: 'a request in its place',
      rule: 'O2',
      set: signed(label.announcement, cbor([random(32), bob, random(32), random(16), random(32)])),
    },
    { name: 'another signature', rule: 'S2', splice: flip('signed', -1) },
    { name: 'two signers', rule: 'S1', set: { signed: changed(announced.signed, [], old => [...(old as Item[]), 0]) } },
    { name: 'cut', rule: 'O2', splice: cut('signed', -1) },
  ],
)

drawsFor('invitation')
const invitation = {
  url: `https://alice.example/alveole/groups/${toBase64Url(random(16))}/`,
  name: 'Les Abeilles',
  group: random(32),
  steward: alice,
  root: fromHex(rootId(ann.identity)),
  invitation: random(16),
  secret: random(32),
  seen: { index: 4, hash: random(32) },
}
const link = writeLink(invitation)
const [place, fragment] = link.split('join=') as [string, string]
const code = 'usage'
const linkOf = (bytes: Uint8Array) => ({ link: `${place}join=${toBase64Url(bytes)}` })
const linkBytes = new Uint8Array(Buffer.from(fragment, 'base64url'))
const root = rootId(ben.identity)
await write(
  'invitation',
  [
    { name: 'as it is written', input: { link, webId: bob, root } },
    {
      name: 'under the address of an application',
      input: { link: `https://app.example/#join=${fragment} `, webId: bob, root },
    },
  ],
  [
    { name: 'no link', rule: 'X7', code, set: { link: 'https://alice.example/' } },
    { name: 'a link to something else', rule: 'X7', code, set: { link: `${place}see=${fragment}` } },
    { name: 'in the query, which is sent', rule: 'X7', code, set: { link: link.replace('#', '?') } },
    { name: 'cut', rule: 'X7', code, set: { link: link.slice(0, -4) } },
    { name: 'letters more', rule: 'X7', code, set: { link: `${link}AAAA` } },
    { name: 'not base64url', rule: 'X7', code, set: { link: `${link.slice(0, -1)}+` } },
    { name: 'one more field', rule: 'X7', code, set: linkOf(changed(linkBytes, [], old => [...(old as Item[]), 0])) },
    { name: 'to a person', rule: 'X7', code, set: linkOf(changed(linkBytes, [0], alice)) },
    { name: 'to a folder', rule: 'X7', code, set: linkOf(changed(linkBytes, [0], invitation.url.replace('groups', 'c'))) },
    { name: 'a secret of 16 bytes', rule: 'X7', code, set: linkOf(changed(linkBytes, [6], random(16))) },
  ],
)

drawsFor('join-request')
const mac = joinMac(invitation.secret, invitation.group, bob, root)
const asked = encode(request, {
  group: invitation.group,
  webId: bob,
  root: fromHex(root),
  invitation: invitation.invitation,
  mac,
})
const asking = { devices, ...signed(label.joinRequest, asked) }
await write(
  'join-request',
  [{ name: 'a request', input: asking }],
  [
    { name: 'of another’s device', rule: 'I5', set: signed(label.joinRequest, asked, ben.device) },
    { name: 'signed as an announcement', rule: 'S3', set: signed(label.announcement, asked) },
    { name: 'a mac of 16 bytes', rule: 'O2', set: signed(label.joinRequest, changed(asked, [4], random(16))) },
    { name: 'without a root', rule: 'O2', set: signed(label.joinRequest, changed(asked, [2], null)) },
    { name: 'another signature', rule: 'S2', splice: flip('signed', -1) },
  ],
)

drawsFor('leave-request')
const leaving = encode(leaveRequest, { group: invitation.group, webId: bob })
const asksToLeave = { devices, ...signed(label.leaveRequest, leaving) }
await write(
  'leave-request',
  [{ name: 'by a member', input: asksToLeave }],
  [
    { name: 'of another’s device', rule: 'I5', set: signed(label.leaveRequest, leaving, ben.device) },
    { name: 'a request to join', rule: 'S3', set: signed(label.joinRequest, leaving) },
    { name: 'without a member', rule: 'O2', set: signed(label.leaveRequest, changed(leaving, [1], null)) },
    { name: 'another signature', rule: 'S2', splice: flip('signed', -1) },
  ],
)

drawsFor('agreement')
const terms = {
  grant: 'urn:uuid:00000000-0000-4000-8000-000000000000',
  assigner: alice,
  assignee: bob,
  collections: [url],
  facets: ['health/medications'],
  from: time,
  until: time + 3600_000,
  purpose: 'https://w3id.org/dpv#HealthcareManagement',
  given: time,
}
const agreement = signAgreement(terms, signerOf(ann.device))
let text = ''
changed(agreement, [0], old => ((text = Buffer.from(old as Uint8Array).toString()), old))
const agreed = (of: string) => signed(label.agreement, utf8(of))
type Members = [string, unknown][]
const rewritten = (edit: (members: Members) => Members) =>
  agreed(JSON.stringify(Object.fromEntries(edit(Object.entries(JSON.parse(text) as object)))))
await write(
  'agreement',
  [{ name: 'with one person', input: { signed: agreement, assigner: alice, devices } }],
  [
    { name: 'of another assigner', rule: 'X8', set: { assigner: bob } },
    {
      name: 'one that its signer makes for another',
      rule: 'X8',
      set: { signed: signAgreement({ ...terms, assigner: bob }, signerOf(ann.device)) },
    },
    { name: 'without an end', rule: 'X8', set: agreed(text.replaceAll(/"20[^"]+Z"/g, '"some day"')) },
    { name: 'not an agreement', rule: 'X8', set: agreed('{}') },
    { name: 'nothing', rule: 'X8', set: agreed('null') },
    { name: 'not JSON', rule: 'X8', set: agreed(text.slice(1)) },
    { name: 'not text', rule: 'X8', set: signed(label.agreement, Uint8Array.of(0xff, ...utf8(text))) },
    { name: 'of another’s device', rule: 'X8', set: signed(label.agreement, utf8(text), ben.device) },
    { name: 'signed as an announcement', rule: 'S3', set: signed(label.announcement, utf8(text)) },
    { name: 'another signature', rule: 'S2', splice: flip('signed', -1) },
    { name: 'with a blank', rule: 'X8', set: agreed(text.replace(':', ': ')) },
    { name: 'with a member twice', rule: 'X8', set: agreed(text.replace('{', `{"@id":"${terms.grant}",`)) },
    { name: 'with a member more', rule: 'X8', set: rewritten(members => [...members, ['a', 1]]) },
    { name: 'in another order', rule: 'X8', set: rewritten(members => members.toReversed()) },
    { name: 'with another spelling of its dates', rule: 'X8', set: agreed(text.replaceAll('.000Z"', 'Z"')) },
    { name: 'with a facet that is no text', rule: 'X8', set: agreed(text.replace('["health/medications"]', '[1]')) },
    { name: 'for another action', rule: 'X8', set: agreed(text.replace('/2/read"', '/2/use"')) },
    { name: 'with a limit more', rule: 'X8', set: agreed(text.replace(/\]\}\}$/, ',{}]}}')) },
  ],
)
