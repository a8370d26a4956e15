/**
 * The records of a folder's document, in either spelling, one at a time: our own documents, which stand there as `graph.ts` and
 * `json-ld.ts` write them, line by line, so that of a large one little is in memory.
 */
import { Parser, type Quad } from 'n3'
import { AlveoleError } from '#crypto'
import { alv, kind as kindOf, kinds, rdf, xsd, type Json, type RdfValue } from '#vocab'
import type { ExportForm } from './files.ts'
import { linesOf } from './text-lines.ts'
import { isObject } from './manifest.ts'
import { about, idOfIri, type ReadBack } from './rdf.ts'

/** Of one record, in characters. */
const LARGEST = 64 * 1024 * 1024

/** null in place of a record that is none of ours. */
export async function* readGraph(
  file: Blob,
  form: ExportForm,
): AsyncGenerator<{ size: number; record: ReadBack | null }> {
  const [split, read] = form === 'jsonld' ? [splitJsonLd, readNode] : [splitNQuads, readQuads]
  for await (const text of split(linesOf(file, LARGEST))) {
    yield { size: text.length, record: orNull(() => read(text)) }
  }
}

function orNull(read: () => ReadBack | null): ReadBack | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof AlveoleError) throw error
    return null // whatever a parser says of what is not in its language
  }
}

/** Lines of one subject stand together. */
async function* splitNQuads(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let [subject, quads]: [string | null, string[]] = [null, []]
  for await (const line of lines) {
    const [of = null] = /^<urn:alveole:record:[^>]*>/.exec(line) ?? []
    if (of !== subject && quads.length) yield bounded(quads).join('\n')
    if (of !== subject) quads = []
    subject = of
    if (of) quads.push(line)
  }
  if (quads.length) yield bounded(quads).join('\n')
}

/** A node begins and ends at the margin. */
async function* splitJsonLd(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let [inGraph, node]: [boolean, string[] | null] = [false, null]
  for await (const line of lines) {
    if (!inGraph) inGraph = line === '  "@graph": ['
    else if (line === '{') node = [line]
    else if (node) bounded(node).push(line)
    if (!node || (line !== '}' && line !== '},')) continue
    yield [...node.slice(0, -1), '}'].join('\n')
    node = null
  }
}

function bounded(lines: string[]): string[] {
  if (lines.length % 1024 === 0 && lines.reduce((sum, { length }) => sum + length, 0) > LARGEST)
    throw new AlveoleError('bad-file', 'a record without end', { detail: { reason: 'too-long' } })
  return lines
}

const kindOfIri = new Map(kinds.map(kind => [kind.iri, kind]))

function readQuads(text: string): ReadBack | null {
  const quads = new Parser({ format: 'application/n-quads' }).parse(text)
  const of = (predicate: string): RdfValue[] =>
    quads.filter(quad => quad.predicate.value === predicate).map(({ object }) => valueOf(object))
  const [type] = of(rdf.type)
  const kind = type && 'iri' in type ? kindOfIri.get(type.iri) : undefined
  if (!kind) return null
  const id = idOfIri(quads[0]!.subject.value)
  const values = Object.entries(kind.properties).map(([name, { iri }]) => [name, of(iri)] as const)
  const [modified, exact, files] = [about.modified, alv.exactValues, alv.storedFiles].map(iri => of(iri)[0])
  return { id, kind: kind.name, modified, values: new Map(values), exact, files }
}

const valueOf = (object: Quad['object']): RdfValue =>
  object.termType === 'Literal' ? { value: object.value, datatype: object.datatype.value } : { iri: object.value }

function readNode(text: string): ReadBack | null {
  const node: unknown = JSON.parse(text)
  if (!isObject(node) || typeof node['@id'] !== 'string' || typeof node['@type'] !== 'string') return null
  const kind = kindOf(node['@type'])
  if (!kind) return null
  const of = (name: string): RdfValue[] =>
    Object.hasOwn(node, name) ? [node[name]].flat().map(value => spelledOut(value as Json)) : []
  const values = Object.keys(kind.properties).map(name => [name, of(name)] as const)
  const [modified, exact, files] = ['dcterms:modified', 'alv:exactValues', 'alv:storedFiles'].map(name => of(name)[0])
  return { id: idOfIri(node['@id']), kind: kind.name, modified, values: new Map(values), exact, files }
}

/** As `json-ld.ts` writes them. */
function spelledOut(value: Json): RdfValue {
  if (typeof value === 'string') return { value, datatype: xsd.string }
  if (typeof value === 'boolean') return { value: String(value), datatype: xsd.boolean }
  if (isObject(value) && typeof value['@id'] === 'string') return { iri: value['@id'] }
  const { '@value': content, '@type': type } = isObject(value) ? value : {}
  if (type === '@json') return { value: JSON.stringify(content), datatype: rdf.JSON }
  if (typeof content === 'string' && typeof type === 'string')
    return { value: content, datatype: type.replace(/^xsd:/, xsd.ns) }
  throw new SyntaxError('not a value that we write')
}
