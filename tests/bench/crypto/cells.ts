/** Cells as the vault makes them of health records: the published samples, where they stand beside the project, and entered ones. */
import { createVault, memoryStore, type SourceFile, type VaultRecord } from '#core'
import { FLOOR, random, toHex } from '#crypto'
import { leafOf } from '#vocab'
import type { Write } from '../../../client/core/collections/pack.ts'
import { memoryServer } from '../../../client/core/memory-pod.ts'
import { sample, sampleNames, samplesPresent } from '../../samples.ts'
import { bundle } from '../../scenarios/generated-bundle.ts'
import { KIND, vaccinations } from '../vaccinations.ts'
import type { Inputs } from './figures.ts'

type Value = Pick<VaultRecord, 'kind' | 'value'>

async function bundles(count: number): Promise<SourceFile[]> {
  if (!samplesPresent) return [bundle(count)]
  const paths = ['fhir', 'ips'].flatMap(kind => sampleNames(kind).map(name => `${kind}/${name}`))
  return Promise.all(paths.map(sample))
}

async function imported(count: number): Promise<Value[]> {
  const surroundings = { pod: memoryServer().pod('bench'), store: memoryStore() }
  const { vault } = await createVault(surroundings, { password: 'a password of the bench', passwordCost: FLOOR })
  await vault.import(await bundles(count))
  return Array.fromAsync(vault.records.query())
}

/** One cell a leaf facet that the record has something of (vocabulary, Kinds). */
function cellsOf({ kind, value }: Value): Write[] {
  const facets = Map.groupBy(Object.entries(value), ([property]) => leafOf(kind, property, value)!)
  const [record, stamp] = [toHex(random(16)), Date.now()]
  return [...facets].map(([facet, properties]) => ({
    record,
    stamp,
    kind,
    facet,
    properties: Object.fromEntries(properties),
  }))
}

/** Of `count` records each: the samples' over again, under other ids, where there are not that many. */
export async function cells(count: number): Promise<Inputs & { about: string }> {
  const found = await imported(count)
  const all = Array.from({ length: count }, (_, i) => found[i % found.length]!)
  const from = samplesPresent
    ? `${Math.min(count, found.length).toLocaleString('en')} different ones of published FHIR and IPS bundles`
    : 'a generated FHIR bundle (the published samples are not beside the project)'
  return {
    imported: JSON.stringify(all.flatMap(cellsOf)),
    entered: JSON.stringify(vaccinations(count).flatMap(value => cellsOf({ kind: KIND, value }))),
    about: `Imported records: ${from}, each with the resource that it came from; entered ones: vaccinations of six properties and a note`,
  }
}
