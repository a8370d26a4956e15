/**
 * One part under its fresh name. After a failure nobody knows whether the server has it: it is looked for before it is sent again
 * (SPEC F1), and what stands there with other bytes makes the caller seal it anew.
 */
import { equal, isCode } from '#crypto'
import { MEDIA_TYPE } from '../paths.ts'
import type { Pod } from '../pod.ts'
import { patiently, type Patience } from '../retry.ts'
import type { Uplink } from './uplink.ts'

/** False: something else stands under this name, as where a server kept half of it. */
export function putPart(
  { pod, uplink }: { pod: Pod; uplink: Uplink },
  url: string,
  bytes: Uint8Array,
  patience: Patience,
): Promise<boolean> {
  const signal = patience.signal ? { signal: patience.signal } : {}
  let unclear = false
  const standing = async (): Promise<boolean | null> => {
    const there = await pod.get(url, signal)
    return there && equal(there.body, bytes)
  }
  return patiently(async () => {
    const before = unclear ? await standing() : null
    if (before !== null) return before
    try {
      const how = { ifNoneMatch: '*', type: MEDIA_TYPE, ...signal } as const
      await uplink.sending(bytes.length, () => pod.put(url, bytes, how))
      return true
    } catch (error) {
      unclear = true
      if (!isCode(error, 'conflict')) throw error
    }
    return (await standing()) ?? false // a 412 to a request that some layer below sent twice is our own success
  }, patience)
}
