/**
 * A member's program on one device, as a process that may be killed at any moment: it does one thing after another to the vault, and says
 * of each when it begins and what becomes of it, a line of JSON before and after.
 *
 *   node tests/soak/client.ts TASK   the task as JSON
 */
import { writeSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { openVault, solidPod, type Vault } from '#core'
import { AlveoleError } from '#crypto'
import { deviceStore } from '../../client/node/device-store.ts'
import { sqliteObjects } from '../../client/node/object-store.ts'
import { authenticatedFetch, type Credentials } from '../../client/node/session.ts'
import { openSeal } from '../core/world.ts'
import { randomFrom } from '../fuzz/random.ts'
import { ACCUSING } from './device.ts'
import { operation, type Scene } from './operations.ts'

export interface Task extends Pick<Scene, 'collection' | 'ids'> {
  name: string
  webId: string
  storage: string
  credentials: Credentials
  /** Of the device. */
  folder: string
  seed: number
  /** The number of the first operation, and of the one after the last. */
  from: number
  to: number
  /** Milliseconds between two, at most. */
  pause: number
}

export type Said =
  | { begun: number; wanted: (readonly [string, string | null])[] }
  | { done: number }
  | { failed: number }
  | { next: number; code?: string }

const say = (what: Said): void => void writeSync(1, `${JSON.stringify(what)}\n`)

let count = 0
const model: Pick<Scene['model'], 'attempt'> = {
  async attempt(_, wanted, work) {
    const mine = ++count
    say({ begun: mine, wanted: [...wanted] })
    await work().catch((error: unknown) => {
      say({ failed: mine })
      throw error
    })
    say({ done: mine })
  },
}

const task = JSON.parse(process.argv[2]!) as Task
const { webId, storage, folder } = task
const around = {
  pod: await solidPod({ webId, storage, fetch: authenticatedFetch(task.credentials) }),
  store: deviceStore(folder),
  objects: sqliteObjects(folder),
}

let vault: Vault | null = null
for (let turn = task.from; turn < task.to; turn++) {
  const random = randomFrom(task.seed + 7919 * turn)
  const act = operation(task, random, { ...task, model }, `${task.name} ${turn}`)
  let code: string | undefined
  try {
    vault ??= await openVault(around, { seal: openSeal })
    await act(vault)
  } catch (error) {
    if (!(error instanceof AlveoleError) || ACCUSING.has(error.code)) throw error
    code = error.code
  }
  say({ next: turn + 1, ...(code && { code }) })
  await setTimeout(random.below(task.pause))
}
process.exit(0) // sessions keep a timer
