/**
 * The real pod server and devices of one person, each a process, killed with -9 at random and started again: afterwards all devices show
 * the same, nothing that was said to be done is lost, every byte verifies, and `doctor` finds nothing that it cannot repair.
 *
 *   npm run soak:server -- [--runs N] [--seed N] [--devices N] [--operations N] [--kills N]
 */
import { parseArgs } from 'node:util'
import { soakServer } from './killed.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    devices: { type: 'string', default: '3' },
    operations: { type: 'string', default: '40' },
    kills: { type: 'string', default: '10' },
  },
})
const [runs, first] = [Number(values.runs), Number(values.seed)]
const [devices, operations, kills] = [values.devices, values.operations, values.kills].map(Number) as [
  number,
  number,
  number,
]
let failed = 0
for (let seed = first; seed < first + runs; seed++) {
  try {
    console.log(`seed ${seed}:`, JSON.stringify(await soakServer({ seed, devices, operations, kills })))
  } catch (error) {
    failed++
    console.error(`seed ${seed}:`, error)
  }
}
console.log(`${runs - failed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
