/** Values of any kind as people might hold them, of which each string that could tell who, when or where can be found again. */
import * as fc from 'fast-check'
import type { Json, Kind, PropertyType, RecordValue } from '#vocab'

/** No word, code or unit looks like one. */
export const marker = fc.stringMatching(/^zq[a-f0-9]{12}$/)
const hex32 = fc.stringMatching(/^[0-9a-f]{32}$/)

const day = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2040-12-31'), noInvalidDate: true })
  .map(date => date.toISOString())
const anyDate = fc.oneof(
  day,
  day.map(iso => iso.slice(0, 10)),
  day.map(iso => iso.slice(0, 7)),
  day.map(iso => iso.slice(0, 10).replaceAll('-', '')),
  fc.record({ text: marker, start: day, end: day }),
)
const words = fc.oneof(marker, day, fc.constantFrom('final', 'male', 'BIRT', 'spouse', 'image/jpeg', 'mild', 'H'))
const text = fc.oneof(
  { weight: 4, arbitrary: words },
  marker.map(name => `${name}, ${name}, France`),
  marker.map(name => `${name}, France, ${name}`),
)
export const SYSTEMS = ['http://loinc.org', 'http://snomed.info/sct', 'http://hl7.org/fhir/sid/icd-10']
export const CODES = ['8867-4', '38341003', 'F32.1', 'PSY']
export const UNITS = ['/min', 'mm[Hg]', '%']
const coding = fc.oneof(
  fc.record({ system: fc.constantFrom(...SYSTEMS), code: fc.constantFrom(...CODES), display: marker }),
  fc.record({ system: marker.map(name => `https://${name}.example/codes`), code: marker, display: marker }),
  fc.record({ system: fc.constant('http://hl7.org/fhir/sid/us-ssn'), code: marker }),
)
const codes = fc.array(coding, { maxLength: 3 })
const quantity = fc.oneof(
  fc.record({
    value: fc.constantFrom('72', '1.50', '-3'),
    unit: fc.oneof(
      fc.constantFrom(...UNITS),
      marker,
      marker.map(name => `{${name}}`),
      marker.map(name => `mg/{${name}}`),
    ),
    system: fc.constant('http://unitsofmeasure.org'),
    code: fc.oneof(
      fc.constantFrom(...UNITS),
      marker,
      marker.map(name => `{${name}}`),
    ),
  }),
  fc.record({ value: marker, unit: marker }),
)
const part = fc.record({ text: marker, codes, value: quantity, valueText: marker })
const ref = hex32.map(id => ({ ref: id }))
const angle = (most: number) => fc.double({ min: -most, max: most, noNaN: true })

const byType: Record<PropertyType, fc.Arbitrary<Json>> = {
  text,
  note: text,
  date: anyDate,
  code: codes,
  quantity,
  ref: fc.oneof(ref, fc.array(ref, { maxLength: 3 })),
  blob: fc.constant(null), // files are stored, not made up
  thumbnail: fc.record({ mediaType: fc.constant('image/jpeg'), data: fc.constant('/9j/4AAQ'), comment: marker }),
  source: fc.record({ mediaType: marker, text: marker }),
  list: fc.array(text, { maxLength: 3 }),
  table: fc.array(part, { maxLength: 2 }),
  place: fc.record({ latitude: angle(90), longitude: angle(180), altitude: angle(4000) }),
  flag: fc.boolean(),
  number: fc.nat(9999),
  origin: fc.record({ file: marker, format: marker, hash: marker, at: day }),
}

export function valueOf({ properties }: Kind): fc.Arbitrary<RecordValue> {
  const each = Object.fromEntries(Object.entries(properties).map(([name, { type }]) => [name, byType[type]]))
  const isThere = (entry: [string, Json | undefined]): entry is [string, Json] => (entry[1] ?? null) !== null
  return fc.record(each, { requiredKeys: [] }).map(value => Object.fromEntries(Object.entries(value).filter(isThere)))
}

export function stringsIn(json: Json): string[] {
  if (typeof json === 'string') return [json]
  if (typeof json !== 'object' || json === null) return []
  return Object.values(json).flatMap(stringsIn)
}

/** What of a value must be found nowhere in what is safe of it: words of people, full dates, ids, places. */
export const telling = (value: RecordValue): string[] =>
  stringsIn(value).flatMap(one =>
    [...one.matchAll(/zq[a-f0-9]{12}|\d{4}-\d\d(?:-\d\d)?|\b\d{8}\b|^[0-9a-f]{32}$|us-ssn/g)]
      .map(([found]) => found)
      .filter(found => !CODES.includes(found)),
  )
