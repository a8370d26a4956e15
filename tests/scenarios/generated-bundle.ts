/** A FHIR bundle of any size, written by us: vaccinations, treatments, results and conditions in turn. */
import type { SourceFile } from '#core'

const vaccines = ['Rougeole-oreillons-rubéole', 'Diphtheria, tetanus, pertussis', 'Hépatite B', 'Influenza, seasonal']
const treatments = ['Amlodipine 5 mg', 'Metformine 850 mg', 'Salbutamol 100 µg', 'Paracétamol 1 g']
const results = ['Hémoglobine glyquée', 'Total cholesterol', 'Créatinine', 'Thyrotropin']

const date = (i: number): string => new Date(Date.UTC(1990, 0, 1 + i)).toISOString().slice(0, 10)
const pick = (list: string[], i: number): string => list[Math.floor(i / 4) % list.length]!

function resource(i: number): object {
  const id = `generated-${i}`
  const subject = { reference: 'Patient/generated' }
  const text = (words: string) => ({ text: words })
  switch (i % 4) {
    case 0:
      return {
        resourceType: 'Immunization',
        id,
        status: 'completed',
        vaccineCode: text(pick(vaccines, i)),
        patient: subject,
        occurrenceDateTime: date(i),
        lotNumber: `L${i}`,
      }
    case 1:
      return {
        resourceType: 'MedicationRequest',
        id,
        status: 'active',
        intent: 'order',
        medicationCodeableConcept: text(pick(treatments, i)),
        subject,
        authoredOn: date(i),
      }
    case 2:
      return {
        resourceType: 'Observation',
        id,
        status: 'final',
        category: [{ coding: [{ code: 'laboratory' }] }],
        code: text(pick(results, i)),
        subject,
        effectiveDateTime: date(i),
        valueQuantity: { value: (i % 97) / 10, unit: 'mmol/L' },
      }
    default:
      return { resourceType: 'Condition', id, code: text(`Consultation ${i}`), subject, recordedDate: date(i) }
  }
}

export function bundle(resources: number): SourceFile {
  const entry = Array.from({ length: resources }, (_, i) => ({ fullUrl: `urn:generated:${i}`, resource: resource(i) }))
  const text = JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry })
  return { name: `generated-${resources}.json`, blob: new Blob([text]) }
}
