/**
 * The agent's day: a look, then sleep until the next known end, a few minutes at most, since grants are given meanwhile. Without an
 * answer it tries again after pauses that double. All that it decides by is on the server, so that it may die at any moment, and
 * several may watch one vault.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Pod } from '#core'
import { AlveoleError, isCode } from '#crypto'
import type { Log } from './log.ts'
import { removeEnded, type Pass, type Problem } from './pass.ts'
import type { ServerClock } from './server-clock.ts'
import { endingSoon, iso, type AgentState } from './state.ts'

/** Milliseconds: the longest sleep unless told, the first pause after a failure, and how exact a server's `Date` is. */
export const LONGEST = 10 * 60_000
const FIRST_PAUSE = 5_000
const SECOND = 1_000

export interface Watch {
  pod: Pod
  clock: ServerClock
  log: Log
  signal: AbortSignal
  longest: number
  state: AgentState
  /** Where it stands, after each look. */
  tell(state: AgentState): Promise<void>
  /** What an agent with keys does besides; tells what stood in the way. */
  upkeep?: () => Promise<Problem[]>
}

/** Until the signal falls. */
export async function watch(around: Watch): Promise<void> {
  const { signal, longest, log } = around
  let failures = 0
  let isFull = false
  log({ event: 'started', keys: around.state.keys })
  while (!signal.aborted) {
    const pass = await orAborted(look(around), signal)
    if (!pass) break
    failures = 'ends' in pass ? 0 : failures + 1
    const wait = 'ends' in pass ? untilNext(pass, around) : pauseAfter(failures, longest)
    around.state = { ...around.state, nextPass: iso(around.clock.now() + wait) }
    isFull = await told(around, isFull)
    await pause(wait, undefined, { signal }).catch(() => undefined)
  }
  log({ event: 'stopped' })
}

/** A look, and what it changes of the state; the failure where there was no answer. */
async function look(around: Watch): Promise<Pass | AlveoleError> {
  const { pod, clock, state } = around
  try {
    const pass = await removeEnded(pod, clock)
    const others = (await around.upkeep?.()) ?? []
    if (pass.removed) around.log({ event: 'removed', rules: pass.removed })
    const at = { lastPass: iso(clock.now()), looked: pass.looked, removed: state.removed + pass.removed }
    const [next] = pass.ends
    const ends = { nextEnd: next ? iso(next.until) : null, ending: endingSoon(pass.ends, clock.now()) }
    around.state = { ...state, ...at, ...ends, enforcedBy: pass.enforced ? 'server' : 'owner' }
    note(around, [...pass.problems, ...others])
    return pass
  } catch (error) {
    if (isCode(error, 'wrong-unlock', 'locked') || !(error instanceof AlveoleError)) throw error
    note(around, [{ code: error.code }])
    return error
  }
}

/** In the log once, however long it lasts. */
function note(around: Watch, problems: Problem[]): void {
  const before = new Set(around.state.problems.map(problem => JSON.stringify(problem)))
  for (const problem of problems) if (!before.has(JSON.stringify(problem))) around.log({ event: 'problem', ...problem })
  if (before.size && !problems.length) around.log({ event: 'well' })
  around.state = { ...around.state, problems }
}

/** What it is there for is on the server: a disk that is full here does not end it. Tells whether it was. */
async function told({ tell, state, log }: Watch, wasFull: boolean): Promise<boolean> {
  try {
    await tell(state)
    return false
  } catch (error) {
    if (!isCode(error, 'full')) throw error
    if (!wasFull) log({ event: 'problem', code: 'full' })
    return true
  }
}

const untilNext = ({ ends: [next], enforced }: Pass, { clock, longest }: Watch): number =>
  next && !enforced ? Math.min(Math.max(next.until - clock.now(), 0) + SECOND, longest) : longest

/** Cut short by chance, so that many agents of a server that comes back do not come back as one. */
const pauseAfter = (failures: number, longest: number): number =>
  Math.min(FIRST_PAUSE * 2 ** (failures - 1), longest) * (0.5 + Math.random() / 2)

/** null: called off. What is under way then counts as if the program had died. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  const { promise, resolve } = Promise.withResolvers<null>()
  const stop = (): void => resolve(null)
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  work.catch(() => undefined) // told to whoever still waits for it
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', stop))
}
