// Every property of every kind has exactly one leaf for a given value, whatever that value is.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLeaf, isSensitive, kind, kinds, leafOf, purpose, purposes } from '#vocab'
import type { Json, RecordValue } from '#vocab'

const code = (...codes: string[]): Json => codes.map(item => ({ code: item }))

/** Values that steer facets, among the ones that are plainly odd. */
const steering = fc.record(
  {
    labels: fc.oneof(
      fc.constantFrom(code('PSY'), code('HIV'), code('ETH'), code('R')),
      fc.jsonValue() as fc.Arbitrary<Json>,
    ),
    categories: fc.oneof(
      fc.constantFrom(code('vital-signs'), code('social-history')),
      fc.jsonValue() as fc.Arbitrary<Json>,
    ),
    codes: fc.oneof(
      fc.constant([{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'F32.1' }]),
      fc.constant([{ system: 'http://loinc.org', code: '82810-3' }]),
      fc.jsonValue() as fc.Arbitrary<Json>,
    ),
    living: fc.oneof(fc.boolean(), fc.jsonValue() as fc.Arbitrary<Json>),
    tag: fc.constantFrom('BIRT', 'MARR', 'constructor'),
    sections: fc.constantFrom([], ['Allergies']),
  },
  { requiredKeys: [] },
)

describe.each(kinds.map(item => [item.name, item] as const))('%s', (name, item) => {
  it('puts every property in one of its leaves, for any value', () => {
    for (const leaf of item.facets) expect(isLeaf(leaf)).toBe(true)
    fc.assert(
      fc.property(steering as fc.Arbitrary<RecordValue>, value => {
        for (const property of Object.keys(item.properties)) {
          expect(item.facets).toContain(leafOf(name, property, value))
        }
      }),
    )
  })

  it('has words in both languages and one IRI for each property', () => {
    const labels = [item.label, item.plural, ...Object.values(item.properties).map(property => property.label)]
    for (const label of labels) for (const text of [label.fr, label.en]) expect(text.trim()).not.toBe('')
    const iris = Object.values(item.properties).map(property => property.iri)
    expect(new Set(iris).size).toBe(iris.length)
  })

  it('names and dates any value without failing', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(item.properties)), fc.jsonValue() as fc.Arbitrary<Json>),
        value => {
          expect(item.labelOf(value, 'fr')).not.toBe('')
          expect(item.labelOf(value, 'en')).not.toBe('')
          expect(item.dateOf(value) ?? '').toMatch(/^([+-]?\d{4,}.*)?$/)
        },
      ),
    )
  })
})

describe('facets by value', () => {
  it('files an observation by its category', () => {
    expect(leafOf('Observation', 'value', { categories: code('vital-signs') })).toBe('health/vitals/entry')
    expect(leafOf('Observation', 'value', { categories: code('laboratory') })).toBe('health/results/entry')
    expect(leafOf('Observation', 'value', { categories: code('social-history') })).toBe('health/lifestyle/entry')
    expect(leafOf('Observation', 'source', { codes: code('82810-3') })).toBe('health/pregnancy/source')
  })

  it('files marked records under the sensitive facet, source included', () => {
    expect(leafOf('Medication', 'dosage', { labels: code('PSY') })).toBe('health/mental/entry')
    expect(leafOf('Observation', 'source', { labels: code('N', 'HIV') })).toBe('health/reproductive/source')
    expect(leafOf('Resource', 'text', { labels: code('ETH') })).toBe('health/addiction/entry')
    expect(leafOf('Document', 'content', { codes: code('42348-3') })).toBe('health/directives/source')
    const depression = { codes: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'F32.1' }] }
    expect(leafOf('Condition', 'text', depression)).toBe('health/mental/entry')
    expect(leafOf('Condition', 'text', { codes: [{ system: 'http://snomed.info/sct', code: 'F32.1' }] })).toBe(
      'health/problems/entry',
    )
  })

  it('keeps everything about a living person under family/living', () => {
    for (const name of ['Person', 'Relationship', 'LifeEvent', 'Story', 'GedcomRecord']) {
      for (const property of Object.keys(kind(name)?.properties ?? {})) {
        expect(leafOf(name, property, { living: true, tag: 'BIRT' })).toMatch(/^family\/living\//)
      }
    }
    expect(leafOf('Person', 'birthDate', { living: false })).toBe('family/births')
  })

  it('keeps the place of a photo, and the file that hides it, apart from the image', () => {
    expect(leafOf('Photo', 'image', {})).toBe('photos/image')
    for (const property of ['position', 'original', 'origin'])
      expect(isSensitive(leafOf('Photo', property, {}) ?? '')).toBe(true)
  })

  it('knows nothing of kinds and properties that do not exist', () => {
    expect(leafOf('Nothing', 'text', {})).toBeNull()
    expect(leafOf('File', 'constructor', {})).toBeNull()
    expect(kind('toString')).toBeNull()
  })
})

describe('purposes', () => {
  it('gives the IRI of an offered purpose and nothing else', () => {
    expect(purposes[0]?.curie).toBe('dpv:HealthcareManagement')
    expect(purpose('dpv:HealthcareManagement')).toBe('https://w3id.org/dpv#HealthcareManagement')
    expect(purpose('https://w3id.org/dpv#AcademicResearch')).toBe('https://w3id.org/dpv#AcademicResearch')
    for (const odd of ['', 'dpv:', 'dpv:SellDataToThirdParties', 'constructor']) expect(purpose(odd)).toBeNull()
    for (const { curie, label } of purposes) {
      expect(curie).toMatch(/^(dpv|eu-ehds|alv):[A-Z]\w+$/)
      expect(label.fr && label.en).toBeTruthy()
    }
  })
})
