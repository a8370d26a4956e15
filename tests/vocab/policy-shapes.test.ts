/** What the core writes of offers and consents, as RDF, held against the published shapes; and what these refuse. */
import { DataFactory, Store } from 'n3'
import type { Quad_Subject, Term } from 'n3'
import Validator from 'rdf-validate-shacl'
import { expect, test } from 'vitest'
import { fromUtf8, signerOf, unsafeUnverified } from '#crypto'
import { alv, dataCategory, dcterms, dpv, odrl, pd, rdf, reachesHealth, reachesSensitive } from '#vocab'
import { readTurtle } from '../../vocab/generate.ts'
import { signConsent } from '../../client/core/offers/consent-record.ts'
import { writeOffer } from '../../client/core/offers/offer.ts'
import { offerOf } from '../core/offer-of.ts'
import { START } from '../core/world.ts'
import { person } from '../crypto/support.ts'

const { namedNode, blankNode, literal } = DataFactory
const validator = new Validator(readTurtle('shapes.ttl'))
type Json = { [name: string]: unknown }

/** The triples of JSON-LD whose names are whole IRIs already. */
function toRdf(node: Json, store = new Store()): { store: Store; self: Quad_Subject } {
  const self = typeof node['@id'] === 'string' ? namedNode(node['@id']) : blankNode()
  for (const [name, value] of Object.entries(node)) {
    const predicate = name === '@type' ? rdf.type : name
    if (name === '@id') continue
    for (const one of [value].flat())
      store.addQuad(self, namedNode(predicate), name === '@type' ? namedNode(one as string) : termOf(one, store))
  }
  return { store, self }
}

function termOf(value: unknown, store: Store): Extract<Term, { termType: 'NamedNode' | 'BlankNode' | 'Literal' }> {
  if (typeof value === 'string') return literal(value)
  const node = value as Json
  if (typeof node['@value'] !== 'string') return toRdf(node, store).self as never
  const type = node['@language'] ?? namedNode(node['@type'] as string)
  return literal(node['@value'], type as string)
}

const offer = () =>
  JSON.parse(
    fromUtf8(
      writeOffer({ ...offerOf(() => START), offer: 'urn:uuid:1', group: 'https://pod.example/g/', issued: START }),
    ),
  ) as Json
const alice = person('alice')
const consent = (status: 'given' | 'refused' = 'given') =>
  JSON.parse(
    fromUtf8(
      unsafeUnverified(
        signConsent(
          {
            record: 'urn:uuid:2',
            subject: alice.webId,
            group: 'https://pod.example/g/',
            controller: { name: 'Coop', contact: 'dpo@coop.example' },
            offer: 'urn:uuid:1',
            version: '0'.repeat(64),
            purpose: dpv.ScientificResearch,
            legalBasis: dpv.Consent,
            categories: [dataCategory('health/immunizations')],
            facets: ['health/immunizations'],
            status,
            at: START,
            given: status === 'given' ? { grant: 'urn:uuid:3', until: START } : null,
          },
          signerOf(alice.device),
        ),
      ).signed,
    ),
  ) as Json

const faults = async (node: Json): Promise<unknown[]> =>
  (await validator.validate(toRdf(node).store)).results.map(({ path }) => path?.value)

test('fit the shapes', async () => {
  for (const node of [offer(), consent(), consent('refused')]) {
    expect(toRdf(node).store.size).toBeGreaterThan(12)
    expect(await faults(node)).toEqual([])
  }
})

test.each([
  [odrl.assigner, offer],
  [dcterms.title, offer],
  [dpv.hasDataController, offer],
  [odrl.permission, offer],
  [dpv.hasDataSubject, consent],
  [dpv.hasNotice, consent],
  [dpv.hasPersonalData, consent],
  [dpv.isIndicatedAtTime, consent],
])('do not without %s', async (path, make) => {
  const { [path]: _, ...rest } = make()
  expect(await faults(rest)).toEqual([path])
})

test('refuse another status, one language, a controller whom nobody reaches', async () => {
  expect(await faults({ ...consent(), [dpv.hasConsentStatus]: { '@id': dpv.ConsentExpired } })).toEqual([
    dpv.hasConsentStatus,
  ])
  const title = [{ '@language': 'fr', '@value': 'Étude' }]
  expect(await faults({ ...offer(), [dcterms.title]: title })).toEqual([dcterms.title])
  expect(await faults({ ...offer(), [dpv.hasDataController]: { [dpv.hasName]: 'Coop' } })).toEqual([
    dpv.hasDataController,
  ])
})

test('what says something of health, what is sensitive, and what DPV calls it', () => {
  for (const path of ['health', 'health/vitals/entry', 'measurements/source']) expect(reachesHealth(path)).toBe(true)
  for (const path of ['travel', 'photos/where', 'work']) expect(reachesHealth(path)).toBe(false)
  expect([reachesSensitive('photos'), reachesSensitive('health/immunizations/entry')]).toEqual([true, false])
  expect(dataCategory('health/mental/entry')).toBe(pd.MentalHealth)
  expect(dataCategory('health/immunizations')).toBe(pd.HealthRecord)
  expect(dataCategory('messages/entry')).toBe(dpv.PersonalData)
  expect(alv.health).toBe(`${alv.ns}health`)
})
