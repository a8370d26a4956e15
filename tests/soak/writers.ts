/**
 * Some devices of one person that write at once in bad weather, die and come back: afterwards all show the same, nothing that was said to
 * be done is lost, and no mark of any device ever went back.
 */
import { AlveoleError, decode, hash32, order, struct, vector } from '#crypto'
import type { CollectionId, RecordId, Vault } from '#core'
import { folder, reopen, secondDevice, world, type Member, type World } from '../core/world.ts'
import { randomFrom, type Random } from '../fuzz/random.ts'
import { Model } from './model.ts'
import { stormyPod, type Climate, type StormyPod } from './weather.ts'

export interface Plan extends Climate {
  seed: number
  devices: number
  /** Of each device. */
  operations: number
  /** Milliseconds that clocks differ by at most. */
  skew: number
}

const mark = struct({ vector, hash: hash32 })

/** A device, its program started anew whenever it died. */
class Writer {
  readonly name: string
  readonly #member: Member
  readonly #random: Random
  readonly #climate: Climate
  readonly #offset: number
  #vault: Vault | null = null
  #weather: StormyPod | null = null

  constructor(name: string, member: Member, random: Random, plan: Plan) {
    this.name = name
    this.#member = member
    this.#random = random
    this.#climate = plan
    this.#offset = random.below(2 * plan.skew + 1) - plan.skew
    watchMarks(member)
  }

  async #open(): Promise<Vault> {
    if (this.#vault && !this.#weather!.isDead()) return this.#vault
    const { around } = this.#member
    this.#weather = stormyPod(around.pod, this.#random, this.#climate)
    const clock = (): number => around.clock!() + this.#offset
    this.#vault = await reopen({ around: { ...around, clock } }, this.#weather.pod)
    return this.#vault
  }

  async act(model: Model, collection: CollectionId, ids: RecordId[], what: string): Promise<void> {
    const id = this.#random.pick(ids)
    const value = this.#random.below(12) ? what : null
    let asked = false
    try {
      const vault = await this.#open()
      const there = await vault.records.get(id)
      if (!value && !there) return
      asked = true
      model.asked(this.name, id, value)
      if (value) await vault.records.put('Immunization', { note: value }, { collection, id })
      else await vault.records.remove(id)
      model.done(this.name, id)
    } catch (error) {
      if (!(error instanceof AlveoleError)) throw error
      if (ACCUSING.has(error.code))
        throw new Error(`${this.name}, ${asked ? 'writing' : 'opening'}: ${error.code}`, { cause: error })
    }
  }
}

/** Of a host that only has bad weather nobody may be told these. */
const ACCUSING = new Set(['tampered', 'rolled-back', 'forked', 'identity-changed', 'wrong-unlock'])

/** What a device has seen of any object only ever grows. */
function watchMarks({ around: { store } }: Member): void {
  const set = store.set.bind(store)
  store.set = async (key, value) => {
    const old = key.startsWith('seen ') ? store.values.get(key) : undefined
    if (old && value) {
      const is = order(decode(mark, value).vector, decode(mark, old).vector)
      if (is !== 'after' && is !== 'equal') throw new Error(`a mark went ${is}: ${key}`)
    }
    return set(key, value)
  }
}

export async function soak(plan: Plan): Promise<void> {
  const around: World = world()
  const alice = await around.member('alice')
  const collection = await folder(alice.vault)
  const random = randomFrom(plan.seed)
  const members = [alice]
  while (members.length < plan.devices) members.push(await secondDevice(alice))
  const writers = members.map((member, n) => new Writer(`device ${n}`, member, randomFrom(plan.seed + 7919 * n), plan))
  const ids = Array.from({ length: 3 + random.below(10) }, () => hexOf(random.bytes(16)) as RecordId)
  const model = new Model()
  await Promise.all(
    writers.map(async writer => {
      for (let n = 0; n < plan.operations; n++) {
        around.pass(random.below(30_000))
        await writer.act(model, collection, ids, `${writer.name} ${n}`)
      }
    }),
  )
  await check(around, members, model, ids)
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** In good weather, weeks later. */
async function check(around: World, members: readonly Member[], model: Model, ids: readonly RecordId[]): Promise<void> {
  around.pass(8 * 24 * 3600_000)
  const shown: string[] = []
  for (const member of members) {
    const vault = await reopen(member)
    await vault.tidy()
    const state: [RecordId, string | null][] = []
    for (const id of ids) {
      const record = await vault.records.get(id)
      const note = record?.value['note']
      state.push([id, typeof note === 'string' ? note : null])
    }
    const listed = (await vault.records.list()).map(({ id }) => id).toSorted()
    if (
      JSON.stringify(listed) !== JSON.stringify(state.flatMap(([id, note]) => (note === null ? [] : [id])).toSorted())
    )
      throw new Error('the index lists other records than there are')
    const known = new Set(model.ids())
    for (const [id, note] of state) {
      const wrong = known.has(id) ? model.wrong(id, note) : note === null ? null : 'came from nowhere'
      if (wrong) throw new Error(`record ${id} ${wrong}`)
    }
    const { problems } = await vault.verify()
    if (problems.length) throw new Error(`verify: ${JSON.stringify(problems)}`)
    shown.push(JSON.stringify(state))
  }
  if (new Set(shown).size !== 1) throw new Error('devices show different states')
}
