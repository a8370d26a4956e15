/** A second baseline: the same records as plaintext Turtle documents of a thousand each, written and read with n3 over the same session. */
import { Parser, Writer, DataFactory } from 'n3'
import { kind, rdf } from '#vocab'
import { inParallel } from '../../client/core/parallel.ts'
import { KIND, vaccination } from './vaccinations.ts'

type Fetch = typeof globalThis.fetch

const EACH = 1000
const { iri: type, properties } = kind(KIND)!
const { namedNode, literal, quad } = DataFactory

function turtleOf(from: number): string {
  const writer = new Writer()
  for (let n = from; n < from + EACH; n++) {
    const subject = namedNode(`#record-${n}`)
    writer.addQuad(quad(subject, namedNode(rdf.type), namedNode(type)))
    for (const [name, text] of Object.entries(vaccination(n)))
      writer.addQuad(quad(subject, namedNode(properties[name]!.iri), literal(JSON.stringify(text))))
  }
  let turtle = ''
  writer.end((_, text) => (turtle = text))
  return turtle
}

const urlsOf = (container: string, count: number): string[] =>
  Array.from({ length: Math.ceil(count / EACH) }, (_, at) => `${container}document-${at}.ttl`)

export const storeDocuments = (container: string, count: number, fetch: Fetch): Promise<unknown> =>
  inParallel(urlsOf(container, count), async (url, at) => {
    const response = await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': 'text/turtle' },
      body: turtleOf(at * EACH),
    })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
  })

export const listDocuments = (container: string, count: number, fetch: Fetch): Promise<unknown> =>
  inParallel(urlsOf(container, count), async url => {
    const response = await fetch(url)
    return new Parser({ baseIRI: url }).parse(await response.text()).length
  })
