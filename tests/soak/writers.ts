/**
 * Some devices of one person that write at once in bad weather, die and come back: afterwards all show the same, nothing that was said to
 * be done is lost, no mark of any device ever went back, and nothing is stuck or left over (outcome.ts).
 */
import type { RecordId } from '#core'
import { toHex } from '#crypto'
import { folder, secondDevice, world, type Member, type World } from '../core/world.ts'
import { randomFrom } from '../fuzz/random.ts'
import { Device, watchMarks } from './device.ts'
import { Model } from './model.ts'
import { operation, type Scene } from './operations.ts'
import { check } from './outcome.ts'
import { inVirtualTime } from './virtual-time.ts'
import { Spells, type Climate } from './weather.ts'

export interface Plan extends Climate {
  seed: number
  /** Four at most. */
  devices: number
  /** How many of them have the vault in two tabs, which take it over from each other. */
  twoTabs: number
  /** Of each tab. */
  operations: number
  /** Milliseconds that clocks differ by at most. */
  skew: number
}

const DEVICES = 4

interface Start {
  around: World
  members: Member[]
  collection: Scene['collection']
  back(): void
}

let start: Promise<Start> | null = null

/** A vault on four devices; made once, since that takes most of a second, and put back for each run. */
async function prepare(): Promise<Start> {
  const around = world()
  const alice = await around.member('alice')
  const collection = await folder(alice.vault)
  await alice.vault.settle()
  const members = [alice]
  while (members.length < DEVICES) members.push(await secondDevice(alice))
  for (const member of members) watchMarks(member)
  return { around, members, collection, back: around.save(...members.map(member => member.around.store)) }
}

export async function soak(plan: Plan): Promise<void> {
  const { around, members, collection, back } = await (start ??= prepare())
  back()
  const random = randomFrom(plan.seed)
  const count = 3 + random.below(10) + Math.floor((plan.devices * plan.operations) / 8) // a deleted one is gone for good
  const ids = Array.from({ length: count }, () => toHex(random.bytes(16)) as RecordId)
  const model = new Model()
  const scene = { collection, model, ids }
  const server = new Spells(around.clock)
  const devices = members.slice(0, plan.devices).map((member, n) => {
    const own = randomFrom(plan.seed + 7919 * n)
    return new Device({ name: `device ${n}`, member, model, random: own, climate: plan, server, skew: plan.skew })
  })
  await inVirtualTime(around, random, async () => {
    const tabs = devices.flatMap((device, n) =>
      Array.from({ length: n < plan.twoTabs ? 2 : 1 }, (_, tab) => [device, tab] as const),
    )
    const ended = await Promise.allSettled(
      tabs.map(async ([device, tab]) => {
        for (let n = 0; n < plan.operations; n++) {
          around.pass(random.below(30_000))
          await device.act(tab, operation(device, random, scene, `${device.name}.${tab} ${n}`))
        }
      }),
    )
    for (const one of ended) if (one.status === 'rejected') throw one.reason // once nobody writes any more
    await check(around, members[0]!, devices, scene)
  })
}
