/** Cells as the vault makes them of health records: the published samples, where they stand beside the project. */
import { createVault, memoryStore, type SourceFile, type VaultRecord } from '#core'
import { FLOOR, random, toHex } from '#crypto'
import { leafOf, type RecordValue } from '#vocab'
import type { Write } from '../../../client/core/collections/pack.ts'
import { memoryServer } from '../../../client/core/memory-pod.ts'
import { sample, sampleNames, samplesPresent } from '../../samples.ts'
import { bundle } from '../../scenarios/generated-bundle.ts'

export interface Cells {
  writes: Write[]
  source: string
}

async function files(count: number): Promise<{ files: SourceFile[]; source: string }> {
  if (!samplesPresent)
    return { files: [bundle(count)], source: 'a generated FHIR bundle (the published samples are not there)' }
  const paths = ['fhir', 'ips'].flatMap(kind => sampleNames(kind).map(name => `${kind}/${name}`))
  return { files: await Promise.all(paths.map(sample)), source: 'published FHIR and IPS bundles, imported' }
}

async function imported(count: number): Promise<{ records: VaultRecord[]; source: string }> {
  const surroundings = { pod: memoryServer().pod('bench'), store: memoryStore() }
  const { vault } = await createVault(surroundings, { password: 'a password of the bench', passwordCost: FLOOR })
  const from = await files(count)
  await vault.import(from.files)
  return { records: await Array.fromAsync(vault.records.query()), source: from.source }
}

/** One cell a leaf facet that the record has something of (vocabulary, Kinds). */
function cellsOf({ kind, value, modified }: VaultRecord, id: string): Write[] {
  const facets = Map.groupBy(Object.entries(value), ([property]) => leafOf(kind, property, value)!)
  return [...facets].map(([facet, properties]) => ({
    record: id,
    stamp: modified,
    kind,
    facet,
    properties: Object.fromEntries(properties) as RecordValue,
  }))
}

/** Of `count` records: each of the samples' once, and over again under other ids where there are not that many. */
export async function cells(count: number): Promise<Cells> {
  const { records, source } = await imported(count)
  const writes = Array.from({ length: count }, (_, i) =>
    cellsOf(records[i % records.length]!, toHex(random(16))),
  ).flat()
  return { writes, source: `${source} (${Math.min(count, records.length).toLocaleString('en')} different records)` }
}
