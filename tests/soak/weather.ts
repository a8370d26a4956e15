/**
 * A program in bad weather, by a seed: answers are late, requests fail before or after the fact, for a minute the server is broken or
 * full, the line is down or the device's own disk is full, a token ends in the middle; and the program dies, at a request or a write to
 * its disk. What it had sent by then may arrive all the same, later than it reaches anybody.
 */
import { AlveoleError, type ErrorCode } from '#crypto'
import type { Pod, Store } from '#core'
import type { Random } from '../fuzz/random.ts'
import { nextTurn } from './virtual-time.ts'

export interface Climate {
  /** Of a thousand requests: how many fail, and at how many the program dies. */
  failing: number
  dying: number
  /** Of a thousand operations: how many begin a bad minute, of each kind. */
  spells: number
}

const MINUTE = 60_000
/** Milliseconds that a token of the server is good for. */
const TOKEN = 10 * MINUTE

/** Of the server, and of a device. */
export type Trouble = 'broken' | 'full' | 'offline' | 'disk'
export const TROUBLES: readonly Trouble[] = ['broken', 'full', 'offline', 'disk']

/** Until when what lasts. */
export class Spells {
  readonly #clock: () => number
  readonly #until = new Map<Trouble | 'token', number>()

  constructor(clock: () => number) {
    this.#clock = clock
  }

  begin(what: Trouble): void {
    this.#until.set(what, this.#clock() + MINUTE)
  }

  renew(): void {
    this.#until.set('token', this.#clock() + TOKEN)
  }

  lasts(what: Trouble | 'token'): boolean {
    return this.#clock() < (this.#until.get(what) ?? -Infinity)
  }
}

export interface Surrounded {
  climate: Climate
  random: Random
  server: Spells
  device: Spells
}

export interface Program {
  pod: Pod
  store: Store
  isDead(): boolean
  kill(): void
}

const REQUESTS = ['get', 'put', 'post', 'patch', 'delete', 'list'] as const
type Request = (typeof REQUESTS)[number]
const isRequest = (name: PropertyKey): name is Request => REQUESTS.some(one => one === name)
const WRITING = new Set<Request>(['put', 'post', 'patch'])
const CODES: readonly ErrorCode[] = ['offline', 'server', 'busy', 'full', 'unauthorized']

type Outcome = { fails: ErrorCode; isDone: boolean } | null

export function programOn(pod: Pod, store: Store, weather: Surrounded): Program {
  const { climate, random } = weather
  let dead = false
  const fail = (code: ErrorCode): never => {
    throw new AlveoleError(dead ? 'offline' : code)
  }
  const dies = (): boolean => random.below(1000) < climate.dying && (dead = true)
  const request = async (name: Request, work: () => Promise<unknown>): Promise<unknown> => {
    if (dead) return fail('offline')
    for (let turns = random.below(4); turns > 0; turns--) await nextTurn() // programs overtake each other
    const outcome =
      dead || dies() ? { fails: 'offline' as const, isDone: random.below(2) === 0 } : outcomeOf(name, weather)
    if (!outcome) return work()
    if (outcome.isDone) await work().catch(() => undefined) // the server did it, and nobody heard
    return fail(outcome.fails)
  }
  const write: Store['set'] = async (key, value) => {
    if (dead) fail('offline')
    if (weather.device.lasts('disk')) fail('full')
    const isLast = dies()
    if (!isLast || random.below(2) === 0) await store.set(key, value)
    if (isLast) fail('offline')
  }
  return {
    pod: new Proxy(pod, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        const call = (...args: unknown[]): unknown => value.apply(target, args)
        return isRequest(name) ? (...args: unknown[]) => request(name, async () => call(...args)) : call
      },
    }),
    store: { get: async key => (dead ? fail('offline') : store.get(key)), set: write },
    isDead: () => dead,
    kill: () => void (dead = true),
  }
}

/** null: what the server answers. */
function outcomeOf(name: Request, { climate, random, server, device }: Surrounded): Outcome {
  if (device.lasts('offline')) return { fails: 'offline', isDone: false }
  if (server.lasts('broken'))
    return random.below(4)
      ? { fails: random.pick(['server', 'busy']), isDone: false }
      : { fails: 'server', isDone: true }
  if (!device.lasts('token')) return { fails: 'unauthorized', isDone: false }
  if (server.lasts('full') && WRITING.has(name)) return { fails: 'full', isDone: false }
  if (random.below(1000) >= climate.failing) return null
  const fails = name === 'put' && random.below(6) === 0 ? 'conflict' : random.pick(CODES)
  return { fails, isDone: ['offline', 'server', 'conflict'].includes(fails) && random.below(2) === 0 }
}
