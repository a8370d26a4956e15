/**
 * Two devices of one person at work at once, their requests in any order, one of them dying at any of its own: afterwards both
 * show the same, nothing that was said to be done is lost, nothing is sealed or counted twice, who was shut out stays out, and
 * what nothing leads to goes in time. For a long run: `CRASH_ROUNDS=1000 CRASH_SEED=7`; `CRASH_ALL=1` for every death in every
 * order of the small acts, of which there are some for each round.
 */
import fc from 'fast-check'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { atOnce, check, play, type AtOnce, type Counts, type Played } from './at-once.ts'
import { byTurns, DEVICES, dying, otherThan, switching, WHENS, type Death, type Switch } from './directors.ts'
import { acts } from './together.ts'

const SEED = Number(process.env['CRASH_SEED'] ?? 1)
const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 40)
const ALL = Boolean(process.env['CRASH_ALL'])
vi.setConfig({ testTimeout: ALL || ROUNDS > 40 ? 6 * 3600_000 : 180_000 })

let on: AtOnce
beforeAll(async () => {
  on = await atOnce()
})
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }) // who lost twice waits a little
})
afterEach(() => {
  vi.useRealTimers()
})

async function switched(one: string, two: string, order: Switch, death: Death | null = null): Promise<Played> {
  const does = { phone: acts[one]!, laptop: acts[two]! }
  const direct = byTurns(switching(order))
  const played = await play(on, does, death ? dying(direct, death) : direct)
  await check(on, does, played).catch((broken: unknown) => {
    const deadly = death ? `, ${death.device} dies ${death.when} its step ${death.at}` : ''
    const told = `${order.first} leaves after ${order.leave}, the other after ${order.stay}${deadly}`
    throw new Error(`${told}: ${String(broken)}`, { cause: broken })
  })
  return played
}

/** Every order of two acts that changes device twice, gone through without a death, and how many steps each takes in it. */
async function ordersOf(one: string, two: string): Promise<{ order: Switch; steps: Counts }[]> {
  const found: { order: Switch; steps: Counts }[] = []
  for (const first of DEVICES) {
    for (let leave = 0, more = true; more; leave++) {
      for (let stay = 1, longer = true; longer; stay++) {
        const { requests, steps } = await switched(one, two, { first, leave, stay })
        found.push({ order: { first, leave, stay }, steps })
        longer = stay < requests[otherThan(first)]
        more = leave < requests[first]
      }
    }
  }
  return found
}

const deathsIn = (steps: Counts): Death[] =>
  DEVICES.flatMap(device =>
    Array.from({ length: steps[device] }, (_, at) => WHENS.map(when => ({ device, at, when }))).flat(),
  )

const some = <T>(of: readonly T[], number: number): readonly T[] =>
  fc.sample(fc.shuffledSubarray([...of], { minLength: number, maxLength: number }), { seed: SEED, numRuns: 1 })[0]!

test.each([
  ['add a record', 'add a record'],
  ['add a record', 'change a record'],
  ['change a record', 'delete a record'],
  ['take grants back', 'add a record'],
])('%s and %s: every order that changes device twice, and a death at any step of it', async (one, two) => {
  const orders = await ordersOf(one, two)
  const all = orders.flatMap(({ order, steps }) => deathsIn(steps).map(death => ({ order, death })))
  for (const { order, death } of ALL ? all : some(all, Math.min(ROUNDS / 4, all.length))) {
    const { endings } = await switched(one, two, order, death)
    expect(endings[death.device]!.died).toBe(true)
  }
})

const larger = fc.constantFrom(
  ['tidy', 'tidy'],
  ['tidy', 'add many records'],
  ['tidy', 'refer to a file stored long ago'],
  ['add many records', 'add many records'],
  ['give a grant', 'add a record'],
  ['give a grant', 'open anew'],
  ['give a grant', 'open anew and take all grants back'],
  ['give a grant', 'make a folder, then take the newest grant back'],
  ['extend grants', 'take grants back'],
  ['extend grants', 'extend grants'],
  ['stop everything', 'give a grant'],
  ['stop everything', 'add a record'],
  ['admit a member', 'remove a member'],
  ['found a circle', 'open anew'],
  ['remove the password', 'remove the password'],
  ['remove the password', 'add a record'],
)
const aSwitch = fc.record<Switch>({
  first: fc.constantFrom(...DEVICES),
  leave: fc.nat(20),
  stay: fc.integer({ min: 1, max: 20 }),
})

test('larger acts: some of the orders that change device twice', async () => {
  const property = fc.asyncProperty(larger, aSwitch, async ([one, two], at) => void (await switched(one, two, at)))
  await fc.assert(property, { seed: SEED, numRuns: ROUNDS, includeErrorInReport: true })
})

const act = fc.constantFrom(...Object.keys(acts))
const aDeath = fc.record<Death>({
  device: fc.constantFrom(...DEVICES),
  at: fc.nat(25),
  when: fc.constantFrom(...WHENS),
})

test('any two acts, in any order, one device dying at any step or none', async () => {
  const property = fc.asyncProperty(
    act,
    act,
    fc.array(fc.constantFrom(...DEVICES), { maxLength: 40, size: 'max' }),
    fc.option(aDeath),
    async (one, two, turns, death) => {
      const does = { phone: acts[one]!, laptop: acts[two]! }
      const direct = byTurns(turns[Symbol.iterator]())
      await check(on, does, await play(on, does, death ? dying(direct, death) : direct))
    },
  )
  await fc.assert(property, { seed: SEED, numRuns: ROUNDS, includeErrorInReport: true })
})
