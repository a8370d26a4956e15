/** Our own formats, without or behind what authenticates them. */
import {
  decode,
  deviceKey,
  encode,
  fromBase64Url,
  fromUtf8,
  fromWords,
  label,
  openPasswordSlot,
  signBytes,
  signerOf,
  toBase64Url,
  toWords,
  utf8,
  vector,
} from '#crypto'
import { decodeState, encodeState } from '../../../client/core/account-state.ts'
import { readAgreement, signAgreement } from '../../../client/core/agreement.ts'
import { announcement } from '../../../client/core/announce.ts'
import { readLink } from '../../../client/core/groups/link.ts'
import { request } from '../../../client/core/groups/request.ts'
import { decodeCbor, encodeCbor } from '../../../crypto/cbor.ts'
import { hasHeader } from '../../../crypto/object.ts'
import { decodePasswordSlot, encodePasswordSlot } from '../../../crypto/password.ts'
import { unsafeUnverified } from '../../../crypto/signed.ts'
import { person } from '../../crypto/support.ts'
import { canonical, inText, plain, type Parser } from '../parser.ts'
import { samplesOf, textsOf } from './vectors.ts'

const slotSample = encodePasswordSlot({
  salt: new Uint8Array(16),
  passes: 3,
  memory: 2 ** 26,
  owner: 'https://alice.example/profile/card#me',
  sealed: new Uint8Array(152),
})
/** Only the refusal before any work: a cost within bounds is never paid here. */
function slot(bytes: Uint8Array): unknown {
  const read = decodePasswordSlot(bytes)
  const within = read.memory >= 2 ** 26 && read.memory <= 2 ** 30 && read.passes >= 3 && read.passes <= 16
  return within ? read : openPasswordSlot('', read.owner, read)
}

const alice = person('alice')
/** Its signature is good: what is looked at is the text. */
function agreement(json: Uint8Array): Uint8Array {
  const me = signerOf(alice.device)
  const signed = signBytes(me, label.agreement, json)
  const terms = readAgreement(signed, alice.webId, signer => deviceKey(alice.identity, signer))
  return unsafeUnverified(signAgreement(terms, me)).signed
}
const agreementSample = unsafeUnverified(
  signAgreement(
    {
      grant: 'urn:uuid:00000000-0000-4000-8000-000000000000',
      assigner: alice.webId,
      assignee: 'https://bob.example/profile/card#me',
      collections: ['https://alice.example/alveole/c/x/'],
      facets: ['health/medications', 'papers'],
      from: 1_700_000_000_000,
      until: 1_800_000_000_000,
      purpose: 'https://w3id.org/dpv#HealthcareManagement',
      given: 1_700_000_000_000,
    },
    signerOf(alice.device),
  ),
).signed

export const ofFormats: readonly Parser[] = [
  canonical('cbor', samplesOf('cbor', 'cbor'), bytes => encodeCbor(decodeCbor(bytes))),
  canonical('state', samplesOf('account-state', 'state'), bytes => encodeState(decodeState(bytes))),
  canonical('vector', samplesOf('version-vector', 'vector'), bytes => encode(vector, decode(vector, bytes))),
  canonical(
    'announced',
    samplesOf('announcement', 'signed').map(signed => unsafeUnverified(signed).signed),
    bytes => encode(announcement, decode(announcement, bytes)),
  ),
  canonical(
    'request',
    samplesOf('join-request', 'signed').map(signed => unsafeUnverified(signed).signed),
    bytes => encode(request, decode(request, bytes)),
  ),
  canonical('base64url', [utf8('AAECAwQ'), utf8('_-8')], bytes => utf8(toBase64Url(fromBase64Url(fromUtf8(bytes))))),
  canonical('utf8', [utf8('été \u{1f41d}\u{feff}')], bytes => utf8(fromUtf8(bytes))),
  plain('password slot', [slotSample], slot, bytes => encodePasswordSlot(decodePasswordSlot(bytes))),
  plain('signed', samplesOf('announcement', 'signed'), unsafeUnverified),
  plain('header', samplesOf('segment', 'segment'), hasHeader),
  plain('words', textsOf('recovery-words', 'words'), bytes => toWords(fromWords(inText(bytes)), 'fr')),
  plain('invitation', textsOf('invitation', 'link'), bytes => readLink(inText(bytes))),
  canonical('signed agreement', [agreementSample], agreement),
]
