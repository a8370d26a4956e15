/**
 * The baseline: what a Solid app does without us. One plaintext Turtle resource per record, by @inrupt/solid-client over the
 * same session, eight requests at a time.
 */
import {
  buildThing,
  createSolidDataset,
  createThing,
  getContainedResourceUrlAll,
  getSolidDataset,
  saveSolidDatasetAt,
  setThing,
} from '@inrupt/solid-client'
import { kind, rdf, type RecordValue } from '#vocab'
import { inParallel } from '../../client/core/parallel.ts'
import { KIND } from './vaccinations.ts'

type Fetch = typeof globalThis.fetch

const WIDTH = 8
const { iri: type, properties } = kind(KIND)!

function datasetOf(value: RecordValue) {
  const thing = buildThing(createThing({ name: 'it' })).addUrl(rdf.type, type)
  for (const [name, text] of Object.entries(value))
    thing.addStringNoLocale(properties[name]!.iri, typeof text === 'string' ? text : JSON.stringify(text))
  return setThing(createSolidDataset(), thing.build())
}

export const storeOne = (container: string, name: string, value: RecordValue, fetch: Fetch): Promise<unknown> =>
  saveSolidDatasetAt(`${container}${name}.ttl`, datasetOf(value), { fetch })

export const storeAll = (container: string, values: readonly RecordValue[], fetch: Fetch): Promise<unknown> =>
  inParallel(values, (value, index) => storeOne(container, `record-${index}`, value, fetch), WIDTH)

/** Every record of the container, read and parsed. */
export async function listAll(container: string, fetch: Fetch): Promise<number> {
  const urls = getContainedResourceUrlAll(await getSolidDataset(container, { fetch }))
  const records = await inParallel(urls, url => getSolidDataset(url, { fetch }), WIDTH)
  return records.length
}
