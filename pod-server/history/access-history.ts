/**
 * Who read what of which vault, noted in memory at each read and sealed to the vault's owner within a second, many reads
 * at once. Nothing here ever makes a read fail or wait: what cannot be written is counted, and the owner is told how much.
 */
import { join } from 'node:path'
import type { AccessRead } from '#crypto'
import { sealAccessBatch } from '#crypto'
import { Recent } from '../fast-read/recent.ts'
import { HistoryFolder } from './history-folder.ts'
import { OwnerKeys } from './owner-key.ts'

const FLUSH_MS = 1_000
const FLUSHED_AT = 500
/** In memory for one pod, and in one batch. */
const MOST = 2_000
/** Of one pod, while its disk is full. */
const MOST_KEPT = 200
const LONGEST_TEXT = 1_000

/** Of one pod: what waits, and how many reads could not be kept since the last batch. */
type Waiting = { reads: AccessRead[]; lost: number }

/** `<pod>/alveole/<path>`, but for the history itself. */
const VAULT = /^((?:[\w-][\w.-]*\/)+?alveole\/)(?!history\/).+\.alv$/

export class AccessHistory {
  readonly #root: string
  readonly #isKept: boolean
  readonly #keys = new OwnerKeys()
  readonly #folders = new Recent<HistoryFolder>(1_000)
  #waiting = new Map<string, Waiting>()
  #flushing: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined

  constructor(root: string, isKept: boolean) {
    this.#root = root
    this.#isKept = isKept
  }

  /** Whether what stands there is of a vault. Paths begin after the base URL, and are those of files. */
  concerns(path: string): boolean {
    return this.#isKept && VAULT.test(path)
  }

  note(path: string, who: string, application: string): void {
    const [, vault] = VAULT.exec(path) ?? []
    if (vault === undefined) return
    const waiting = this.#waiting.get(vault) ?? { reads: [], lost: 0 }
    this.#waiting.set(vault, waiting)
    if (waiting.reads.length >= MOST) waiting.lost += 1
    else {
      const [shownWho, shownApplication] = [who.slice(0, LONGEST_TEXT), application.slice(0, LONGEST_TEXT)]
      const fromPod = path.slice(vault.length - 'alveole/'.length)
      waiting.reads.push({ at: Date.now(), who: shownWho, application: shownApplication, path: fromPod })
    }
    if (waiting.reads.length === FLUSHED_AT) void this.flush()
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref()
  }

  /** All that was noted until now. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#flushing = this.#flushing.then(() => this.#flushAll())
    return this.#flushing
  }

  async finalize(): Promise<void> {
    await this.flush()
  }

  async #flushAll(): Promise<void> {
    const all = this.#waiting
    this.#waiting = new Map()
    for (const [vault, waiting] of all) {
      if (!(await this.#write(vault, waiting).catch(() => false))) this.#putBack(vault, waiting)
    }
  }

  /** True when nothing is left to do: without a vault there is nobody to tell. */
  async #write(vault: string, { reads, lost }: Waiting): Promise<boolean> {
    const folder = join(this.#root, vault)
    const key = await this.#keys.of(folder)
    if (key === 'exposed') return false
    if (!key) return true
    const known = this.#folders.get(vault) ?? new HistoryFolder(join(folder, 'history'))
    this.#folders.set(vault, known)
    await known.append(chain => sealAccessBatch(key, chain, reads, lost))
    return true
  }

  /** For the next time, as far as there is room: a disk may be full for long. */
  #putBack(vault: string, { reads, lost }: Waiting): void {
    const since = this.#waiting.get(vault) ?? { reads: [], lost: 0 }
    const all = [...reads, ...since.reads]
    this.#waiting.set(vault, {
      reads: all.slice(0, MOST_KEPT),
      lost: lost + since.lost + Math.max(0, all.length - MOST_KEPT),
    })
  }
}
