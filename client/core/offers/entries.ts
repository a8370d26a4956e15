/** Answers as the account keeps them, each with its signed record: made in the very write that gives or takes back (SPEC A13). */
import { AlveoleError, equal, fromHex, unsafeUnverified, type Signer } from '#crypto'
import { dataCategory } from '#vocab'
import type { AccountState, ConsentEntry } from '../account-state.ts'
import type { Context } from '../context.ts'
import { drawGrantId, grantIri } from '../grants/grant-id.ts'
import { signConsent, unsafeConsent, type Consent } from './consent-record.ts'
import type { OpenOffer } from './group-offers.ts'
import { offerId } from './offer-id.ts'

type Answer = Pick<ConsentEntry, 'status' | 'grant' | 'narrowed' | 'told'> & Pick<Consent, 'facets' | 'given'>

export function answered({ me, clock }: Context, asked: OpenOffer, answer: Answer): ConsentEntry {
  const { terms, version, group, bytes } = asked
  const { facets, given, ...kept } = answer
  const at = clock()
  const record = signed(me.signer, {
    subject: me.webId,
    group,
    controller: terms.controller,
    offer: terms.offer,
    version,
    purpose: terms.purpose,
    legalBasis: terms.legalBasis,
    categories: [...new Set(facets.map(dataCategory))],
    facets,
    status: kept.status,
    at,
    given,
  })
  return { ...kept, offer: offerId(terms.offer), group, version: fromHex(version), at, record, text: bytes }
}

/** Bytes: so that a message takes it (X3), and the withdrawal of it. */
const RECORD_BYTES = 3400

function signed(signer: Signer, of: Omit<Consent, 'record'>): Uint8Array {
  const record = signConsent({ ...of, record: grantIri(drawGrantId()) }, signer)
  if (of.status !== 'withdrawn' && record.length > RECORD_BYTES)
    throw new AlveoleError('too-large', 'too many facets for one answer')
  return record
}

export const withConsent = (state: AccountState, entry: ConsentEntry): AccountState => ({
  ...state,
  consents: [...state.consents, entry],
})

/** What was given by this grant, if it was for an offer, is withdrawn with it. */
export const withWithdrawal = (context: Context, state: AccountState, grant: Uint8Array): AccountState =>
  withNext(context, state, grant, said => ({ ...said, status: 'withdrawn' }))

/** Where its grant has other terms now, so has the answer. */
export function withNewTerms(context: Context, state: AccountState, grant: Uint8Array): AccountState {
  const now = state.grants.find(({ id }) => equal(id, grant))
  if (!now) return state
  const { facets, until } = now
  const categories = [...new Set(facets.map(dataCategory))]
  return withNext(context, state, grant, said => ({
    ...said,
    facets,
    categories,
    given: said.given && { ...said.given, until },
  }))
}

/** Another record after what was given by this grant, if that was for an offer. */
function withNext(
  { me, clock }: Context,
  state: AccountState,
  grant: Uint8Array,
  say: (said: Consent) => Consent,
): AccountState {
  const given = state.consents.findLast(one => one.grant !== null && equal(one.grant, grant))
  const said = given?.status === 'given' && unsafeConsent(unsafeUnverified(given.record).signed)
  if (!given || !said) return state
  const at = Math.max(clock(), given.at + 1) // whatever this device's clock says, after it
  const next = say({ ...said, at })
  const isLess =
    said.facets.some(path => !next.facets.includes(path)) || (next.given?.until ?? 0) < (said.given?.until ?? 0)
  return withConsent(state, {
    ...given,
    status: next.status,
    at,
    narrowed: given.narrowed || isLess,
    record: signed(me.signer, next),
    told: given.told === 'never' ? 'never' : 'waiting',
  })
}
