/**
 * A program on a slow line that is killed: at a request, before it or just after, or at a writing of its disk. Counts what it sent, and
 * watches that no two ciphertexts have one commitment (A32).
 */
import { expect } from 'vitest'
import { hash, toHex } from '#crypto'
import type { Pod, Store } from '#core'
import { answering } from '../hostile-pod.ts'
import type { Member, World } from './world.ts'

export interface Sent {
  /** Of parts of files that the server took. */
  parts: number
  requests: number
  writes: number
}
export interface Death {
  request?: number
  applied?: boolean
  write?: number
}

export const killed = (error: unknown): void => {
  if (!(error instanceof Error && error.message === 'killed')) throw error
}

/** Over a line of 100 kB a second. `isPart` says of how many bytes parts are. */
export function dying(
  { world, who, isPart }: { world: World; who: Member; isPart: (bytes: number) => boolean },
  { request = Infinity, applied = false, write = Infinity }: Death,
) {
  const sent: Sent = { parts: 0, requests: 0, writes: 0 }
  let dead = false
  const die = (): never => {
    dead = true
    throw new Error('killed')
  }
  const put: Pod['put'] = async (url, body, options) => {
    if (dead || (++sent.requests === request && !applied)) return die()
    world.pass(Math.ceil(body.length / 100))
    if (isPart(body.length)) sealsOnce(body)
    const answer = await who.around.pod.put(url, body, options)
    if (isPart(body.length)) sent.parts++
    return sent.requests === request ? die() : answer
  }
  const get: Pod['get'] = (url, options) =>
    dead ? Promise.reject(new Error('killed')) : who.around.pod.get(url, options)
  const store: Store = {
    get: key => who.around.store.get(key),
    set: async (key, value) => {
      if (dead || ++sent.writes === write) return die()
      return who.around.store.set(key, value)
    },
  }
  return { sent, pod: answering(who.around.pod, { put, get }), store }
}

const commitments = new Map<string, string>()
function sealsOnce(body: Uint8Array): void {
  const at = 2 + body[1]!
  const [commitment, whole] = [toHex(body.subarray(at, at + 32)), toHex(hash(body))]
  expect(commitments.get(commitment) ?? whole).toBe(whole)
  commitments.set(commitment, whole)
}
