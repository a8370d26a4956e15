/** Everything out again, decrypted and readable without us, folder by folder, the list of it all last. */
import type { Collections } from '../collections/collections.ts'
import type { Records } from '../records.ts'
import type { BlobRef, CollectionId, VaultRecord } from '../types.ts'
import { withoutFiles, type Attached, type ExportedFile, type ExportForm, type Place } from './files.ts'
import { graphOf } from './graph.ts'
import { Lines } from './lines.ts'
import { listing } from './listing.ts'
import { MANIFEST, manifestHead } from './manifest.ts'
import { apart, safeName } from './names.ts'
import { sourceFiles } from './source.ts'

/** What is read of a vault. */
export interface Exported {
  owner: string
  collections: Pick<Collections, 'list'>
  records: Pick<Records, 'query'>
  blobs: { open(ref: BlobRef, collection: CollectionId): Promise<ReadableStream<Uint8Array>> }
}

const ENDING = { jsonld: 'jsonld', nquads: 'nq' } as const

/** `at`: milliseconds since 1970. */
export async function* exportVault(vault: Exported, form: ExportForm, at: number): AsyncGenerator<ExportedFile> {
  const free = apart()
  const lines = new Lines()
  const head = manifestHead({ form, exported: new Date(at).toISOString(), owner: vault.owner })
  lines.add(`${JSON.stringify(head).slice(0, -1)},\n "collections": [`)
  let between = ''
  for (const collection of await vault.collections.list()) {
    const place = { collection, folder: free(safeName(collection.name)) }
    const { id, name } = collection
    lines.add(`${between}\n  ${JSON.stringify({ id, name }).slice(0, -1)},"files":[`)
    yield* listing(filesOf(vault, place, form), lines)
    lines.add(']}')
    between = ','
  }
  lines.add(']}\n')
  yield { path: MANIFEST, body: lines.stream(), size: lines.size }
}

async function* filesOf(vault: Exported, place: Place, form: ExportForm): AsyncGenerator<ExportedFile> {
  const records = (): AsyncIterable<VaultRecord> => vault.records.query({ collection: place.collection.id })
  const open = async ({ path, ref }: Attached): Promise<ExportedFile> => ({
    path,
    size: ref.size,
    body: await vault.blobs.open(ref, place.collection.id),
  })
  if (form !== 'source')
    yield { path: `${place.folder}.${ENDING[form]}`, body: graphOf(form, place, records()), graph: true }
  for await (const record of records()) {
    if (form === 'source') yield* sourceFiles(place, record, open)
    else for (const file of withoutFiles(place, record).files) yield await open(file)
  }
}
