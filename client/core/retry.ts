/**
 * Trying again what failed by nobody's will: no answer, a busy or a broken server. Pauses double, each cut short by chance, so that
 * many clients of a server that comes back do not come back as one. A line that is lost on the way may come back; where there was
 * none to begin with, people are told at once.
 */
import { isCode } from '#crypto'
import { checkSignal } from './parallel.ts'

/** Milliseconds. */
const [FIRST, LONGEST] = [250, 15_000]
/** Milliseconds of pauses in all: a server that is started anew, a train in a tunnel. */
const PATIENCE = 120_000
/** The same, where there was no line to begin with: a connection that the server closed while it was idle, no more. */
const AT_FIRST = 2_000

export interface Patience {
  signal?: AbortSignal | undefined
  /** Milliseconds of pauses before the last failure is told; two minutes unless given. */
  patience?: number | undefined
  /** Whether anything was answered since the action began that this is part of; taken for true unless given. */
  answered?: (() => boolean) | undefined
}

/** Of what an action was given, how patient it is. */
export const patienceOf = ({ signal, patience, answered }: Patience): Patience => ({ signal, patience, answered })

export async function patiently<T>(attempt: () => Promise<T>, how: Patience): Promise<T> {
  const { signal } = how
  for (let longest = FIRST, waited = 0; ; longest = Math.min(2 * longest, LONGEST)) {
    try {
      return await attempt()
    } catch (error) {
      const pause = longest * (0.5 + Math.random() / 2)
      if (!isCode(error, 'offline', 'busy', 'server') || waited + pause > mostFor(error, how)) throw error
      await sleep(pause, signal)
      waited += pause
    }
  }
}

function mostFor(error: unknown, { patience = PATIENCE, answered }: Patience): number {
  const isWithoutLine = isCode(error, 'offline') && answered?.() === false
  return isWithoutLine ? Math.min(patience, AT_FIRST) : patience
}

/** Until the time is over or the signal falls, of which it then tells. */
async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  checkSignal(signal)
  await new Promise<void>(resolve => {
    const over = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', over)
      resolve()
    }
    const timer = setTimeout(over, ms)
    signal?.addEventListener('abort', over)
  })
  checkSignal(signal)
}
