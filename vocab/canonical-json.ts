/** JSON in its one canonical spelling (RFC 8785), which rdf:JSON literals are compared in (JSON-LD 1.1 §10.2). */
import type { Json } from './kind.ts'
import { isObject } from './records/read.ts'

/** Names sorted by UTF-16 code units, no spaces; numbers and texts are spelled as ECMAScript does already (RFC 8785 §3.2.2). */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`
  if (!isObject(value)) return JSON.stringify(value)
  const names = Object.keys(value).sort()
  return `{${names.map(name => `${JSON.stringify(name)}:${canonicalJson(value[name] ?? null)}`).join()}}`
}
