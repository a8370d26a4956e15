/**
 * A run in a time of its own: nobody sleeps. Whoever waits for a time is called when all others had a few turns, and the time is then
 * what it was waited for; chance comes from the seed.
 */
import type { Random } from '../fuzz/random.ts'

export interface Time {
  clock(): number
  pass(ms: number): void
}

interface Waiting {
  due: number
  work: () => void
}

/** Turns of the event loop that everybody else gets before the time moves on. */
const TURNS = 4

export async function inVirtualTime<T>(time: Time, random: Random, run: () => Promise<T>): Promise<T> {
  const { setTimeout, clearTimeout } = globalThis
  const chance = Math.random
  const waiting = new Set<Waiting>()
  let isTurning = false
  const turn = async (): Promise<void> => {
    isTurning = true
    while (waiting.size) {
      for (let turns = 0; turns < TURNS; turns++) await nextTurn()
      const next = [...waiting].reduce<Waiting | null>(
        (first, one) => (first && first.due <= one.due ? first : one),
        null,
      )
      if (!next) break
      waiting.delete(next)
      time.pass(Math.max(0, next.due - time.clock()))
      next.work()
    }
    isTurning = false
  }
  const wait = (work: () => void, ms = 0): Waiting => {
    const mine = { due: time.clock() + Math.ceil(ms), work }
    waiting.add(mine)
    if (!isTurning) void turn()
    return mine
  }
  Object.assign(globalThis, { setTimeout: wait, clearTimeout: (mine: Waiting) => waiting.delete(mine) })
  Math.random = () => random.below(2 ** 32) / 2 ** 32
  try {
    return await run()
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout })
    Math.random = chance
  }
}

export const nextTurn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
