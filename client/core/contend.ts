/**
 * What to do after a lost compare-and-swap: the same again, on what is there now. From the second loss on after a random while
 * that grows, so that of several devices that write much at once none starves; a host that always says 412 is left after a second
 * or two.
 */
import { isCode } from '#crypto'

const ATTEMPTS = 10
/** Milliseconds. */
const [SHORTEST, LONGEST] = [10, 400]

export async function contend<T>(attempt: () => Promise<T>): Promise<T> {
  for (let lost = 0; ;) {
    try {
      return await attempt()
    } catch (error) {
      if (!isCode(error, 'conflict') || ++lost === ATTEMPTS) throw error
    }
    if (lost > 1) await pause(Math.random() * Math.min(LONGEST, SHORTEST * 2 ** lost))
  }
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
