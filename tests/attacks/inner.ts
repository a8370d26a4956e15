/**
 * What stands inside other objects, in messages or on a device, sealed or signed by itself: one of each kind. No host serves it
 * alone; but whoever parses it must not take it for another (S3), nor another for it.
 */
import {
  decode,
  decodePasswordSlot,
  deviceKey,
  drawGeneration,
  drawGroupEpoch,
  encode,
  encodePasswordSlot,
  FLOOR,
  keyId,
  label,
  openForDevice,
  openPasswordSlot,
  openQueuedWrite,
  publicOf,
  random,
  rootId,
  sealForDevice,
  sealPasswordSlot,
  sealQueuedWrite,
  signBytes,
  unwrapGenerations,
  unwrapPrevious,
  utf8,
  verifySigned,
  wrapGenerations,
  wrapPrevious,
  type AccountHeader,
  type GroupEpoch,
} from '#crypto'
import { readConsent, signConsent, type Consent } from '../../client/core/offers/consent-record.ts'
import { readAgreement, signAgreement } from '../../client/core/agreement.ts'
import { announcement } from '../../client/core/announce.ts'
import { feedLines } from '../../client/core/feed/lines.ts'
import { leaveRequest } from '../../client/core/groups/leave-request.ts'
import { request } from '../../client/core/groups/request.ts'
import type { Me } from '../../client/core/me.ts'
import { PURPOSE, START } from '../core/world.ts'
import { digest, loose, type Kept } from './kept.ts'

export async function innerKinds(me: Me, group: Uint8Array, epoch: GroupEpoch): Promise<Kept[]> {
  return [...(await slots(me)), ...signed(me, group), ...wraps(me, group, epoch)]
}

async function slots({ webId, seeds, identity }: Me): Promise<Kept[]> {
  const slot = await sealPasswordSlot('password', webId, { ...seeds, root: rootId(identity) }, FLOOR)
  const cells = [{ record: '00'.repeat(16), stamp: 1, kind: 'Immunization', properties: { note: 'BCG' } }]
  const sections = [{ facet: 'health/immunizations/entry', isWritten: true, cells }]
  const queued = { collection: random(16), at: START, known: [], sections }
  const openSlot = async (bytes: Uint8Array) =>
    digest(await openPasswordSlot('password', webId, decodePasswordSlot(bytes)))
  return [
    { ...loose('password slot', encodePasswordSlot(slot), openSlot), isSlow: true },
    loose('device slot', sealForDevice(seeds, utf8('kept')), bytes => digest(openForDevice(seeds, bytes))),
    loose('queued write', sealQueuedWrite(seeds, queued), bytes => digest(openQueuedWrite(seeds, bytes))),
  ]
}

function signed({ webId, identity, signer }: Me, group: Uint8Array): Kept[] {
  const key = (of: Uint8Array) => deviceKey(identity, of)
  const asked = { group, webId, root: random(32), invitation: random(16), mac: random(32) }
  const said = {
    owner: webId,
    to: webId,
    grant: random(16),
    at: 1,
    until: 2,
    collections: [{ id: random(16), url: webId }],
  }
  const vector = [{ device: random(16), commits: 1, last: random(32) }]
  const heads = [{ collection: random(16), vector, hash: random(32) }]
  const told = { owner: webId, to: webId, identity: identity.entries.at(-1)!, heads }
  const terms = {
    grant: 'urn:uuid:0',
    assigner: webId,
    assignee: webId,
    collections: [webId],
    facets: ['health'],
    from: START,
    until: START + 1,
    purpose: PURPOSE,
    given: START,
  }
  const consent: Consent = {
    record: 'urn:uuid:0',
    subject: webId,
    group: webId,
    controller: { name: 'n', contact: 'c' },
    offer: 'urn:uuid:1',
    version: '00',
    purpose: PURPOSE,
    legalBasis: PURPOSE,
    categories: [PURPOSE],
    facets: ['health'],
    status: 'given',
    at: START,
    given: { grant: 'urn:uuid:2', until: START + 1 },
  }
  return [
    loose('join request', signBytes(signer, label.joinRequest, encode(request, asked)), bytes =>
      digest(decode(request, verifySigned(bytes, label.joinRequest, key).signed)),
    ),
    loose('announcement', signBytes(signer, label.announcement, encode(announcement, said)), bytes =>
      digest(decode(announcement, verifySigned(bytes, label.announcement, key).signed)),
    ),
    loose('feed lines', signBytes(signer, label.feedLines, encode(feedLines, told)), bytes =>
      digest(decode(feedLines, verifySigned(bytes, label.feedLines, key).signed)),
    ),
    loose('leave request', signBytes(signer, label.leaveRequest, encode(leaveRequest, { group, webId })), bytes =>
      digest(decode(leaveRequest, verifySigned(bytes, label.leaveRequest, key).signed)),
    ),
    loose('consent', signConsent(consent, signer), bytes => digest(readConsent(bytes, webId, key))),
    loose('agreement', signAgreement(terms, signer), bytes => digest(readAgreement(bytes, webId, key))),
  ]
}

/** Generations and epochs as their headers carry them: the newest to a public key, the one before under it. */
function wraps({ webId, seeds }: Me, group: Uint8Array, epoch: GroupEpoch): Kept[] {
  const of = wrapGenerations(webId, [drawGeneration(1), drawGeneration(2)], [publicOf(seeds)])
  const generations = (changed: Partial<AccountHeader>) =>
    digest(unwrapGenerations({ owner: webId, ...of, ...changed } as AccountHeader, seeds))
  const next = drawGroupEpoch(epoch.number + 1)
  return [
    loose('generation', of.wraps[0]!.sealed, sealed =>
      generations({ wraps: [{ to: keyId(publicOf(seeds)), sealed }], previous: [] }),
    ),
    loose('generation before', of.previous[0]!, sealed => generations({ previous: [sealed] })),
    loose('group epoch before', wrapPrevious(group, epoch, next), sealed =>
      digest(unwrapPrevious(group, next, [sealed])),
    ),
  ]
}
