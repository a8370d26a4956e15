/**
 * Compare-and-swap of one resource (protocol §5). An ETag counts only with the body it came with: the PUT's own reply, or a
 * GET whose bytes are what was written. A 5xx or a dead line leaves the outcome unknown: look before telling.
 */
import { equal, isCode } from '#crypto'
import { MEDIA_TYPE } from './paths.ts'
import type { Pod } from './pod.ts'

/**
 * The new ETag; null where the write was taken and another one followed at once. Throws `conflict` where somebody else wrote
 * first. A 412 to a request that some layer below sent twice is our own success: hence the look there too.
 */
export async function swap(pod: Pod, url: string, body: Uint8Array, expected: string | null): Promise<string | null> {
  try {
    const condition = expected === null ? { ifNoneMatch: '*' as const } : { ifMatch: expected }
    const { etag } = await pod.put(url, body, { ...condition, type: MEDIA_TYPE })
    if (etag) return etag
  } catch (error) {
    if (!isCode(error, 'server', 'offline', 'busy', 'conflict')) throw error
    const written = await look(pod, url, body).catch(() => null) // still no answer: the first error is the one to tell
    if (written) return written
    throw error
  }
  return look(pod, url, body)
}

async function look(pod: Pod, url: string, body: Uint8Array): Promise<string | null> {
  const reply = await pod.get(url, { fresh: true })
  return reply?.etag && equal(reply.body, body) ? reply.etag : null
}
