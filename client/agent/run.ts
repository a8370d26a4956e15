/** One agent, from its lock to its end, as `alveole agent run` and systemd have it. */
import { solidPod, type Pod } from '#core'
import { AlveoleError } from '#crypto'
import { deviceStore } from '../node/device-store.ts'
import { sqliteObjects } from '../node/object-store.ts'
import { authenticatedFetch } from '../node/session.ts'
import { KeptVault, type Keys } from './keys.ts'
import type { Log } from './log.ts'
import { agentPlace } from './place.ts'
import { serverClock, type ServerClock } from './server-clock.ts'
import type { AgentSession } from './setup.ts'
import { newState, type AgentState } from './state.ts'
import { watch } from './watch.ts'

/** Milliseconds: who only asks whether an agent runs holds the lock for a moment. */
const PATIENCE = 2_000

export interface RunOptions {
  log: Log
  signal: AbortSignal
  /** Milliseconds between two looks, at most. */
  longest: number
  /** null: the agent has no keys. */
  keys: Keys | null
}

/** Throws `conflict` where an agent of this profile runs, `usage` where none was set up, `wrong-unlock` where its keys open nothing, or its device was removed. */
export async function runAgent(profile: string, { log, signal, longest, keys }: RunOptions): Promise<void> {
  const place = agentPlace(profile)
  const release = await place.lock(PATIENCE)
  if (!release) throw new AlveoleError('conflict', 'an agent of this profile runs already')
  try {
    const session = (await place.credentials())?.session
    if (!session) throw new AlveoleError('usage', 'no agent is set up in this profile')
    const clock = serverClock(authenticatedFetch(session))
    const pod = await podOf(session, clock)
    const state = newState(process.pid, Date.now(), keys !== null)
    await place.tell(state)
    const vault = keys && new KeptVault({ pod, ...deviceIn(place.device) }, keys)
    const upkeep = vault && { upkeep: () => vault.maintain() }
    const tell = (next: AgentState): Promise<void> => place.tell(next)
    await watch({ pod, clock, log, signal, longest, state, tell, ...upkeep }).finally(() => vault?.lock())
  } finally {
    release()
  }
}

const deviceIn = (folder: string) => ({ store: deviceStore(folder), objects: sqliteObjects(folder) })

/** Where the profile says, since the vault may have moved; without an answer where it was. */
async function podOf({ webId, pod: storage }: AgentSession, { fetch }: ServerClock): Promise<Pod> {
  const known = await solidPod({ webId, storage, fetch })
  const named = await known.profile(webId).catch((error: unknown) => {
    if (error instanceof AlveoleError) return null
    throw error
  })
  return named?.storage && named.storage !== storage ? solidPod({ webId, storage: named.storage, fetch }) : known
}
