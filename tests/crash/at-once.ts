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

export class AtOnce {
  readonly #on: Scene
  /** Puts the world back to where it starts. */
  readonly #start: () => void

  private constructor(on: Scene) {
    this.#on = on
    this.#start = on.world.save(...storesOf(on))
  }

  static async begin(): Promise<AtOnce> {
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
    return new AtOnce({ ...all, orphan })
  }

  #member(device: Device): Member {
    return device === 'phone' ? this.#on.alice : this.#on.laptop
  }

  /** Both with the vault open and all of it looked at. */
  async play(does: Does, direct: Director): Promise<Played> {
    this.#start()
    const ledger = new Ledger(this.#on.world.server.files)
    const stage = new Stage(ledger.witness)
    const open = await Promise.all(
      DEVICES.map(async device => {
        const openAnew = () => reopen({ around: stage.around(device, this.#member(device).around) })
        const vault = await openAnew()
        await Array.fromAsync(vault.records.query())
        await vault.groups.list()
        return [device, () => does[device].act(vault, this.#on, device, openAnew)] as const
      }),
    )
    const [requests, steps] = [
      { phone: 0, laptop: 0 },
      { phone: 0, laptop: 0 },
    ]
    const endings = await stage.play(Object.fromEntries(open), waiting => {
      const cue = direct(waiting)
      steps[cue.step.program as Device]++
      if (!isLocal(cue.step)) requests[cue.step.program as Device]++
      return cue
    })
    return { ledger, endings, requests, steps }
  }

  /** Devices start again, six minutes later; and weeks later. */
  async check(does: Does, { ledger, endings }: Played): Promise<void> {
    const { world, all, laptop, bob, carol } = this.#on
    const done = DEVICES.filter(device => endedWell(endings[device]!, does[device]))
    world.pass(6 * MINUTE)
    for (const device of DEVICES.filter(one => endings[one]!.died)) await this.#tidyAfter(device)
    const seen = await meaningOf(world, all)
    const { alice } = await meaningOf(world, [laptop, bob, carol], [laptop])
    expect(alice).toEqual(seen['alice'])
    for (const device of done) does[device].after?.(seen, this.#on, device)
    await this.#goesOn(ledger)
    await nothingIsLeft(world, all)
  }

  /** Should it never come back, the other one finishes what people can see of what it began. */
  async #tidyAfter(dead: Device): Promise<void> {
    const vault = await reopen(this.#member(otherThan(dead)))
    await vault.groups.tidy()
    await vault.settle()
  }

  /** Each writes once more: of the epochs that then hold, nobody shut out ever had a key, not even in an attempt that was lost. */
  async #goesOn(ledger: Ledger): Promise<void> {
    const stage = new Stage(ledger.witness)
    for (const device of DEVICES) {
      this.#on.world.pass(6 * MINUTE)
      const vault = await reopen({ around: stage.around(device, this.#member(device).around) })
      await vault.records.put('Immunization', { note: `${device} again` }, { collection: await folder(vault) })
      await vault.settle()
      expect((await vault.verify()).problems).toEqual([])
      expect((await vault.doctor()).problems).toEqual([])
      await this.#nobodyShutOutHolds(vault, ledger)
    }
    ledger.check(await diskOf(this.#on.world, this.#on.alice))
  }

  async #nobodyShutOutHolds(vault: Vault, ledger: Ledger): Promise<void> {
    const { world, alice } = this.#on
    const disk = await diskOf(world, alice)
    const health = (await vault.collections.find('Health'))!
    const held = ledger.everHeld(disk, world.server.files.get(headUrl(health.url))!.body)
    const ended = disk.account.grants.filter(({ state }) => state === 'ended' || state === 'ending')
    for (const { id } of ended) expect(held, 'the epoch of a write after the end').not.toContain(toHex(id))
  }
}

function endedWell({ error, died }: Ending, { mayEnd = [] }: Act): boolean {
  if (died) return false
  if (error !== null && !isCode(error, ...(mayEnd as never[]))) throw error
  return error === null
}
