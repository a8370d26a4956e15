/**
 * Trying again what failed by nobody's will: no answer, a busy or a broken server. Pauses double, each cut short by chance, so that
 * many clients of a server that comes back do not come back as one.
 */
import { isCode } from '#crypto'
import { checkSignal } from './parallel.ts'

/** Milliseconds. */
const [FIRST, LONGEST] = [250, 15_000]
/** Milliseconds of pauses in all: a server that is started anew, a train in a tunnel. */
const PATIENCE = 120_000

export interface Patience {
  signal?: AbortSignal | undefined
  /** Milliseconds of pauses before the last failure is told; two minutes unless given. */
  patience?: number | undefined
}

export async function patiently<T>(attempt: () => Promise<T>, { signal, patience = PATIENCE }: Patience): Promise<T> {
  for (let longest = FIRST, waited = 0; ; longest = Math.min(2 * longest, LONGEST)) {
    try {
      return await attempt()
    } catch (error) {
      const pause = longest * (0.5 + Math.random() / 2)
      if (!isCode(error, 'offline', 'busy', 'server') || waited + pause > patience) throw error
      await sleep(pause, signal)
      waited += pause
    }
  }
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
