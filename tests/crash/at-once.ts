/** Two devices of one person on one stage: what both do is played step by step, and what must hold afterwards is checked. */
import { expect } from 'vitest'
import type { Vault } from '#core'
import { isCode, toHex } from '#crypto'
import { headUrl } from '../../client/core/paths.ts'
import { DAY, folder, reopen, type Member } from '../core/world.ts'
import { DEVICES, otherThan, type Device } from './directors.ts'
import { diskOf } from './disk.ts'
import { Ledger } from './ledger.ts'
import { meaningOf } from './meaning.ts'
import { cast, storesOf } from './operations.ts'
import { isLocal, Stage, type Director, type Ending } from './stage.ts'
import type { Act, Scene } from './together.ts'
import { nothingIsLeft } from './weeks.ts'

const MINUTE = 60_000

export type Counts = { [D in Device]: number }
export type Does = { [D in Device]: Act }
export interface Played {
  ledger: Ledger
  endings: { [device: string]: Ending }
  /** How many each made. */
  requests: Counts
  /** Those, and what each wrote to its own disk. */
  steps: Counts
}

export interface AtOnce extends Scene {
  /** Puts the world back to where it starts. */
  start(): void
}

export async function atOnce(): Promise<AtOnce> {
  const all = await cast()
  const { alice, bob, laptop, world } = all
  await bob.vault.groups.join(all.link)
  await bob.vault.settle()
  await laptop.vault.grants.confirm()
  const file = { collection: await folder(alice.vault), name: 'a.txt', mediaType: 'text/plain' }
  const orphan = await alice.vault.blobs.put(new Blob(['bytes']), file)
  for (const { vault } of [alice, laptop]) await vault.collections.tidy()
  await laptop.vault.settle()
  world.pass(7 * DAY)
  return { ...all, orphan, start: world.save(...storesOf(all)) }
}

const memberOf = ({ alice, laptop }: AtOnce, device: Device): Member => (device === 'phone' ? alice : laptop)

/** Both with the vault open and all of it looked at. */
export async function play(on: AtOnce, does: Does, direct: Director): Promise<Played> {
  on.start()
  const ledger = new Ledger(on.world.server.files)
  const stage = new Stage(ledger.witness)
  const open = await Promise.all(
    DEVICES.map(async device => {
      const openAnew = () => reopen({ around: stage.around(device, memberOf(on, device).around) })
      const vault = await openAnew()
      await Array.fromAsync(vault.records.query())
      await vault.groups.list()
      return [device, () => does[device].act(vault, on, device, openAnew)] as const
    }),
  )
  const counts = (): Counts => ({ phone: 0, laptop: 0 })
  const [requests, steps] = [counts(), counts()]
  const endings = await stage.play(Object.fromEntries(open), waiting => {
    const cue = direct(waiting)
    steps[cue.step.program as Device]++
    if (!isLocal(cue.step)) requests[cue.step.program as Device]++
    return cue
  })
  return { ledger, endings, requests, steps }
}

/** Devices start again, six minutes later; and weeks later. */
export async function check(on: AtOnce, does: Does, { ledger, endings }: Played): Promise<void> {
  const { world, all, laptop, bob, carol } = on
  const done = DEVICES.filter(device => endedWell(endings[device]!, does[device]))
  world.pass(6 * MINUTE)
  for (const device of DEVICES.filter(one => endings[one]!.died)) await tidyAfter(on, device)
  const seen = await meaningOf(world, all)
  const { alice } = await meaningOf(world, [laptop, bob, carol], [laptop])
  expect(alice).toEqual(seen['alice'])
  for (const device of done) does[device].after?.(seen, on, device)
  await goOn(on, ledger)
  await nothingIsLeft(world, all)
}

function endedWell({ error, died }: Ending, { mayEnd = [] }: Act): boolean {
  if (died) return false
  if (error !== null && !isCode(error, ...(mayEnd as never[]))) throw error
  return error === null
}

/** Should it never come back, the other one finishes what people can see of what it began. */
async function tidyAfter(on: AtOnce, dead: Device): Promise<void> {
  const vault = await reopen(memberOf(on, otherThan(dead)))
  await vault.groups.tidy()
  await vault.settle()
}

/** Each writes once more: of the epochs that then hold, nobody shut out ever had a key, not even in an attempt that was lost. */
async function goOn(on: AtOnce, ledger: Ledger): Promise<void> {
  const stage = new Stage(ledger.witness)
  for (const device of DEVICES) {
    on.world.pass(6 * MINUTE)
    const vault = await reopen({ around: stage.around(device, memberOf(on, device).around) })
    await vault.records.put('Immunization', { note: `${device} again` }, { collection: await folder(vault) })
    await vault.settle()
    expect((await vault.verify()).problems).toEqual([])
    expect((await vault.doctor()).problems).toEqual([])
    await nobodyShutOutHolds(on, vault, ledger)
  }
  ledger.check(await diskOf(on.world, on.alice))
}

async function nobodyShutOutHolds({ world, alice }: AtOnce, vault: Vault, ledger: Ledger): Promise<void> {
  const disk = await diskOf(world, alice)
  const health = (await vault.collections.find('Health'))!
  const held = ledger.everHeld(disk, world.server.files.get(headUrl(health.url))!.body)
  const ended = disk.account.grants.filter(({ state }) => state === 'ended' || state === 'ending')
  for (const { id } of ended) expect(held, 'the epoch of a write after the end').not.toContain(toHex(id))
}
