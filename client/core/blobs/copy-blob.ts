/**
 * A stored file for another collection of one's own (SPEC B7): the same ciphertext at the same places in its folder, so that one
 * reference is right in both. Nothing is opened, and whoever does it twice, or side by side with another device, stores the same bytes.
 */
import { AlveoleError, equal, fromBase64Url, hash, release } from '#crypto'
import type { Part } from '../blob-refs.ts'
import { checkSignal, inParallel } from '../parallel.ts'
import type { Pod } from '../pod.ts'
import type { Patience } from '../retry.ts'
import type { BlobRef } from '../types.ts'
import { objectsOf } from './parts.ts'
import { putPart } from './put-part.ts'
import { partUrl } from './ref.ts'
import type { Uplink } from './uplink.ts'

interface Way {
  pod: Pod
  uplink: Uplink
  /** Containers of collections. */
  from: string
  to: string
}

/** Throws `tampered` where a part is gone or is not what the reference says (SPEC B5). */
export async function copyBlob(way: Way, ref: BlobRef, patience: Patience = {}): Promise<void> {
  const objects = await objectsOf(way.pod, way.from, ref)
  await inParallel(objects, part => copyPart(way, part, patience), 2)
}

async function copyPart({ pod, uplink, from, to }: Way, part: Part, patience: Patience): Promise<void> {
  checkSignal(patience.signal)
  const reply = await pod.get(partUrl(from, part))
  if (!reply || !equal(hash(reply.body), fromBase64Url(part.hash)))
    throw new AlveoleError('tampered', 'a part of a file is gone or altered')
  const url = partUrl(to, part)
  const put = (): Promise<boolean> => putPart({ pod, uplink }, url, reply.body, patience)
  if (!(await put())) {
    await pod.delete(url) // what a server kept half of: nobody reads anything under this name but these bytes
    if (!(await put())) throw new AlveoleError('conflict', 'the server has something else under the name of a part')
  }
  release(reply.body)
}
