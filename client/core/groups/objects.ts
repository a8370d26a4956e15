/** The immutable objects of a circle: brought for whatever in crypto asks for them, and stored before a head names them. */
import { AlveoleError, equal, hash, isCode, objectName, type Reading, type StoredObject } from '#crypto'
import { inParallel } from '../parallel.ts'
import { MEDIA_TYPE, objectUrl } from '../paths.ts'
import type { Pod } from '../pod.ts'

/** Pages that were fetched, and had the hash that was asked for. */
export type Pages = Map<string, Uint8Array>

/** Where they are, and those that this device has at hand. */
export interface Place {
  pod: Pod
  url: string
  pages: Pages
}

const GONE = 'an object of the group is gone'
/** A newer head may name another in its place: it is asked for before anything is called missing. */
export const isGone = (error: unknown): boolean => error instanceof AlveoleError && error.message === GONE

/** Throws `tampered` where an object is gone: what a head names stays for as long as a head names it. */
export async function readObjects<T>({ pod, url, pages }: Place, reading: Reading<T>): Promise<T> {
  let step = reading.next()
  while (!step.done) {
    const { sealId, hash: expected } = step.value
    const name = objectName(sealId)
    const body = pages.get(name) ?? (await fetched(pod, objectUrl(url, sealId), expected))
    if (!body) throw new AlveoleError('tampered', GONE, { detail: { url } })
    if (expected && equal(hash(body), expected)) pages.set(name, body)
    step = reading.next(body)
  }
  return step.value
}

/** Asked for twice before it is called gone: one wrong answer of a server is no tampering. */
async function fetched(pod: Pod, url: string, expected: Uint8Array | null): Promise<Uint8Array | undefined> {
  const reply = (await pod.get(url, expected ? { hash: expected } : {})) ?? (await pod.get(url, { fresh: true }))
  return reply?.body
}

/** Under fresh names: one that is taken was taken by this very object, in a request that was sent twice. */
export async function storeObjects(
  { pod, url }: Pick<Place, 'pod' | 'url'>,
  objects: readonly StoredObject[],
): Promise<void> {
  await inParallel(
    objects,
    async ({ sealId, bytes }) => {
      const at = objectUrl(url, sealId)
      try {
        await pod.put(at, bytes, { ifNoneMatch: '*', type: MEDIA_TYPE })
      } catch (error) {
        if (!isCode(error, 'conflict', 'server')) throw error
        const there = await pod.get(at, { fresh: true })
        if (!there || !equal(there.body, bytes)) throw error
      }
    },
    6,
  )
}
