/** Folders, records, files: reading and adding. */
import { kind } from '#vocab'
import type { Language, RecordValue } from '#vocab'
import { AlveoleError } from '../../../crypto/errors.ts'
import { isBlob } from '../../core/blob-refs.ts'
import type { BlobRef, VaultRecord } from '../../core/types.ts'
import type { Listed, RecordsApi } from './api.ts'
import { openedVault } from './current.ts'
import { makeThumbnail, shownThumbnail } from './thumbnail.ts'

const jobs = new Map<string, AbortController>()

const imageOf = (value: RecordValue): BlobRef | null => {
  const image: unknown = value['image'] ?? value['original']
  return isBlob(image) && image.mediaType.startsWith('image/') ? image : null
}

const listed = (record: VaultRecord, language: Language): Listed => {
  const { id, collection, modified, value, pending = false } = record
  const known = kind(record.kind)
  return {
    id,
    kind: record.kind,
    collection,
    label: known?.labelOf(value, language) ?? record.kind,
    date: known?.dateOf(value) ?? null,
    modified,
    pending,
    image: known?.view === 'gallery' ? imageOf(value) : null,
  }
}

export const blobOf = async (stream: ReadableStream<Uint8Array>, ref: BlobRef): Promise<Blob> => {
  const bytes = await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).blob()
  return bytes.slice(0, bytes.size, ref.mediaType)
}

export const recordsApi: RecordsApi = {
  folders: async () => (await openedVault().collections.list()).map(({ id, name, url }) => ({ id, name, url })),
  createFolder: async name => {
    const { id, url } = await openedVault().collections.create(name)
    return { id, name, url }
  },
  async list(search, language) {
    const found: Listed[] = []
    for await (const record of openedVault().records.query({ ...search, order: '-date' }))
      found.push(listed(record, language))
    return found
  },
  record: id => openedVault().records.get(id as VaultRecord['id']),
  removeRecord: id => openedVault().records.remove(id as VaultRecord['id']),
  discardChange: id => openedVault().outbox.discard(id),
  blob: async (ref, collection) => blobOf(await openedVault().blobs.open(ref, collection), ref),
  async picture({ id, collection }, ref) {
    const record = await openedVault().records.get(id)
    const small = shownThumbnail(record?.value['thumbnail'])
    return small ?? blobOf(await openedVault().blobs.open(ref, collection), ref)
  },
  async add(job, file, folder, listener) {
    const stop = new AbortController()
    jobs.set(job, stop)
    const source = { name: file.name, blob: file, lastModified: file.lastModified }
    const onProgress = ({ done }: { done: number }): void => listener(done)
    return openedVault()
      .import([source], { into: folder, onProgress, signal: stop.signal, thumbnail: makeThumbnail })
      .catch((error: unknown) => {
        throw stop.signal.aborted ? new AlveoleError('cancelled') : error
      })
      .finally(() => jobs.delete(job))
  },
  stopAdding: async job => jobs.get(job)?.abort(),
}
