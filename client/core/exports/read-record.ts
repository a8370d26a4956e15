/** A record out of its RDF, as `record.json` has it: still somebody's word, to be checked as that is. */
import { jsonOfRdf, type Json, type RdfValue, type RecordValue } from '#vocab'
import { isObject } from './manifest.ts'
import { clearPlaces } from './pointer.ts'
import { withIds, type ReadBack } from './rdf.ts'

export function recordOf({ id, kind, modified, values, exact, files }: ReadBack): unknown {
  const said: RecordValue = {}
  for (const [name, some] of values) {
    const json = jsonOfRdf(withIds(some))
    if (json !== undefined) said[name] = json
  }
  const exactly = jsonIn(exact) ?? {}
  const stored = jsonIn(files) ?? []
  const value = isObject(exactly) ? { ...said, ...exactly } : exactly
  const places = Array.isArray(stored)
    ? stored.flatMap(file => (isObject(file) && typeof file['at'] === 'string' ? file['at'] : []))
    : []
  if (isObject(value)) clearPlaces(value, places)
  return { id, kind, modified: modified && 'value' in modified ? modified.value : null, value, files: stored }
}

const jsonIn = (value: RdfValue | undefined): Json | undefined =>
  value && 'value' in value ? (JSON.parse(value.value) as Json) : undefined
