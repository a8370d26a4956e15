/**
 * Images other than JPEG: HEIC, AVIF, PNG, TIFF, WebP, GIF. A Photo with what its metadata says; the file itself is
 * the original, since taking metadata out of these would mean to write them anew. Few browsers draw HEIC: its thumbnail is the JPEG that
 * some cameras leave in its EXIF.
 */
import type { RecordValue } from '#vocab'
import { bytesOf } from './fail.ts'
import { compact } from './fhir/types.ts'
import type { Format, Item, SourceFile } from './format.ts'
import { hashFile } from './hash.ts'
import { mediaTypeOf } from './media-types.ts'
import { readMetadata } from './photo/metadata.ts'
import { carriedThumbnail } from './photo/thumbnail.ts'

/** Above this only the file is kept: its metadata is not worth that much memory. */
const METADATA_LIMIT = 256 * 1024 * 1024
const SAMPLE = 64

const isImage = (start: Uint8Array): boolean => {
  const mediaType = mediaTypeOf(start, '')
  return mediaType.startsWith('image/') && mediaType !== 'image/jpeg'
}

/** Kinds of files in which exifr finds metadata; in the others there is nothing to fail at. */
const WITH_METADATA = new Set(['image/heic', 'image/heif', 'image/avif', 'image/png', 'image/tiff'])

const HEIC = new Set(['image/heic', 'image/heif'])

const orientationOf = (metadata: RecordValue | null): number =>
  typeof metadata?.['orientation'] === 'number' ? metadata['orientation'] : 1

async function* read(file: SourceFile, signal?: AbortSignal): AsyncGenerator<Item> {
  const { name, blob } = file
  const mediaType = mediaTypeOf(await bytesOf(file, SAMPLE, 0, Math.min(SAMPLE, blob.size)), '')
  const identity = `photo:${await hashFile(file, signal)}`
  const readable = WITH_METADATA.has(mediaType) && blob.size <= METADATA_LIMIT
  const bytes = readable ? await bytesOf(file, METADATA_LIMIT) : null
  const metadata = bytes ? await readMetadata(bytes) : {}
  const thumbnail = bytes && HEIC.has(mediaType) ? await carriedThumbnail(bytes, orientationOf(metadata)) : undefined
  yield {
    draft: {
      kind: 'Photo',
      value: compact({ ...metadata, thumbnail, mediaType, fileName: name }),
      identity,
      attachments: [{ property: 'original', blob, name, mediaType }],
    },
  }
  if (metadata === null) yield { problem: { where: 'byte 0', reason: 'broken-metadata' } }
  yield { progress: 1 }
}

export const image: Format = { name: 'image', recognises: isImage, read }
