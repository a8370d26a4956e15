/** What somebody sealed to us: cells, and the references to stored files in them. */
import { fromBase64Url, sealBlobPage, toBase64Url, utf8 } from '#crypto'
import { blobsIn } from '../../../client/core/blob-refs.ts'
import { folders } from '../../core/part-folders.ts'
import { openBlob } from '../../../client/core/blobs/open-blob.ts'
import { objectsOf } from '../../../client/core/blobs/parts.ts'
import { blobSource } from '../../../client/core/blobs/source.ts'
import { storeBlob } from '../../../client/core/blobs/store-blob.ts'
import { Uplink } from '../../../client/core/blobs/uplink.ts'
import { checkForeign } from '../../../client/core/collections/foreign-cells.ts'
import { memoryServer } from '../../../client/core/memory-pod.ts'
import type { BlobRef } from '../../../client/core/types.ts'
import { encodeCbor } from '../../../crypto/cbor.ts'
import { decodeCells, encodeCells } from '../../../crypto/cells.ts'
import { inText, plain, type Parser } from '../parser.ts'

function cells(bytes: Uint8Array): void {
  const read = decodeCells(bytes)
  checkForeign(read)
  decodeCells(encodeCells(read)) // what was let in can be written
}
const cellsSample = encodeCells([
  { record: '00'.repeat(16), stamp: 5, kind: 'Photo', properties: { a: [1, { b: 'é' }], __proto__x: null } },
  { record: '11'.repeat(16), stamp: 6, kind: '', properties: null },
])

const pod = memoryServer().pod('alice')
const container = `${pod.storage}c/`
const meta = { name: 'a.txt', mediaType: 'text/plain' }
const stored = await storeBlob(
  { pod, container, folder: folders(), uplink: new Uplink(() => 0) },
  blobSource(new Blob(['what the file says'])),
  meta,
)

/** The same, its list of parts on a page of its own. */
async function paged({ parts, ...ref }: BlobRef): Promise<BlobRef> {
  const [part] = parts!
  const list = [{ folder: part!.folder, sealId: fromBase64Url(part!.name), hash: fromBase64Url(part!.hash) }]
  const { sealId, hash, bytes } = sealBlobPage(fromBase64Url(ref.key), fromBase64Url(ref.blob), list)
  const page = { folder: part!.folder, name: toBase64Url(sealId), hash: toBase64Url(hash) }
  await pod.put(`${container}${page.folder}/${page.name}.alv`, bytes)
  return { ...ref, page }
}

/** One cell, by its JSON: of whatever in it says that it is a file the objects are named, and it is read, whole and in part. */
async function references(json: Uint8Array): Promise<void> {
  const read = decodeCells(encodeCbor([new Uint8Array(16), [5], inText(json)]))
  checkForeign(read)
  for (const ref of read.flatMap(({ properties }) => blobsIn(properties))) {
    await objectsOf(pod, container, ref)
    for (const range of [undefined, { start: 2, end: 6 }])
      await new Response(openBlob({ pod, container }, ref, range)).bytes()
  }
}
const referring = (ref: BlobRef): Uint8Array => utf8(JSON.stringify([['File', { content: ref, more: [{ of: ref }] }]]))

export const ofCells: readonly Parser[] = [
  plain('cells', [cellsSample], cells),
  plain('blob references', [referring(stored), referring(await paged(stored))], references),
]
