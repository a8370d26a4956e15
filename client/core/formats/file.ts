/** Any file that no other format claims, of any size, kept whole with its name and what its bytes are. */
import { compact } from './fhir/types.ts'
import { badFile, bytesOf } from './fail.ts'
import type { Draft, Format, Item, SourceFile } from './format.ts'
import { hashFile } from './hash.ts'
import { mediaTypeOf } from './media-types.ts'

const SAMPLE = 4096

export async function fileDraft(file: SourceFile, identity: string): Promise<Draft> {
  const { name, blob, lastModified } = file
  const mediaType = mediaTypeOf(await bytesOf(file, SAMPLE, 0, Math.min(SAMPLE, blob.size)), name)
  const modified = lastModified === undefined ? undefined : new Date(lastModified).toISOString()
  return {
    kind: 'File',
    value: compact({ name, mediaType, size: blob.size, modified }),
    identity: `file:${identity}`,
    attachments: [{ property: 'content', blob, name, mediaType }],
  }
}

async function* read(file: SourceFile, signal?: AbortSignal): AsyncGenerator<Item> {
  if (file.blob.size === 0) throw badFile(file, 'byte 0', 'empty')
  yield { draft: await fileDraft(file, await hashFile(file, signal)) }
  yield { progress: 1 }
}

export const file: Format = { name: 'file', recognises: () => true, read }
