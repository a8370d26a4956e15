/** A document of RDF is somebody's word too: what it says wrongly is told, and nothing of it gets in (A27). */
import { beforeAll, describe, expect, test } from 'vitest'
import { rdf } from '#vocab'
import { sourceFile } from '../formats/read.ts'
import { reopen, world, type Member } from '../core/world.ts'
import { exported, folderOf, rehashed, textOf, type Files } from './exported.ts'

type Form = 'nquads' | 'jsonld'
let bob: Member
let back: () => void
const files: { [form: string]: Files } = {}
const documentOf = { nquads: 'Files.nq', jsonld: 'Files.jsonld' }

beforeAll(async () => {
  const around = world()
  const alice = await around.member('alice')
  bob = await around.member('bob')
  await bob.vault.settle()
  back = around.save(bob.around.store)
  await alice.vault.import([sourceFile('a.txt', 'one'), sourceFile('b.txt', 'two')])
  for (const form of ['nquads', 'jsonld'] as const) files[form] = await exported(alice.vault, form)
})

async function imported(of: Files) {
  back()
  const vault = await reopen(bob)
  const report = await vault.import(folderOf(of))
  expect(Object.getPrototypeOf({})).not.toHaveProperty('x')
  const kept = await Array.fromAsync(vault.records.query())
  return { reasons: report.files[0]!.problems.map(({ reason }) => reason), kept: kept.length }
}

/** With the manifest's word that the document is so. */
const rewritten = (form: Form, edit: (text: string) => string): Promise<Files> => {
  const path = documentOf[form]
  return rehashed(new Map(files[form]).set(path, Buffer.from(edit(textOf(files[form]!, path)), 'latin1')))
}
/** Only the first time that it stands there. */
const first = (what: string | RegExp, by: string) => (text: string) => {
  const changed = text.replace(what, by)
  expect(changed).not.toBe(text)
  return changed
}

describe.each<Form>(['nquads', 'jsonld'])('of a document in %s', form => {
  test('nothing is taken where it is not what the manifest says, or not there', async () => {
    const path = documentOf[form]
    const cut = new Map(files[form]).set(path, files[form]!.get(path)!.slice(0, -5))
    expect(await imported(cut)).toEqual({ reasons: ['altered'], kept: 0 })
    const without = new Map(files[form])
    without.delete(path)
    expect(await imported(without)).toEqual({ reasons: ['missing-target'], kept: 0 })
  })

  test('what is not UTF-8 ends it', async () => {
    expect(await imported(await rewritten(form, text => `${text}\n\u00FF`))).toMatchObject({ reasons: ['encoding'] })
  })

  /** The first record's. */
  const idIn = (text: string): string => /urn:alveole:record:([0-9a-f]{32})/.exec(text)![1]!
  const pick = (nquads: [string | RegExp, string], jsonld: [string | RegExp, string]) =>
    first(...(form === 'nquads' ? nquads : jsonld))
  const cases: [string, (text: string) => string, string][] = [
    ['it is of no kind', pick(['#File>', '#Film>'], ['"@type": "File"', '"@type": "Film"']), 'syntax'],
    ['it has no day', first(/"20\d\d-[^"]*Z"/, '"yesterday"'), 'wrong-type'],
    ['its id is no id', text => text.replaceAll(idIn(text), '__proto__'), 'syntax'],
    ['its id is no text', text => text.replaceAll(idIn(text), '%ff'), 'syntax'],
    ['it is in no language', pick([/(#File> <[^>]*>) \./, '$1 ;'], ['"@type": "File",', '"@type" "File",']), 'syntax'],
  ]
  test.each(cases)('a record is left out, and the other comes in, where %s', async (_, edit, reason) => {
    expect(await imported(await rewritten(form, edit))).toEqual({ reasons: [reason], kept: 1 })
  })

  /** Says something more of the first record. */
  const saying = (term: string, json: string) => (text: string) => {
    const iri = `urn:alveole:record:${idIn(text)}`
    const value = JSON.stringify(json)
    if (form === 'nquads')
      return text.replace(
        `<${iri}>`,
        () => `<${iri}> <https://w3id.org/alveole#${term}> ${value}^^<${rdf.JSON}> .\n<${iri}>`,
      )
    return text.replace(`"${iri}",`, () => `"${iri}",\n    "alv:${term}": {"@value": ${json}, "@type": "@json"},`)
  }
  test.each([
    [
      'exactValues',
      `{"name": ${JSON.stringify({ type: 'blob', blob: 'x', key: 'x', name: 'x', mediaType: 'x', size: 1 })}}`,
      'wrong-type',
    ],
    ['exactValues', '{"toString": 1}', 'no-such-kind'],
    ['exactValues', '{"__proto__": {"x": 1}}', 'no-such-kind'],
    ['exactValues', '[1]', 'wrong-type'],
    ['exactValues', `{"name": ${'['.repeat(40)}1${']'.repeat(40)}}`, 'too-deep'],
  ])('and where its %s are %s', async (term, json, reason) => {
    expect(await imported(await rewritten(form, saying(term, json)))).toEqual({ reasons: [reason], kept: 1 })
  })

  test.each([
    ['{"at": "/content", "path": "../../etc/passwd", "name": "a", "mediaType": "b"}', 'missing-target'],
    ['{"at": "/content", "path": "DOCUMENT", "name": "a", "mediaType": "b"}', 'missing-target'],
    ['{"at": "/__proto__", "path": "a", "name": "a", "mediaType": "b"}', 'wrong-type'],
    ['{"at": 1}', 'wrong-type'],
    ['1', 'wrong-type'],
  ])('and where its file is %s', async (json, reason) => {
    const told = `[${json.replace('DOCUMENT', documentOf[form])}]`
    const edit = (text: string): string => {
      const fewer =
        form === 'nquads'
          ? text.replace(/\n[^\n]*#storedFiles>[^\n]*/, '')
          : text.replace(/,\n {2}"alv:storedFiles": \{[^]*?\n {2}\}/, '')
      expect(fewer).not.toBe(text)
      return saying('storedFiles', told)(fewer)
    }
    expect(await imported(await rewritten(form, edit))).toEqual({ reasons: [reason], kept: 1 })
  })

  test('a record that stands there twice counts once', async () => {
    const twice = (text: string): string => {
      if (form === 'nquads') {
        const lines = text.trim().split('\n')
        const subject = /^<[^>]*>/.exec(lines[2]!)![0]
        return [...lines, ...lines.filter(line => line.startsWith(subject))].join('\n')
      }
      const node = /\n\{[^]*?\n\}/.exec(text.slice(text.indexOf('@graph')))![0]
      return text.replace('"@graph": [', () => `"@graph": [${node},`)
    }
    expect(await imported(await rewritten(form, twice))).toEqual({ reasons: ['same-id'], kept: 2 })
  })
})
