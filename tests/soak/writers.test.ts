/** A slice of the soak (run.ts): every seed of it holds, or is a finding to be kept here. */
import { expect, test } from 'vitest'
import { soak, type Plan } from './writers.ts'

const DAY = 24 * 3600_000
const calm = { twoTabs: 0, failing: 0, dying: 0, spells: 0 }
const rough = { twoTabs: 1, failing: 30, dying: 8, spells: 60 }
const plans: Plan[] = [
  { seed: 1, devices: 4, operations: 60, skew: 0, ...calm },
  { seed: 2, devices: 4, operations: 60, skew: DAY, ...calm },
  ...[3, 4, 5, 6].map(seed => ({ seed, devices: 4, operations: 40, skew: DAY, ...rough })),
  ...[7, 8, 9, 10, 11, 12].map(seed => ({ seed, devices: 2, operations: 30, skew: 60_000, ...rough, failing: 80 })),
  ...[13, 14, 15].map(seed => ({ seed, devices: 3, operations: 20, skew: DAY, ...rough, twoTabs: 3 })),
]

test.each(plans)(
  'seed $seed: $devices devices, $operations writes each, clocks apart by up to $skew ms',
  async plan => {
    await expect(soak(plan)).resolves.toBe(undefined)
  },
  120_000,
)
