/** Folders, records, files: reading and adding. */
import type { RecordValue } from '#vocab'
import { AlveoleError } from '../../../crypto/errors.ts'
import { isBlob } from '../../core/blob-refs.ts'
import type { BlobRef, RecordRow, VaultRecord } from '../../core/types.ts'
import type { Listed, RecordsApi } from './api.ts'
import { openedVault } from './current.ts'
import { shownThumbnail, thumbnails } from './thumbnail.ts'

const jobs = new Map<string, AbortController>()

const imageOf = (value: RecordValue): BlobRef | null => {
  const image: unknown = value['image'] ?? value['original']
  return isBlob(image) && image.mediaType.startsWith('image/') ? image : null
}

const listed = ({ id, kind, collection, label, date, modified, pending }: RecordRow): Listed => ({
  id,
  kind,
  collection,
  label,
  date,
  modified,
  pending: pending === true,
})

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
  list: async (search, page, language) =>
    (await openedVault().records.list({ ...search, ...page, order: '-date' }, language)).map(listed),
  async overview(search) {
    const rows = await openedVault().records.list(search)
    const kinds = [...Map.groupBy(rows, row => row.kind)].map(([kind, all]) => ({ kind, count: all.length }))
    const facets = [...new Set(rows.flatMap(row => row.facets))]
    return { kinds: kinds.sort((a, b) => b.count - a.count), facets }
  },
  recent: async (limit, language) =>
    (await openedVault().records.list({}, language))
      .sort((a, b) => b.modified - a.modified)
      .slice(0, limit)
      .map(listed),
  record: id => openedVault().records.get(id as VaultRecord['id']),
  keptIn: async id => openedVault().selections.keptIn(id as VaultRecord['id']).length,
  removeRecord: id => openedVault().records.remove(id as VaultRecord['id']),
  eraseRecord: id => openedVault().records.erase(id as VaultRecord['id']),
  discardChange: id => openedVault().outbox.discard(id),
  blob: async (ref, collection) => blobOf(await openedVault().blobs.open(ref, collection), ref),
  async picture({ id, collection }) {
    const value = (await openedVault().records.get(id))?.value ?? {}
    const [small, whole] = [shownThumbnail(value['thumbnail']), imageOf(value)]
    return small ?? (whole && blobOf(await openedVault().blobs.open(whole, collection), whole))
  },
  async add(job, file, folder, listener, still) {
    const stop = new AbortController()
    jobs.set(job, stop)
    const source = { name: file.name, blob: file, lastModified: file.lastModified }
    const onProgress = ({ done }: { done: number }): void => listener(done)
    return openedVault()
      .import([source], { into: folder, onProgress, signal: stop.signal, thumbnail: thumbnails(still) })
      .catch((error: unknown) => {
        throw stop.signal.aborted ? new AlveoleError('cancelled') : error
      })
      .finally(() => jobs.delete(job))
  },
  stopAdding: async job => jobs.get(job)?.abort(),
}
