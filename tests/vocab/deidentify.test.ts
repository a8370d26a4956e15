/** [Z6] What is left of any value of any kind: years, regions, published codes, numbers, listed words. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deidentified, kinds, type Json, type RecordValue } from '#vocab'
import { stringsIn, telling, valueOf } from './values.ts'

const NOBODY = { refOf: () => null, isFile: () => false }
const safe = (kind: string, value: RecordValue): RecordValue => deidentified(kind, value, NOBODY)

describe.each(kinds.map(item => [item.name, item] as const))('%s', (name, item) => {
  it('says of each property what is left of it', () => {
    for (const { deidentified: rule, type } of Object.values(item.properties)) {
      expect(rule).toBeTruthy()
      if (['note', 'source', 'origin', 'list', 'table'].includes(type))
        expect(['drop', 'parts', expect.any(Array)]).toContainEqual(rule)
      if (type === 'date') expect(rule).toBe('year')
      if (type === 'place') expect(rule).toBe('region')
      if (type === 'ref') expect(rule).toBe('ref')
    }
  })

  it('lets nothing through that tells who, when or where', () => {
    fc.assert(
      fc.property(valueOf(item), value => {
        const left = JSON.stringify(safe(name, value))
        for (const one of telling(value)) expect(left).not.toContain(one)
      }),
    )
  })

  it('makes of odd values nothing but what its rules build', () => {
    const odd = fc.dictionary(fc.constantFrom(...Object.keys(item.properties)), fc.jsonValue() as fc.Arbitrary<Json>)
    fc.assert(
      fc.property(odd, value => {
        const once = safe(name, value)
        expect(safe(name, once)).toEqual(once) // what is safe is safe
        for (const one of stringsIn(once)) expect(one.length).toBeLessThanOrEqual(64)
      }),
    )
  })
})

/** Of the published samples, and what people write. */
const KNOWN_UNITS = [
  'mg/dL mm[Hg] cm {score} kg fL kg/m2 g/dL mmol/L 10*3/uL U/L % 10*6/uL pg mL/min/{1.73_m2} Cel mL/min g/L BPM {beats}/min /min min',
  'day d Package {Package} milligram mg mg/g mm ng/mL {T-score} /wk m h tablet [IU]/L {tbl} {tablet} pg/mL m[IU]/L {pack}/a mg/L mmHg',
  '°C µmol/L ug/(24.h) mg/kg/d meq/L mosm/kg 10^9/L USD EUR 1',
].flatMap(line => line.split(' '))
const NO_UNITS = [
  'Durand',
  'Zoe.Durand',
  '{Zoe}',
  'mg/{Zoe}',
  'B12345678',
  '20240517',
  '0612345678',
  'Lyon',
  'Dr_House',
  '',
]
const hasUnit = (value: Json | undefined): boolean => typeof value === 'object' && value !== null && 'unit' in value

describe('a rule', () => {
  it('keeps of a date its year, where that is sure', () => {
    const year = (date: Json) => safe('Observation', { date })['date']
    expect([
      year('2024-05-17T10:00:00Z'),
      year('2024-05'),
      year('2024'),
      year({ text: 'in May', start: '2024-05-01' }),
    ]).toEqual(Array.from({ length: 4 }, () => '2024'))
    for (const odd of ['20240517', 'May 2024', '+002024-05', 20240517, {}]) expect(year(odd)).toBe(undefined)
  })

  it('keeps of a place the square of a degree, or the country', () => {
    expect(safe('Photo', { position: { latitude: 48.8566, longitude: -2.3522, altitude: 35 } })).toEqual({
      position: { latitude: 48, longitude: -3 },
    })
    const place = (text: string) => safe('Person', { birthPlace: text })['birthPlace']
    expect([place('Lyon, Rhône, France'), place('Köln, Germany'), place('Bruxelles, belgique')]).toEqual([
      'France',
      'Germany',
      'Belgique',
    ])
    expect([place('Lyon'), place('France, Lyon'), place('12 rue de France')]).toEqual([undefined, undefined, undefined])
    expect(safe('Photo', { position: { latitude: 91, longitude: 0 } })).toEqual({})
  })

  it('keeps codes of published terminologies, without words', () => {
    const codes = (...list: Json[]) => safe('Condition', { codes: list })['codes']
    expect(codes({ system: 'http://snomed.info/sct', code: '38341003', display: 'of Zoé Durand' })).toEqual([
      { system: 'http://snomed.info/sct', code: '38341003' },
    ])
    expect(
      codes(
        { system: 'https://clinic.example/codes', code: 'a' },
        { system: 'http://hl7.org/fhir/sid/us-ssn', code: '1' },
      ),
    ).toBe(undefined)
  })

  it('keeps units that are known, and takes nothing else for one', () => {
    const of = (unit: string, code = '%') =>
      safe('Observation', { value: { value: '1', unit, code, system: 'http://unitsofmeasure.org' } })['value']
    for (const unit of KNOWN_UNITS) expect([unit, of(unit)]).toMatchObject([unit, { value: '1', unit }])
    for (const text of NO_UNITS) {
      expect([text, of(text)]).toEqual([text, { value: '1', code: '%', system: 'http://unitsofmeasure.org' }])
      expect([text, of('%', text)]).toEqual([text, { value: '1', unit: '%' }])
    }
    fc.assert(fc.property(fc.stringMatching(/^[A-Z][a-z]{4,15}$/), name => !hasUnit(of(name))))
  })

  it('keeps listed words and no other', () => {
    expect(safe('Patient', { sex: 'female', familyName: 'Durand', text: 'Zoé Durand' })).toEqual({ sex: 'female' })
    expect(safe('Patient', { sex: 'Zoé' })).toEqual({})
  })

  it('points to other copies by their names there, and to nothing else', () => {
    const how = { refOf: (id: string) => (id === 'a' ? 'b' : null), isFile: () => false }
    expect(deidentified('Relationship', { person: { ref: 'a' }, relative: { ref: 'c' } }, how)).toEqual({
      person: { ref: 'b' },
    })
    expect(deidentified('DiagnosticReport', { results: [{ ref: 'c' }, { ref: 'a', name: 'x' }] }, how)).toEqual({
      results: [{ ref: 'b' }],
    })
  })

  it('is followed for kinds and properties that are known alone', () => {
    expect(safe('Nothing', { date: '2024' })).toEqual({})
    expect(safe('File', { constructor: '2024', unknown: 1 })).toEqual({})
  })
})
