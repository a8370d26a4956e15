/** The two RDF forms say the same, what they say fits the shapes, and no key is in either. */
import { JsonLdParser } from 'jsonld-streaming-parser'
import { DataFactory, Parser, Store, type Quad } from 'n3'
import Validator from 'rdf-validate-shacl'
import { beforeAll, describe, expect, test } from 'vitest'
import { alv, kinds } from '#vocab'
import { readTurtle } from '../../vocab/generate.ts'
import { fixture, sourceFile } from '../formats/read.ts'
import { world } from '../core/world.ts'
import { exported, filled, jsonOf, textOf, type Files } from './exported.ts'

let nquads: Files
let jsonld: Files
let keys: string[]

const tree = '0 HEAD\n0 @I1@ INDI\n1 NAME A /B/\n1 BIRT\n2 DATE ABT 1900\n0 @F1@ FAM\n1 HUSB @I1@\n0 TRLR\n'

beforeAll(async () => {
  const { vault } = await world().member('alice')
  await vault.import([fixture('bundle.fhir'), sourceFile('t.ged', tree), sourceFile('f "é".bin', 'bytes of a file')])
  const { id } = await vault.collections.create('Every / kind')
  for (const { name } of kinds) await vault.records.put(name, filled(name), { collection: id })
  await vault.collections.create('empty')
  nquads = await exported(vault, 'nquads')
  jsonld = await exported(vault, 'jsonld')
  const [file] = await Array.fromAsync(vault.records.query({ kind: 'File' }))
  const { key } = file!.value['content'] as { key: string }
  keys = [key]
})

async function parseJsonLd(text: string): Promise<Quad[]> {
  const parser = new JsonLdParser()
  const quads: Quad[] = []
  const ended = new Promise((resolve, reject) => parser.on('end', resolve).on('error', reject))
  parser.on('data', (quad: Quad) => quads.push(quad))
  parser.end(text)
  await ended
  return quads
}

const validator = new Validator(readTurtle('shapes.ttl'))

async function faults(quads: readonly Quad[]): Promise<(string | undefined)[]> {
  const graph = quads.map(({ subject, predicate, object }) => DataFactory.quad(subject, predicate, object))
  return (await validator.validate(new Store(graph))).results.map(({ path }) => path?.value)
}

const spelled = (quads: Iterable<Quad>): string[] =>
  [
    ...new Set(
      Array.from(quads, ({ subject, predicate, object, graph }) =>
        JSON.stringify(
          [subject, predicate, object, graph].map(term => [
            term.termType,
            term.value,
            'datatype' in term ? term.datatype.value : '',
          ]),
        ),
      ),
    ),
  ].toSorted()

const documents = (files: Files, ending: string): string[] =>
  [...files.keys()].filter(path => path.endsWith(ending) && !path.includes('/'))

describe('both RDF forms', () => {
  test('say the same of every folder', async () => {
    const names = documents(nquads, '.nq')
    expect(names.map(name => name.replace(/nq$/, 'jsonld'))).toEqual(documents(jsonld, '.jsonld'))
    expect(names).toEqual(expect.arrayContaining(['Health.nq', 'Family.nq', 'Every _ kind.nq', 'empty.nq']))
    for (const name of names) {
      const ours = new Parser({ format: 'application/n-quads' }).parse(textOf(nquads, name))
      const theirs = await parseJsonLd(textOf(jsonld, name.replace(/nq$/, 'jsonld')))
      expect(spelled(theirs)).toEqual(spelled(ours))
      expect(ours.length).toBeGreaterThan(1)
    }
  })

  test('fit the shapes', async () => {
    for (const name of documents(nquads, '.nq')) {
      const quads = new Parser({ format: 'application/n-quads' }).parse(textOf(nquads, name))
      expect(await faults(quads)).toEqual([])
      const cut = quads.filter(({ predicate }) => predicate.value !== alv.source)
      if (name === 'Health.nq') expect(await faults(cut)).not.toEqual([])
    }
  })

  test.each([
    ['nquads', () => nquads],
    ['jsonld', () => jsonld],
  ])('%s brings the files along, lists everything last, and no key', (form, of) => {
    const files = of()
    const manifest = jsonOf(files, 'alveole.json')
    expect([...files.keys()].at(-1)).toBe('alveole.json')
    expect(manifest.form).toBe(form)
    const listed = manifest.collections.flatMap(collection => collection.files.map(({ path }) => path))
    expect(listed.toSorted()).toEqual([...files.keys()].filter(path => path !== 'alveole.json').toSorted())
    const path = listed.find(one => /^Files\/File\/[0-9a-f]{32} content f _é_\.bin$/.test(one))!
    expect(textOf(files, path)).toBe('bytes of a file')
    const graph = [...files].find(([name]) => name.startsWith('Files.'))!
    expect(textOf(files, graph[0])).toContain(path)
    for (const bytes of files.values()) for (const key of keys) expect(Buffer.from(bytes).includes(key)).toBe(false)
  })
})
