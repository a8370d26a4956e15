/** SPEC §16 (X11, X12): what a group asks and a member answers, rebuilt from what it says and compared. */
import { need, Refused, textOf } from './cbor.ts'
import { verified, type KeyOf } from './primitives.ts'

const [ODRL, DPV, ALV] = ['http://www.w3.org/ns/odrl/2/', 'https://w3id.org/dpv#', 'https://w3id.org/alveole#']
const [TERMS, XSD] = ['http://purl.org/dc/terms/', 'http://www.w3.org/2001/XMLSchema#']

type Node = { readonly [name: string]: Node }

const id = (of: string) => ({ '@id': of })
const date = (of: number) => ({ '@type': `${XSD}dateTime`, '@value': new Date(of).toISOString() })
const limit = (left: string, operator: string, right: object) => ({
  [`${ODRL}leftOperand`]: id(ODRL + left),
  [`${ODRL}operator`]: id(ODRL + operator),
  [`${ODRL}rightOperand`]: right,
})
function str(of: unknown): string {
  need(typeof of === 'string')
  return of
}
const time = (of: Node | undefined): number => Date.parse(str(of!['@value']))
const idIn = (of: Node | undefined): string => str(of!['@id'])
const strings = (of: unknown): string[] => (of as unknown[]).map(str)

/** What `read` finds, if `write` makes the very text of it again. */
function spelled<T>(json: string, read: (document: Node) => T, write: (of: T) => object): T {
  try {
    const of = read(JSON.parse(json) as Node)
    need(JSON.stringify(write(of)) === json)
    return of
  } catch {
    throw new Refused()
  }
}

const words = (of: Node | undefined) => {
  const [fr, en] = of as unknown as Node[]
  return { fr: str(fr!['@value']), en: str(en!['@value']) }
}
const tagged = ({ fr, en }: { fr: string; en: string }) => [
  { '@language': 'fr', '@value': fr },
  { '@language': 'en', '@value': en },
]
const controllerIn = (of: Node | undefined) => ({
  name: str(of![`${DPV}hasName`]),
  contact: str(of![`${DPV}hasContact`]),
})

function readOffer(of: Node) {
  const permission = of[`${ODRL}permission`]!
  const [end, purpose] = (permission[`${ODRL}constraint`] as unknown as Node[]).map(one => one[`${ODRL}rightOperand`]!)
  const value = str(end!['@value'])
  const days = /^P([1-9]\d{0,4})D$/.exec(value)?.[1]
  return {
    offer: str(of['@id']),
    group: idIn(of[`${ODRL}assigner`]),
    issued: time(of[`${TERMS}issued`]),
    title: words(of[`${TERMS}title`]),
    terms: words(of[`${TERMS}description`]),
    controller: controllerIn(of[`${DPV}hasDataController`]),
    legalBasis: idIn(of[`${DPV}hasLegalBasis`]),
    deidentified: `${DPV}hasTechnicalMeasure` in of,
    facets: strings(permission[`${ALV}facet`]),
    end: days ? { days: Number(days) } : { until: Date.parse(value) },
    purpose: idIn(purpose),
    compensation: `${ODRL}duty` in permission,
  }
}

type Offer = ReturnType<typeof readOffer>
const writeOffer = (of: Offer): object => ({
  '@id': of.offer,
  '@type': [`${ODRL}Offer`, `${ALV}Offer`],
  [`${ODRL}assigner`]: id(of.group),
  [`${TERMS}issued`]: date(of.issued),
  [`${TERMS}title`]: tagged(of.title),
  [`${TERMS}description`]: tagged(of.terms),
  [`${DPV}hasDataController`]: {
    [`${DPV}hasName`]: of.controller.name,
    [`${DPV}hasContact`]: of.controller.contact,
  },
  [`${DPV}hasLegalBasis`]: id(of.legalBasis),
  ...(of.deidentified && { [`${DPV}hasTechnicalMeasure`]: id(`${DPV}Deidentification`) }),
  [`${ODRL}permission`]: {
    [`${ODRL}assignee`]: id(of.group),
    [`${ODRL}action`]: id(`${ODRL}read`),
    [`${ALV}facet`]: of.facets,
    [`${ODRL}constraint`]: [
      'days' in of.end
        ? limit('elapsedTime', 'lteq', { '@type': `${XSD}duration`, '@value': `P${of.end.days}D` })
        : limit('dateTime', 'lteq', date(of.end.until)),
      limit('purpose', 'isA', id(of.purpose)),
    ],
    ...(of.compensation && { [`${ODRL}duty`]: { [`${ODRL}action`]: id(`${ODRL}compensate`) } }),
  },
})

export function offer(from: Uint8Array): Offer {
  need(from.length <= 8192)
  return spelled(textOf(from), readOffer, writeOffer)
}

const STATUSES = ['given', 'refused', 'withdrawn']
const statusIri = (status: string): string => `${DPV}Consent${status[0]!.toUpperCase()}${status.slice(1)}`

function readConsent(of: Node) {
  const status = STATUSES.find(one => statusIri(one) === idIn(of[`${DPV}hasConsentStatus`]))
  need(status !== undefined)
  const notice = of[`${DPV}hasNotice`]!
  const grant = of[`${ALV}grant`]
  return {
    record: str(of['@id']),
    subject: idIn(of[`${DPV}hasDataSubject`]),
    group: idIn(of[`${DPV}hasDataController`]),
    controller: controllerIn(of[`${DPV}hasDataController`]),
    offer: idIn(notice),
    version: str(notice[`${ALV}policyHash`]),
    purpose: idIn(of[`${DPV}hasPurpose`]),
    legalBasis: idIn(of[`${DPV}hasLegalBasis`]),
    categories: (of[`${DPV}hasPersonalData`] as unknown as Node[]).map(idIn),
    facets: strings(of[`${ALV}facet`]),
    status,
    at: time(of[`${DPV}isIndicatedAtTime`]),
    given: grant ? { grant: idIn(grant), until: time(of[`${DPV}hasExpiryTime`]) } : null,
  }
}

type Consent = ReturnType<typeof readConsent>
const writeConsent = (of: Consent): object => ({
  '@id': of.record,
  '@type': [`${DPV}ConsentRecord`, `${ALV}Consent`],
  [`${TERMS}conformsTo`]: id(`${ALV}Consent`),
  [`${DPV}hasDataSubject`]: id(of.subject),
  [`${DPV}hasDataController`]: {
    '@id': of.group,
    [`${DPV}hasName`]: of.controller.name,
    [`${DPV}hasContact`]: of.controller.contact,
  },
  [`${DPV}hasRecipient`]: id(of.group),
  [`${DPV}hasNotice`]: { '@id': of.offer, [`${ALV}policyHash`]: of.version, [`${TERMS}language`]: ['fr', 'en'] },
  [`${DPV}hasPurpose`]: id(of.purpose),
  [`${DPV}hasLegalBasis`]: id(of.legalBasis),
  [`${DPV}hasPersonalData`]: of.categories.map(id),
  [`${ALV}facet`]: of.facets,
  [`${DPV}hasConsentStatus`]: id(statusIri(of.status)),
  [`${DPV}isIndicatedBy`]: id(of.subject),
  [`${DPV}isIndicatedAtTime`]: date(of.at),
  ...(of.given && {
    [`${ALV}grant`]: id(of.given.grant),
    [`${DPV}hasExpiryTime`]: date(of.given.until),
    [`${DPV}hasConsentControl`]: id(`${DPV}WithdrawConsent`),
  }),
})

export function consent(from: Uint8Array, subject: string, keyOf: KeyOf): Consent {
  const of = spelled(textOf(verified(from, 'consent', keyOf)), readConsent, writeConsent)
  need(of.subject === subject)
  return of
}
