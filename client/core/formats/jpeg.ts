/**
 * JPEG photographs. `original` is the file as it came; `image` is the same picture, pixel for pixel, without the
 * metadata, so that the image can be shared without place, date or camera. A JPEG that is not whole is kept as a
 * File and said to be damaged.
 */
import { bytesOf } from './fail.ts'
import { compact } from './fhir/types.ts'
import { file as anyFile, fileDraft } from './file.ts'
import type { Format, Item, SourceFile } from './format.ts'
import { hashFile } from './hash.ts'
import { readMetadata } from './photo/metadata.ts'
import { carriedThumbnail } from './photo/thumbnail.ts'
import { stripJpeg, strippedBlob } from './photo/strip.ts'
import type { Stripped } from './photo/strip.ts'

const LIMIT = 256 * 1024 * 1024
const MEDIA_TYPE = 'image/jpeg'

async function photoDraft(
  { name, blob }: SourceFile,
  hash: string,
  bytes: Uint8Array<ArrayBuffer>,
  stripped: Stripped,
): Promise<Item[]> {
  const metadata = await readMetadata(bytes)
  const orientation = typeof metadata?.['orientation'] === 'number' ? metadata['orientation'] : 1
  const { width, height } = stripped
  const image = strippedBlob(blob, stripped, orientation)
  const thumbnail = await carriedThumbnail(bytes, orientation)
  const draft = {
    kind: 'Photo',
    value: compact({ ...metadata, thumbnail, orientation, width, height, mediaType: MEDIA_TYPE, fileName: name }),
    identity: `photo:${hash}`,
    attachments: [
      { property: 'image', blob: image, name: 'image.jpg', mediaType: MEDIA_TYPE },
      { property: 'original', blob, name, mediaType: MEDIA_TYPE },
    ],
  }
  return metadata ? [{ draft }] : [{ draft }, { problem: { where: 'byte 0', reason: 'broken-metadata' } }]
}

async function* readWhole(file: SourceFile, signal?: AbortSignal): AsyncGenerator<Item> {
  const hash = await hashFile(file, signal)
  const bytes = await bytesOf(file, LIMIT)
  const stripped = stripJpeg(bytes)
  if (stripped) yield* await photoDraft(file, hash, bytes, stripped)
  else {
    yield { draft: await fileDraft(file, hash) }
    yield { problem: { where: 'byte 0', reason: 'broken-image' } }
  }
  yield { progress: 1 }
}

export const jpeg: Format = {
  name: 'jpeg',
  recognises: start => start[0] === 0xff && start[1] === 0xd8 && start[2] === 0xff,
  read: (file, signal) => (file.blob.size > LIMIT ? anyFile.read(file, signal) : readWhole(file, signal)),
}
