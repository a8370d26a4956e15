/**
 * Two devices of one person at work at once, their requests in any order, one of them dying at any of its own: afterwards both
 * show the same, nothing that was said to be done is lost, nothing is sealed or counted twice, and who was shut out stays out.
 * For a long run: `CRASH_ROUNDS=1000 CRASH_SEED=7`.
 */
import fc from 'fast-check'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Vault } from '#core'
import { isCode, toHex } from '#crypto'
import { headUrl } from '../../client/core/paths.ts'
import { DAY, folder, reopen, type Member } from '../core/world.ts'
import { diskOf } from './disk.ts'
import { Ledger } from './ledger.ts'
import { meaningOf } from './meaning.ts'
import { cast, storesOf } from './operations.ts'
import { isLocal, Stage, type Cue, type Director, type Ending, type Step } from './stage.ts'
import { acts, type Act, type Scene } from './together.ts'

const MINUTE = 60_000
const SEED = Number(process.env['CRASH_SEED'] ?? 1)
const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 40)

let on: Scene
let laptop: Member
let start: () => void

beforeAll(async () => {
  const all = await cast()
  const { alice, bob, world } = all
  laptop = all.laptop
  await bob.vault.groups.join(all.link)
  await bob.vault.settle()
  await laptop.vault.grants.confirm()
  const file = { collection: await folder(alice.vault), name: 'a.txt', mediaType: 'text/plain' }
  on = { ...all, orphan: await alice.vault.blobs.put(new Blob(['bytes']), file) }
  for (const { vault } of [alice, laptop]) await vault.collections.tidy()
  await laptop.vault.settle()
  world.pass(7 * DAY)
  start = on.world.save(...storesOf(on))
})
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }) // who lost twice waits a little
})
afterEach(() => {
  vi.useRealTimers()
})

const DEVICES = ['phone', 'laptop'] as const
type Device = (typeof DEVICES)[number]
const memberOf = (device: Device): Member => (device === 'phone' ? on.alice : laptop)

interface Played {
  ledger: Ledger
  endings: { [device: string]: Ending }
  /** How many each made. */
  requests: { [D in Device]: number }
}

/** Both with the vault open and all of it looked at. */
async function play(does: { [D in Device]: Act }, direct: Director): Promise<Played> {
  start()
  const ledger = new Ledger(on.world.server.files)
  const stage = new Stage(ledger.witness)
  const open = await Promise.all(
    DEVICES.map(async device => {
      const openAnew = () => reopen({ around: stage.around(device, memberOf(device).around) })
      const vault = await openAnew()
      await Array.fromAsync(vault.records.query())
      await vault.groups.list()
      return [device, () => does[device].act(vault, on, device, openAnew)] as const
    }),
  )
  const requests = { phone: 0, laptop: 0 }
  const endings = await stage.play(Object.fromEntries(open), waiting => {
    const cue = direct(waiting)
    if (!isLocal(cue.step)) requests[cue.step.program as Device]++
    return cue
  })
  return { ledger, endings, requests }
}

function endedWell({ error, died }: Ending, { mayEnd = [] }: Act): boolean {
  if (died) return false
  if (error !== null && !isCode(error, ...(mayEnd as never[]))) throw error
  return error === null
}

/** Devices start again, six minutes later. */
async function check(does: { [D in Device]: Act }, { ledger, endings }: Played): Promise<void> {
  const done = DEVICES.filter(device => endedWell(endings[device]!, does[device]))
  on.world.pass(6 * MINUTE)
  for (const device of DEVICES.filter(one => endings[one]!.died)) await tidyAfter(device)
  const seen = await meaningOf(on.world, on.all)
  const { alice } = await meaningOf(on.world, [laptop, on.bob, on.carol], [laptop])
  expect(alice).toEqual(seen['alice'])
  for (const device of done) does[device].after?.(seen, on, device)
  await goesOn(ledger)
}

/** Should it never come back, the other one finishes what people can see of what it began. */
async function tidyAfter(dead: Device): Promise<void> {
  const vault = await reopen(memberOf(dead === 'phone' ? 'laptop' : 'phone'))
  await vault.groups.tidy()
  await vault.settle()
}

/** Each writes once more: of the epochs that then hold, nobody shut out ever had a key, not even in an attempt that was lost. */
async function goesOn(ledger: Ledger): Promise<void> {
  const stage = new Stage(ledger.witness)
  for (const device of DEVICES) {
    on.world.pass(6 * MINUTE)
    const vault = await reopen({ around: stage.around(device, memberOf(device).around) })
    await vault.records.put('Immunization', { note: `${device} again` }, { collection: await folder(vault) })
    await vault.settle()
    expect((await vault.verify()).problems).toEqual([])
    expect((await vault.doctor()).problems).toEqual([])
    await nobodyShutOutHolds(vault, ledger)
  }
  ledger.check(await diskOf(on.world, on.alice))
}

async function nobodyShutOutHolds(vault: Vault, ledger: Ledger): Promise<void> {
  const disk = await diskOf(on.world, on.alice)
  const health = (await vault.collections.find('Health'))!
  const held = ledger.everHeld(disk, on.world.server.files.get(headUrl(health.url))!.body)
  const ended = disk.account.grants.filter(({ state }) => state === 'ended' || state === 'ending')
  for (const { id } of ended) expect(held, 'the epoch of a write after the end').not.toContain(toHex(id))
}

/** Gives the steps in turn to the devices that `turns` names; when it has no more to say, to whoever waits. */
function byTurns(turns: Iterator<Device>): Director {
  let whose: Device | null = null
  return <S extends Step>(waiting: readonly S[]): Cue<S> => {
    const local = waiting.find(isLocal)
    if (local) return { step: local }
    whose = turns.next().value ?? null
    return { step: waiting.find(({ program }) => program === whose) ?? waiting[0]! }
  }
}

/** One device to its `leave`th request, the other for `stay` of its own, then the first to its end. */
function* switching(first: Device, leave: number, stay: number): Generator<Device> {
  const other = first === 'phone' ? 'laptop' : 'phone'
  for (let i = 0; i < leave; i++) yield first
  for (let i = 0; i < stay; i++) yield other
  for (;;) yield first
}

interface Switch {
  first: Device
  leave: number
  stay: number
}

async function switched(one: string, two: string, { first, leave, stay }: Switch): Promise<Played['requests']> {
  const does = { phone: acts[one]!, laptop: acts[two]! }
  const played = await play(does, byTurns(switching(first, leave, stay)))
  await check(does, played).catch((broken: unknown) => {
    throw new Error(`${first} leaves after ${leave}, the other after ${stay}: ${String(broken)}`, { cause: broken })
  })
  return played.requests
}

test.each([
  ['add a record', 'add a record'],
  ['add a record', 'change a record'],
  ['change a record', 'delete a record'],
  ['take grants back', 'add a record'],
])('%s and %s: every order that changes device twice', async (one, two) => {
  for (const first of DEVICES) {
    const other = first === 'phone' ? 'laptop' : 'phone'
    for (let leave = 0, more = true; more; leave++) {
      for (let stay = 1, longer = true; longer; stay++) {
        const requests = await switched(one, two, { first, leave, stay })
        longer = stay < requests[other]
        more = leave < requests[first]
      }
    }
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
  ['admit a member', 'remove a member'],
  ['found a circle', 'open anew'],
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

/** As `direct` says, until a device is at its `at`th step, of which it dies. */
function dying(direct: Director, { device, at, when }: Death): Director {
  let steps = 0
  return waiting => {
    const cue = direct(waiting)
    if (cue.step.program !== device || steps++ !== at) return cue
    return { ...cue, dies: when }
  }
}

interface Death {
  device: Device
  at: number
  when: 'before' | 'after'
}

const act = fc.constantFrom(...Object.keys(acts))
const death = fc.record<Death>({
  device: fc.constantFrom(...DEVICES),
  at: fc.nat(25),
  when: fc.constantFrom('before', 'after'),
})

test('any two acts, in any order, one device dying at any step or none', async () => {
  const property = fc.asyncProperty(
    act,
    act,
    fc.array(fc.constantFrom(...DEVICES), { maxLength: 40, size: 'max' }),
    fc.option(death),
    async (one, two, turns, death) => {
      const does = { phone: acts[one]!, laptop: acts[two]! }
      const direct = byTurns(turns[Symbol.iterator]())
      const played = await play(does, death ? dying(direct, death) : direct)
      await check(does, played)
    },
  )
  await fc.assert(property, { seed: SEED, numRuns: ROUNDS, includeErrorInReport: true })
})
