/**
 * `npm run soak`: as many seeded runs as told of devices that write at once in bad weather, die and come back (writers.ts); prints the
 * seeds that did not hold, and ends with 1 if there are any.
 *
 *   npm run soak -- [--runs 10000] [--seed 1] [--devices N] [--operations N]    N of each run, instead of what its seed says
 */
import { parseArgs } from 'node:util'
import { randomFrom } from '../fuzz/random.ts'
import { soak, type Plan } from './writers.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    devices: { type: 'string' },
    operations: { type: 'string' },
  },
})
const whole = (text: string): number => {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${text} is no whole number above 0`)
  return number
}
const [runs, first] = [whole(values.runs), whole(values.seed)]
const told = {
  ...(values.devices && { devices: whole(values.devices) }),
  ...(values.operations && { operations: whole(values.operations) }),
}

const MINUTE = 60_000

function planOf(seed: number): Plan {
  const random = randomFrom(seed)
  return {
    seed,
    devices: 2 + random.below(3),
    twoTabs: random.below(3),
    operations: 3 + random.below(9),
    skew: random.pick([0, MINUTE, 24 * 60 * MINUTE]),
    failing: random.below(100),
    dying: random.below(20),
    spells: random.pick([0, 30, 100]),
    ...told,
  }
}

let failed = 0
let running = first
process.once('beforeExit', () => {
  console.error(`seed ${running} ${JSON.stringify(planOf(running))}: somebody waits for ever`)
  process.exit(1)
})
const begun = performance.now()
for (let seed = first; seed < first + runs; seed++) {
  running = seed
  try {
    await soak(planOf(seed))
  } catch (error) {
    failed++
    console.error(`seed ${seed} ${JSON.stringify(planOf(seed))}:`, error)
  }
  if ((seed - first + 1) % 100 === 0) console.error(`${seed - first + 1} of ${runs}, ${failed} failed`)
}
const seconds = Math.round((performance.now() - begun) / 1000)
console.log(`${runs - failed} passed, ${failed} failed, in ${seconds} s`)
process.exit(failed ? 1 : 0)
