/** A small generator (mulberry32): the same seed, the same inputs, on every machine. */
export interface Random {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number
  pick<T>(from: readonly T[]): T
  bytes(length: number): Uint8Array
}

export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number): number => next() % Math.max(1, limit)
  return {
    below,
    pick: from => from[below(from.length)]!,
    bytes: length => Uint8Array.from({ length }, () => next() & 255),
  }
}
