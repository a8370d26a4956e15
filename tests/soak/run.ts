/**
 * `npm run soak`: as many seeded runs as told of devices that write at once in bad weather, die and come back (writers.ts); prints the
 * seeds that did not hold, and ends with 1 if there are any.
 *
 *   npm run soak -- [--runs 10000] [--seed 1]
 */
import { parseArgs } from 'node:util'
import { randomFrom } from '../fuzz/random.ts'
import { soak, type Plan } from './writers.ts'

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
})
const [runs, first] = [Number(values.runs), Number(values.seed)]
if (!Number.isSafeInteger(runs) || !Number.isSafeInteger(first)) throw new Error('--runs and --seed are whole numbers')

const MINUTE = 60_000

function planOf(seed: number): Plan {
  const random = randomFrom(seed)
  return {
    seed,
    devices: 2 + random.below(3),
    operations: 5 + random.below(20),
    skew: random.pick([0, MINUTE, 24 * 60 * MINUTE]),
    failing: random.below(100),
    dying: random.below(20),
    storm: random.below(60),
  }
}

let failed = 0
for (let seed = first; seed < first + runs; seed++) {
  try {
    await soak(planOf(seed))
  } catch (error) {
    failed++
    console.error(`seed ${seed} ${JSON.stringify(planOf(seed))}:`, error)
  }
  if ((seed - first + 1) % 100 === 0) console.error(`${seed - first + 1} of ${runs}, ${failed} failed`)
}
console.log(`${runs - failed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
