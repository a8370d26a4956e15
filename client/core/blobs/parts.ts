/** The parts of a blob, in order: from its reference, or from the page that lists them where they are many (SPEC B6). */
import { AlveoleError, fromBase64Url, openBlobPage } from '#crypto'
import type { Part } from '../blob-refs.ts'
import { checkRef, nameOf, partBytesOf, partUrl } from './ref.ts'
import type { Pod } from '../pod.ts'
import { patiently, type Patience } from '../retry.ts'
import type { BlobRef } from '../types.ts'
import { partCount } from './upload-journal.ts'

interface Place {
  pod: Pod
  container: string
  gone?: (() => Promise<void>) | undefined
}

async function partsOf(place: Place, ref: BlobRef, patience: Patience): Promise<Part[]> {
  checkRef(ref)
  const parts = ref.parts ?? (await listed(place, ref, patience))
  if (parts.length !== partCount(ref.size, partBytesOf(ref)))
    throw new AlveoleError('tampered', 'a blob of another length')
  return parts
}

async function listed({ pod, container, gone }: Place, ref: BlobRef, patience: Patience): Promise<Part[]> {
  const page = ref.page!
  const url = partUrl(container, page)
  const { signal } = patience
  const reply = await patiently(() => pod.get(url, signal ? { signal } : {}), patience)
  if (!reply) {
    await gone?.()
    throw new AlveoleError('tampered', 'a blob page is gone')
  }
  const list = openBlobPage(fromBase64Url(ref.key), fromBase64Url(ref.blob), fromBase64Url(page.hash), reply.body)
  return list.map(nameOf)
}

/** Every object of a blob: its parts, and the page that lists them if there is one. */
export async function objectsOf(pod: Pod, container: string, ref: BlobRef): Promise<Part[]> {
  return [...(ref.page ? [ref.page] : []), ...(await partsOf({ pod, container }, ref, {}))]
}

/** Lists that were read lately: a player that seeks asks for one part at a time. */
export class Pages {
  readonly #known = new Map<string, Promise<Part[]>>()

  /** By what the reference says in full: of two that differ in anything, each is checked for itself. */
  partsOf(place: Place, ref: BlobRef, patience: Patience): Promise<Part[]> {
    if (ref.parts) return partsOf(place, ref, patience)
    const key = JSON.stringify([place.container, ref])
    const known = this.#known.get(key)
    if (known) return known
    const read = partsOf(place, ref, patience)
    for (const oldest of this.#known.keys()) if (this.#known.size >= KEPT) this.#known.delete(oldest)
    this.#known.set(key, read)
    read.catch(() => this.#known.delete(key))
    return read
  }

  lock(): void {
    this.#known.clear()
  }
}

/** Lists in memory: of a file of 10 GB it takes a megabyte or two. */
const KEPT = 4
