/**
 * FHIR R4 resources of the demonstration, in few words. A chart is a Bundle of type collection: the patient first, then
 * what concerns them. Code systems are data of the format and stand in a data file.
 */
import type { Json } from '#vocab'
import systems from '../data/code-systems.json' with { type: 'json' }

export type Resource = { resourceType: string; [element: string]: Json }
export type System = keyof typeof systems
/** A code and its words. */
export type Coded = readonly [code: string, text: string]

export interface Person {
  id: string
  family: string
  given: string
  born: string
  gender: 'female' | 'male'
  address: string
  phone?: string
  /** Who to call, as one line. */
  contact?: string
}

export const concept = (system: System, [code, text]: Coded): { [key: string]: Json } => ({
  coding: [{ system: systems[system], code, display: text }],
  text,
})

/** A concept that only its code names. */
export const code = (system: System, code: string): { [key: string]: Json } => ({
  coding: [{ system: systems[system], code }],
})

export const by = (display: string): { [key: string]: Json } => ({ display })
export const notes = (text: string | undefined): { [key: string]: Json } => (text ? { note: [{ text }] } : {})
/** UCUM codes that people write otherwise. */
const WRITTEN: { [code: string]: string } = { 'mm[Hg]': 'mmHg', 'ug/L': 'µg/L' }

export const unit = (value: number, symbol: string): { [key: string]: Json } => ({
  value,
  unit: WRITTEN[symbol] ?? symbol,
  system: systems.ucum,
  code: symbol,
})

function patient({ id, family, given, born, gender, address, phone, contact }: Person): Resource {
  return {
    resourceType: 'Patient',
    id,
    name: [{ use: 'official', family, given: [given] }],
    gender,
    birthDate: born,
    address: [{ text: address }],
    ...(phone && { telecom: [{ system: 'phone', value: phone }] }),
    ...(contact && { contact: [{ name: { text: contact } }] }),
  }
}

/** These name the patient by `patient`, an appointment by none of the two, all others by `subject`. */
const BY_PATIENT = new Set(['AllergyIntolerance', 'Consent', 'Immunization'])

function ownerOf(type: string, reference: Json): { [element: string]: Json } {
  if (type === 'Appointment') return {}
  return BY_PATIENT.has(type) ? { patient: reference } : { subject: reference }
}

export function chart(person: Person, resources: readonly Resource[]): Resource[] {
  const owner = { reference: `Patient/${person.id}` }
  const owned = resources.map((resource, index) => ({
    ...resource,
    id: `${person.id}-${index + 1}`,
    ...ownerOf(resource.resourceType, owner),
  }))
  return [patient(person), ...owned]
}

/** The text of a file as a hospital or a health portal would send it. */
export const bundle = (resources: readonly Resource[]): string =>
  JSON.stringify(
    { resourceType: 'Bundle', type: 'collection', entry: resources.map(resource => ({ resource })) },
    null,
    2,
  )
