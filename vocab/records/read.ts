/** Reads of values whose shape is not sure: what is absent or odd gives null, never an exception. */
import type { Json } from '../kind.ts'

type JsonObject = { [key: string]: Json }

export const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

export const listOf = (json: Json | undefined): Json[] => (Array.isArray(json) ? json : [])

/** Words of a text, of a coding ({display, code}), of a quantity ({value, unit}), or of the first in a list that has some. */
export function displayText(json: Json | undefined): string | null {
  if (typeof json === 'string') return json.trim() || null
  if (Array.isArray(json)) return json.map(displayText).find(text => text !== null) ?? null
  if (!isObject(json)) return null
  if (typeof json['value'] === 'string')
    return [json['value'], json['unit']].filter(part => typeof part === 'string').join(' ')
  return displayText(json['text'] ?? null) ?? displayText(json['display'] ?? null) ?? displayText(json['code'] ?? null)
}

const ISO = /^[+-]?\d{4,}(-\d\d(-\d\d)?)?(T|$)/

/** The ISO 8601 text of a date, or of the start of {text, start?, end?}. */
export function dateText(json: Json | undefined): string | null {
  if (typeof json === 'string') return ISO.test(json) ? json : null
  return isObject(json) ? (dateText(json['start'] ?? null) ?? dateText(json['end'] ?? null)) : null
}

/** Codings of a property, those without a code left out. */
export const codings = (json: Json | undefined): { system: string; code: string }[] =>
  listOf(json).flatMap(coding => {
    if (!isObject(coding) || typeof coding['code'] !== 'string') return []
    return [{ system: typeof coding['system'] === 'string' ? coding['system'] : '', code: coding['code'] }]
  })
