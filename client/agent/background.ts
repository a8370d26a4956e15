/** An agent in the background of this machine: another process, which outlives the terminal that it was started from. */
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readFile, rename, stat } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { AlveoleError } from '#crypto'
import { unlessAbsent } from '../node/durable-file.ts'
import { isRunning, type Place } from './place.ts'

const POLL = 100
/** Milliseconds: for an agent to have looked once, or failed to; and to end. */
const [TO_START, TO_STOP] = [60_000, 10_000]
/** Bytes: a longer log is begun anew at the next start; the one before stays beside it. */
const LONG_LOG = 1024 * 1024

/**
 * Starts a program with these arguments, and waits until it has looked once; `secret` goes to its standard input. False: an agent of this
 * profile runs already. Throws what ended it at once.
 */
export async function startAgent(place: Place, command: readonly string[], secret: string | null): Promise<boolean> {
  if (await isRunning(place)) return false
  const log = await logFile(place)
  const [program = '', ...rest] = command
  const child = spawn(program, rest, { detached: true, stdio: [secret === null ? 'ignore' : 'pipe', log, log] })
  closeSync(log)
  child.stdin?.on('error', () => undefined) // it may end without having read
  child.stdin?.end(secret)
  await begun(place, child)
  child.unref()
  return true
}

async function begun(place: Place, child: ChildProcess): Promise<void> {
  let hasEnded = false
  child.on('exit', () => (hasEnded = true)).on('error', () => (hasEnded = true))
  for (let waited = 0; waited < TO_START; waited += POLL) {
    if (hasEnded) throw await lastError(place)
    const state = await place.state()
    if (state?.pid === child.pid && state?.nextPass) return
    await pause(POLL)
  }
}

/** What ends an agent at its start; anything else is a failure of its program. */
const ENDS = ['wrong-unlock', 'usage', 'conflict', 'full'] as const

/** As the program wrote it last (client/cli/output.ts). */
async function lastError({ log }: Place): Promise<AlveoleError> {
  const [last = ''] = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-1)
  const [, code] = /^\{"error":\{"code":"([a-z-]+)"/.exec(last) ?? []
  return new AlveoleError(ENDS.find(end => end === code) ?? 'server', 'the agent ended at once', { detail: { log } })
}

/** Resolves when it has ended; false: none ran. */
export async function stopAgent(place: Place): Promise<boolean> {
  if (!(await isRunning(place))) return false
  const pid = (await place.state())?.pid
  if (pid !== undefined) process.kill(pid, 'SIGTERM') // of who holds the lock: written by it, right after it was taken
  for (let waited = 0; waited < TO_STOP; waited += POLL) {
    if (!(await isRunning(place))) return true
    await pause(POLL)
  }
  throw new AlveoleError('busy', 'the agent does not end')
}

async function logFile({ folder, log }: Place): Promise<number> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const size = (await unlessAbsent(stat(log)))?.size ?? 0
  if (size > LONG_LOG) await rename(log, `${log}.old`)
  return openSync(log, 'a', 0o600)
}
