/** The table of record kinds: a new kind is one file in records/ and one line here. */
import type { FacetPath, Kind, RecordValue } from './kind.ts'
import { allergy } from './records/allergy.ts'
import { carePlan } from './records/care-plan.ts'
import { condition } from './records/condition.ts'
import { coverage } from './records/coverage.ts'
import { device } from './records/device.ts'
import { diagnosticReport } from './records/diagnostic-report.ts'
import { directive } from './records/directive.ts'
import { document } from './records/document.ts'
import { encounter } from './records/encounter.ts'
import { file } from './records/file.ts'
import { gedcomRecord } from './records/gedcom-record.ts'
import { immunization } from './records/immunization.ts'
import { lifeEvent } from './records/life-event.ts'
import { medication } from './records/medication.ts'
import { observation } from './records/observation.ts'
import { patient } from './records/patient.ts'
import { person } from './records/person.ts'
import { photo } from './records/photo.ts'
import { procedure } from './records/procedure.ts'
import { relationship } from './records/relationship.ts'
import { resource } from './records/resource.ts'
import { story } from './records/story.ts'

export const kinds: readonly Kind[] = Object.freeze([
  patient,
  condition,
  allergy,
  medication,
  immunization,
  observation,
  diagnosticReport,
  procedure,
  device,
  encounter,
  carePlan,
  document,
  coverage,
  directive,
  resource,
  person,
  relationship,
  lifeEvent,
  story,
  gedcomRecord,
  photo,
  file,
])

const byName = new Map(kinds.map(entry => [entry.name, entry]))

export const kind = (name: string): Kind | null => byName.get(name) ?? null

/** The leaf facet of a property of a record; null when the kind or the property does not exist. */
export function leafOf(kindName: string, property: string, value: RecordValue): FacetPath | null {
  const properties = kind(kindName)?.properties
  const found = properties && Object.hasOwn(properties, property) ? properties[property] : undefined
  if (!found) return null
  return typeof found.facet === 'string' ? found.facet : found.facet(value)
}
