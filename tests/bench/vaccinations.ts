/** The records that both sides store: vaccinations of six properties and a note. */
import type { RecordValue } from '#vocab'

export const KIND = 'Immunization'

const diseases = ['Measles, mumps, rubella', 'Diphtérie, tétanos, coqueluche', 'Hépatite B', 'Seasonal influenza']
const makers = ['Pharma A', 'Laboratoire B', 'Institut C']
const places = ['Centre de santé du Parc', 'School clinic', 'Pharmacie de la Gare']

const pick = (list: readonly string[], index: number): string => list[index % list.length]!

export const vaccination = (index: number): RecordValue => ({
  disease: pick(diseases, index),
  dose: `${(index % 3) + 1} / 3`,
  lot: `LOT-${String(index).padStart(6, '0')}`,
  manufacturer: pick(makers, index),
  performer: `Dr ${index % 17}`,
  place: pick(places, index),
  note: `Record ${index}. Well tolerated; slight fever in the evening. Prochain rappel à prévoir avec le médecin de famille.`,
})

export const vaccinations = (count: number): RecordValue[] => Array.from({ length: count }, (_, i) => vaccination(i))

/** Bytes of one, as JSON. */
export const sizeOf = (value: RecordValue): number => Buffer.byteLength(JSON.stringify(value))
