/**
 * High-water marks and commit counters of this device (SPEC H4–H6): the newest state seen of each signed object, and how
 * many times this device signed one, won or lost. Durable before anything depends on them.
 */
import {
  AlveoleError,
  commitsOf,
  decode,
  encode,
  equal,
  hash,
  hash32,
  order,
  struct,
  uint,
  vector,
  type Vector,
} from '#crypto'
import type { Store } from './store.ts'

const mark = struct({ vector, hash: hash32 })
const counter = struct({ commits: uint })

/** Refuses a state that is older than, or beside, the newest seen; remembers a newer one. */
export async function checkMark(store: Store, url: string, seen: { vector: Vector; hash: Uint8Array }): Promise<void> {
  const stored = await store.get(`seen ${url}`)
  if (stored) {
    const last = decode(mark, stored)
    const is = order(seen.vector, last.vector)
    if (is === 'before')
      throw new AlveoleError('rolled-back', 'older than what this device has seen', { detail: { url } })
    if (is === 'apart')
      throw new AlveoleError('forked', 'another history than this device has seen', { detail: { url } })
    if (is === 'equal') {
      if (!equal(seen.hash, last.hash))
        throw new AlveoleError('forked', 'two states of one version', { detail: { url } })
      return
    }
  }
  await store.set(`seen ${url}`, encode(mark, seen))
}

/** Whether these bytes are the newest state seen, verified then. */
export async function isMarked(store: Store, url: string, body: Uint8Array): Promise<boolean> {
  const stored = await store.get(`seen ${url}`)
  return stored !== null && equal(decode(mark, stored).hash, hash(body))
}

/** Whether this device has seen no newer state of the object, nor another history. */
export async function isNewestSeen(store: Store, url: string, state: Vector): Promise<boolean> {
  const stored = await store.get(`seen ${url}`)
  return !stored || ['equal', 'after'].includes(order(state, decode(mark, stored).vector))
}

/** Whether this device ever saw the object. */
export const hasMark = async (store: Store, url: string): Promise<boolean> => (await store.get(`seen ${url}`)) !== null

/** Of the newest state that this device saw; null: it never saw the object. */
export async function seenVector(store: Store, url: string): Promise<Vector | null> {
  const stored = await store.get(`seen ${url}`)
  return stored && decode(mark, stored).vector
}

/** Against what another device knew when it wrote the account: a new device has no marks of its own (A11, A31). */
export function checkCheckpoint(url: string, seen: Vector | null, checkpoint: Vector | undefined): void {
  if (!checkpoint) return
  const is = order(seen ?? [], checkpoint)
  if (is === 'before') throw new AlveoleError('rolled-back', 'older than what the account cites', { detail: { url } })
  if (is === 'apart') throw new AlveoleError('forked', 'another history than the account cites', { detail: { url } })
}

/** The count for the next attempt to sign `url`; no attempt gets the same one twice, whatever becomes of it. */
export async function nextCommit(store: Store, url: string, known: Vector, device: Uint8Array): Promise<number> {
  const stored = await store.get(`commits ${url}`)
  const commits = Math.max(stored ? decode(counter, stored).commits : 0, commitsOf(known, device)) + 1
  await store.set(`commits ${url}`, encode(counter, { commits }))
  return commits
}

/** What is known of an object, for where it stands now: the newer of what either place is known for. */
export async function carryMark(store: Store, from: string, to: string): Promise<void> {
  const [count, there] = [await store.get(`commits ${from}`), await store.get(`commits ${to}`)]
  const commits = Math.max(...[count, there].map(stored => (stored ? decode(counter, stored).commits : 0)))
  if (count) await store.set(`commits ${to}`, encode(counter, { commits }))
  const [seen, known] = [await store.get(`seen ${from}`), await store.get(`seen ${to}`)]
  const isNewer = seen && (!known || order(decode(mark, seen).vector, decode(mark, known).vector) === 'after')
  if (isNewer) await store.set(`seen ${to}`, seen)
}
