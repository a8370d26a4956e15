/** Times in milliseconds, and runs of two things that take turns, so that whatever else the machine does falls on both. */

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** Milliseconds of processor time. */
export async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

interface Pair {
  baseline: () => Promise<unknown>
  alveole: () => Promise<unknown>
}

/** Medians over `rounds`, each of one run of the baseline and `repeat` of ours. */
export async function takeTurns(
  { baseline, alveole }: Pair,
  { rounds, repeat = 1 }: { rounds: number; repeat?: number },
): Promise<{ baseline: number; alveole: number; ratio: number }> {
  const times: { baseline: number[]; alveole: number[] } = { baseline: [], alveole: [] }
  for (let round = 0; round < rounds; round++) {
    times.baseline.push(await timed(baseline))
    for (let run = 0; run < repeat; run++) times.alveole.push(await timed(alveole))
  }
  const [theirs, ours] = [median(times.baseline), median(times.alveole)]
  return { baseline: theirs, alveole: ours, ratio: theirs / ours }
}
