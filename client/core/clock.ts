/** The hybrid logical clock of one device (protocol §5): a stamp is max(clock, last + 1), in milliseconds. */
export interface HybridClock {
  next(): number
  /** Makes later stamps greater than one seen from elsewhere. */
  saw(stamp: number): void
  /** The later of the local clock and anything seen: expiries are judged by it. */
  now(): number
}

export function hybridClock(clock: () => number): HybridClock {
  let last = 0
  return {
    next: () => (last = Math.max(clock(), last + 1)),
    saw: stamp => {
      last = Math.max(last, stamp)
    },
    now: () => Math.max(clock(), last),
  }
}
