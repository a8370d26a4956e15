/** Several ways to do one thing, taking turns: the ratio of two is the median of their ratios, each of one round. */
import { median, timed } from '../timing.ts'

/** Milliseconds, round by round. */
export type Turns<Way extends string> = { [way in Way]: number[] }

export async function turns<Way extends string>(
  ways: { [way in Way]: () => unknown },
  rounds: number,
): Promise<Turns<Way>> {
  const names = Object.keys(ways) as Way[]
  const times = Object.fromEntries(names.map(name => [name, []])) as unknown as Turns<Way>
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      await ways[name]() // not timed: sweeps up what the way before has left, in caches and in the heap, and leaves its own
      times[name].push(await timed(async () => ways[name]()))
    }
  }
  return times
}

/** How many times as fast as `than` the way called `way` is. */
export const speed = <Way extends string>(times: Turns<Way>, way: Way, than: Way): number =>
  median(times[way].map((time, round) => times[than][round]! / time))
