/**
 * What an agent keeps on its machine, in `agent/` of a profile, readable by its owner only: `credentials.json`, by which it signs in;
 * `state.json`, what it last told of itself; `agent.log`, where it runs in the background; `device/` and `secret.json`, where it has keys;
 * and the lock that one agent of this profile holds. The lock is the operating system's and ends with its process (client/node/lock.ts).
 */
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isCode } from '#crypto'
import { unlessAbsent, writeDurably } from '../node/durable-file.ts'
import { lockFolder } from '../node/lock.ts'
import type { OwnSecret } from './keys.ts'
import type { Credentials } from './setup.ts'
import type { AgentState } from './state.ts'

export interface Place {
  folder: string
  log: string
  device: string
  credentials(): Promise<Credentials | null>
  keep(credentials: Credentials | null): Promise<void>
  secret(): Promise<OwnSecret | null>
  keepSecret(own: OwnSecret): Promise<void>
  /** Its keys of the vault, with what they are kept under. */
  forgetKeys(): Promise<void>
  state(): Promise<AgentState | null>
  tell(state: AgentState): Promise<void>
  /** null: an agent of this profile has it, and keeps it for as many milliseconds. */
  lock(patience: number): Promise<(() => void) | null>
}

export function agentPlace(profile: string): Place {
  const folder = join(profile, 'agent')
  const [credentials, state] = [join(folder, 'credentials.json'), join(folder, 'state.json')]
  const [device, secret] = [join(folder, 'device'), join(folder, 'secret.json')]
  return {
    folder,
    log: join(folder, 'agent.log'),
    device,
    credentials: () => read<Credentials>(credentials),
    keep: value => (value ? writeDurably(credentials, `${JSON.stringify(value, null, 2)}\n`) : rm(credentials)),
    secret: () => read<OwnSecret>(secret),
    keepSecret: value => writeDurably(secret, `${JSON.stringify(value)}\n`),
    forgetKeys: async () => {
      await rm(device, { recursive: true, force: true })
      await rm(secret, { force: true })
    },
    state: () => read<AgentState>(state),
    tell: value => writeDurably(state, `${JSON.stringify(value)}\n`),
    lock: patience => lockWithin(folder, patience),
  }
}

/** null: not there, or nothing that a program of ours wrote. */
async function read<T>(file: string): Promise<T | null> {
  const text = await unlessAbsent(readFile(file, 'utf8'))
  try {
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null
  }
}

async function lockWithin(folder: string, patience: number): Promise<(() => void) | null> {
  try {
    return await lockFolder(folder, { signal: AbortSignal.timeout(patience) })
  } catch (error) {
    if (isCode(error, 'cancelled')) return null
    throw error
  }
}

/** Whether an agent of this profile runs, on this machine. */
export async function isRunning(place: Place): Promise<boolean> {
  const release = await place.lock(0)
  release?.()
  return release === null
}
