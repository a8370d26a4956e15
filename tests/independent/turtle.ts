/** As much of Turtle as access lists and members documents are written in, by us and by the server: triples, as text. */
import { need, textOf } from './cbor.ts'

/** An IRI as it is, a literal with its quotes and its type. */
export type Triple = [subject: string, predicate: string, object: string]

const TOKEN =
  /\s*(?:(<[^>]*>)|("[^"\\]*")(?:\^\^(<[^>]*>|[\w-]*:[\w-]*))?|(@prefix)|([\w-]*:[\w-]*)|(a)(?=\s)|([.;,]))\s*/y
const TYPE = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type'

interface Token {
  what: 'term' | 'prefix' | 'sign'
  value: string
}

function* tokens(turtle: string, base: string, prefixes: Map<string, string>): Generator<Token> {
  const iriOf = (term: string): string => {
    if (term.startsWith('<')) return new URL(term.slice(1, -1), base).href
    const [prefix, name] = term.split(':') as [string, string]
    const start = prefixes.get(prefix)
    need(start !== undefined)
    return start + name
  }
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < turtle.length) {
    const token = TOKEN.exec(turtle)
    need(token !== null)
    const [, iri, literal, type, prefix, name, a, sign] = token
    if (sign) yield { what: 'sign', value: sign }
    else if (prefix) yield { what: 'prefix', value: prefix }
    else if (literal) yield { what: 'term', value: type ? `${literal}^^${iriOf(type)}` : literal }
    else if (name && !prefixes.has(name.slice(0, name.indexOf(':')))) yield { what: 'term', value: name } // being declared
    else yield { what: 'term', value: a ? TYPE : iriOf((iri ?? name)!) }
  }
}

export function triples(stored: Uint8Array, base: string): Triple[] {
  const prefixes = new Map<string, string>()
  const found: Triple[] = []
  let terms: string[] = []
  let isPrefix = false
  for (const { what, value } of tokens(textOf(stored), base, prefixes)) {
    if (what === 'prefix') isPrefix = true
    else if (what === 'term') terms.push(value)
    else if (isPrefix) {
      prefixes.set(terms[0]!.slice(0, -1), terms[1]!)
      ;[terms, isPrefix] = [[], false]
    } else {
      need(terms.length === 3)
      found.push([...terms] as Triple)
      terms = terms.slice(0, { '.': 0, ';': 1, ',': 2 }[value])
    }
  }
  need(terms.length === 0)
  return found
}
