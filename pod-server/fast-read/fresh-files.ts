/**
 * What was read from a file or folder, kept for as long as it is certainly unchanged: its stamp is looked at each time.
 *
 * A file system counts time in steps, of two seconds at worst (FAT), so a change within the same step may leave the
 * stamp as it was. What was read that soon after a change is therefore used once and not kept.
 */
import { statSync } from 'node:fs'
import { Recent } from './recent.ts'

const STEP_MS = 2_100
const TRIES = 3

type Stamp = { text: string; changed: number }
type Kept<T> = { stamp: string; value: T }

export class FreshFiles<T> {
  readonly #kept: Recent<Kept<T>>

  constructor(size: number, weigh?: (value: T) => number) {
    this.#kept = new Recent(size, weigh && (({ value }) => weigh(value)))
  }

  /** What `read` finds out about `name` from the file at `path`. Throws when there is none, or it keeps changing. */
  async get(name: string, path: string, read: () => Promise<T>): Promise<T> {
    let stamp = stampOf(path)
    const kept = this.#kept.get(name)
    if (kept?.stamp === stamp.text) return kept.value
    for (let tries = 0; tries < TRIES; tries += 1) {
      const begun = Date.now()
      const value = await read()
      const after = stampOf(path)
      if (after.text === stamp.text) {
        if (begun - stamp.changed > STEP_MS) this.#kept.set(name, { stamp: stamp.text, value })
        return value
      }
      stamp = after
    }
    throw new Error(`${path} keeps changing`)
  }
}

/**
 * The time of the last change of anything (ctime) cannot be set by hand, as that of the content can. Not asynchronous:
 * the kernel knows what was just asked for and says it in 4 µs, a twentieth of what handing it to a thread takes.
 */
const stampOf = (path: string): Stamp => {
  const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = statSync(path, { bigint: true })
  return { text: `${dev}-${ino}-${size}-${mtimeNs}-${ctimeNs}`, changed: Number(ctimeMs) }
}
