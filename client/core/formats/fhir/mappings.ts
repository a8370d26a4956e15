/** The table of FHIR resource types that have a kind of their own; every other type is kept whole as a Resource. */
import { appointment, claim, consent, coverage, encounter, patient } from './administrative.ts'
import { allergy, carePlan, condition, device, deviceUse, immunization, procedure } from './clinical.ts'
import { binary, composition, documentReference } from './documents.ts'
import type { Mapping } from './mapping.ts'
import {
  medication,
  medicationAdministration,
  medicationDispense,
  medicationRequest,
  medicationStatement,
} from './medication.ts'
import { diagnosticReport, observation } from './results.ts'
import { compact, humanName, words } from './types.ts'
import type { View } from './view.ts'

const mappings = new Map<string, Mapping>(
  Object.entries({
    AllergyIntolerance: allergy,
    Appointment: appointment,
    Binary: binary,
    CarePlan: carePlan,
    Claim: claim,
    ClaimResponse: claim,
    Composition: composition,
    Condition: condition,
    Consent: consent,
    Coverage: coverage,
    Device: device,
    DeviceUseStatement: deviceUse,
    DiagnosticReport: diagnosticReport,
    DocumentReference: documentReference,
    Encounter: encounter,
    ExplanationOfBenefit: claim,
    Immunization: immunization,
    Medication: medication,
    MedicationAdministration: medicationAdministration,
    MedicationDispense: medicationDispense,
    MedicationRequest: medicationRequest,
    MedicationStatement: medicationStatement,
    Observation: observation,
    Patient: patient,
    Procedure: procedure,
  }),
)

/** `name` is a list of HumanName for people and one text for organisations and places. */
const PEOPLE = new Set(['Patient', 'Practitioner', 'RelatedPerson', 'Person'])

/** What to call a resource of any type; null where nothing in it says. */
export function labelOf(type: string, view: View): string | null {
  if (PEOPLE.has(type)) {
    const name = view.objects('name')[0]
    return (name && humanName(name)) ?? null
  }
  if (type === 'Organization' || type === 'Location') return view.text('name') ?? null
  if (type === 'Goal') return words(view.object('description')) ?? null
  if (type === 'Device') return words(view.object('type')) ?? null
  return view.has('code') ? (words(view.object('code')) ?? null) : null
}

/** Types without a kind whose label is worth showing; of others we assume nothing about their shape. */
const LABELLED = new Set([...PEOPLE, 'Organization', 'Location', 'Goal'])

const unknown: Mapping = {
  kind: 'Resource',
  properties: view => {
    const type = view.text('resourceType') ?? ''
    return compact({ text: LABELLED.has(type) ? (labelOf(type, view) ?? undefined) : undefined })
  },
}

export const mappingOf = (type: string): { mapping: Mapping; raw: boolean } => {
  const mapping = mappings.get(type)
  return mapping ? { mapping, raw: false } : { mapping: unknown, raw: true }
}
