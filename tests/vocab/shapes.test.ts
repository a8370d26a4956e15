// The SHACL shapes accept every record that formats give, and refuse odd ones.
import { readFileSync } from 'node:fs'
import { DataFactory, Store } from 'n3'
import Validator from 'rdf-validate-shacl'
import { describe, expect, it } from 'vitest'
import { kind, kinds, prefixes, rdf, rdfValues, xsd } from '#vocab'
import type { RecordValue } from '#vocab'
import { readTurtle } from '../../vocab/generate.ts'
import { jpegWith } from '../formats/images.ts'
import { fixture, gather, samples, sourceFile } from '../formats/read.ts'

const validator = new Validator(readTurtle('shapes.ttl'))

function graph(kindName: string, value: RecordValue, id = 'urn:x:1'): Store {
  const found = kind(kindName)
  const store = new Store([
    DataFactory.quad(
      DataFactory.namedNode(id),
      DataFactory.namedNode(rdf.type),
      DataFactory.namedNode(found?.iri ?? ''),
    ),
  ])
  for (const [name, json] of Object.entries(value)) {
    const property = found?.properties[name]
    if (!property) throw new Error(`${kindName} has no ${name}`)
    for (const item of rdfValues(property.type, json)) {
      const object =
        'iri' in item
          ? DataFactory.namedNode(item.iri)
          : DataFactory.literal(item.value, DataFactory.namedNode(item.datatype))
      store.add(DataFactory.quad(DataFactory.namedNode(id), DataFactory.namedNode(property.iri), object))
    }
  }
  return store
}

const faults = async (kindName: string, value: RecordValue): Promise<string[]> => {
  const report = await validator.validate(graph(kindName, value))
  return report.results.map(result => `${result.path?.value} ${result.message.map(text => text.value).join()}`)
}

const tree =
  '0 HEAD\n0 @I1@ INDI\n1 NAME A /B/\n1 BIRT\n2 DATE ABT 1900\n1 NOTE n\n0 @I2@ INDI\n0 @F1@ FAM\n1 HUSB @I1@\n1 WIFE @I2@\n0 TRLR\n'

describe('shapes', () => {
  it('stand for every kind, and the published vocabulary spells their terms', () => {
    const text = readFileSync(new URL('../../vocab/shapes.ttl', import.meta.url), 'utf8')
    for (const { iri } of kinds) expect(text).toContain(`sh:targetClass <${iri}>`)
    expect(prefixes.alv).toBe('https://w3id.org/alveole#')
  })

  it('accept the records of every format', async () => {
    const own = [
      fixture('bundle.fhir'),
      sourceFile('t.ged', tree),
      sourceFile('p.jpg', jpegWith(6).bytes),
      sourceFile('f.txt', 'text'),
    ]
    for (const file of [...own, ...samples('ips'), ...samples('photos')]) {
      const { drafts } = await gather(file)
      for (const { kind: name, value } of drafts) expect(await faults(name, value)).toEqual([])
    }
  })

  it('refuse a record without its source, and values of other types', async () => {
    expect(await faults('Condition', { resourceType: 'Condition' })).toHaveLength(1)
    expect(await faults('Relationship', {})).toHaveLength(1)
    expect(await faults('Person', { living: 'perhaps' })).toHaveLength(1)
    expect(await faults('Person', { birthDate: 'long ago' })).toHaveLength(1)
    expect(await faults('Photo', { orientation: 'left', position: 'here' })).toHaveLength(2)
  })

  it('give dates the type of their precision', () => {
    const types = ['1980', '1980-02', '1980-02-03', '1980-02-03T04:05:06Z'].map(date => rdfValues('date', date)[0])
    expect(types.map(value => value && 'datatype' in value && value.datatype)).toEqual([
      xsd.gYear,
      xsd.gYearMonth,
      xsd.date,
      xsd.dateTime,
    ])
  })
})
