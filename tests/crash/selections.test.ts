/**
 * Two devices at work on records that a selection follows, and on the selection: in any order, one of them dying at any step, the copy
 * comes to what the original is, or is gone with its grant.
 */
import fc from 'fast-check'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { DAY, FACET, PURPOSE, reopen } from '../core/world.ts'
import { atOnce, check, play, type AtOnce } from './at-once.ts'
import { byTurns, DEVICES, dying, switching, WHENS, type Death, type Switch } from './directors.ts'
import { FIRST, storesOf } from './operations.ts'
import { acts, type Act } from './together.ts'

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 12)
vi.setConfig({ testTimeout: 300_000 })

let on: AtOnce
beforeAll(async () => {
  on = await atOnce()
  await asked(on).then(how => on.alice.vault.grants.give(how))
  await on.laptop.vault.sync()
  for (const { vault } of [on.alice, on.laptop]) await vault.settle()
  on.start = on.world.save(...storesOf(on))
})
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }) // who lost twice waits a little
})
afterEach(() => {
  vi.useRealTimers()
})

const asked = async ({ bob, world: { clock } }: Pick<AtOnce, 'bob' | 'world'>) => ({
  to: bob.vault.owner,
  until: new Date(clock() + 60 * DAY),
  purpose: PURPOSE,
  records: [FIRST],
  facets: [FACET],
})

const all: { [name: string]: Act } = {
  'change a record': acts['change a record']!,
  'delete a record': acts['delete a record']!,
  tidy: acts['tidy']!,
  'give another': { act: async (vault, scene) => vault.grants.give(await asked(scene)), mayEnd: ['not-granted'] },
  'end all': {
    act: async vault => {
      for (const { grant } of await vault.grants.list()) await vault.grants.revoke(grant)
    },
  },
}

/** Once everybody has started again, a day later. */
async function copiesAreRight(): Promise<void> {
  const alice = await reopen(on.alice)
  on.world.pass(2 * DAY)
  await alice.tidy()
  await alice.settle()
  const original = (await alice.records.get(FIRST))?.value['note']
  const readable = (await alice.grants.list()).filter(({ state, to }) => state === 'live' && to === on.bob.vault.owner)
  const seen = (await (await reopen(on.bob)).views.open(alice.owner)).rows.map(({ value }) => value['note'])
  expect(seen).toEqual(original === undefined ? [] : readable.map(() => original))
}

const act = fc.constantFrom(...Object.keys(all))
const aSwitch = fc.record<Switch>({
  first: fc.constantFrom(...DEVICES),
  leave: fc.nat(12),
  stay: fc.integer({ min: 1, max: 12 }),
})
const aDeath = fc.record<Death>({
  device: fc.constantFrom(...DEVICES),
  at: fc.nat(14),
  when: fc.constantFrom(...WHENS),
})

test('[Z3] [Z4] [Z8] any two acts, changing device twice, one dying at any step or none', async () => {
  const property = fc.asyncProperty(act, act, aSwitch, fc.option(aDeath), async (one, two, order, death) => {
    const does = { phone: all[one]!, laptop: all[two]! }
    const direct = byTurns(switching(order))
    const played = await play(on, does, death ? dying(direct, death) : direct)
    await check(on, does, played)
    await copiesAreRight()
  })
  await fc.assert(property, {
    seed: Number(process.env['CRASH_SEED'] ?? 1),
    numRuns: ROUNDS,
    includeErrorInReport: true,
  })
})
