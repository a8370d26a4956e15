/**
 * Health records that are filed under a sensitive facet whatever their kind: those that the sender marked
 * (FHIR meta.security, HL7 ActCode sensitivity values), diagnoses whose ICD-10 chapter says so, and documents or
 * observations that LOINC calls advance directives.
 * Nothing is guessed from words, and no licensed terminology is needed.
 */
import type { FacetPath, RecordValue } from '../kind.ts'
import { codings } from './read.ts'

const MENTAL = 'health/mental'
const REPRODUCTIVE = 'health/reproductive'
const ADDICTION = 'health/addiction'
const DIRECTIVES = 'health/directives'

const byLabel: { readonly [code: string]: FacetPath } = {
  PSY: MENTAL,
  PSYTHPN: MENTAL,
  MH: MENTAL,
  BH: MENTAL,
  HIV: REPRODUCTIVE,
  SEX: REPRODUCTIVE,
  SDV: REPRODUCTIVE,
  STD: REPRODUCTIVE,
  ETH: ADDICTION,
  SUD: ADDICTION,
  ETHUD: ADDICTION,
  OPIOIDUD: ADDICTION,
}

const byChapter: readonly [RegExp, FacetPath][] = [
  [/^F1\d/i, ADDICTION],
  [/^F\d\d/i, MENTAL],
  [/^(B2[0-4]|Z21|A5\d|A6[0-4])/i, REPRODUCTIVE],
]

/** Advance directives, living will, orders on resuscitation and life support, power of attorney for care. */
const DIRECTIVE_CODES = new Set(
  '42348-3 42349-1 75320-2 75776-5 77599-9 77600-5 78823-2 81334-5 81351-9 86533-7 64298-3'.split(' '),
)

const isIcd10 = (system: string): boolean => /icd-10|2\.16\.840\.1\.113883\.6\.(3|90)$/i.test(system)

/** The sensitive facet a health record belongs to, or null for the usual one of its kind. */
export function sensitiveHome(value: RecordValue): FacetPath | null {
  for (const { code } of codings(value['labels'])) {
    const home = Object.hasOwn(byLabel, code) ? byLabel[code] : undefined
    if (home) return home
  }
  const codes = codings(value['codes'])
  if (codes.some(({ code }) => DIRECTIVE_CODES.has(code))) return DIRECTIVES
  const icd = codes.filter(({ system }) => isIcd10(system))
  return byChapter.find(([pattern]) => icd.some(({ code }) => pattern.test(code)))?.[1] ?? null
}

const HOMES = [MENTAL, REPRODUCTIVE, ADDICTION, DIRECTIVES]

export const sensitiveLeaves: readonly FacetPath[] = HOMES.flatMap(home => [`${home}/entry`, `${home}/source`])
