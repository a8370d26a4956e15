/**
 * What the pod's server noted: who read what of this vault (SPEC Y). The server alone vouches for it; that nothing was cut
 * or altered since this device looked, its mark does.
 */
import {
  ACCESS_START,
  accessBatches,
  AlveoleError,
  decode,
  encode,
  equal,
  hash32,
  openAccessBatch,
  struct,
  uint,
  unsafeAccessLink,
  type AccessChain,
  type AccessRead,
} from '#crypto'
import type { Context } from './context.ts'
import { isChild, vaultRoot } from './paths.ts'
import type { JournalLine } from './types.ts'

const mark = struct({ length: uint, last: hash32 })
const NAME = /\/\d{4}-\d\d-\d\d-\d\d\.alv$/

/** One line for all that somebody read of a folder on a day, by one application; and lines for what is not as it was. */
export async function readLines(context: Context): Promise<JournalLine[]> {
  const { pod, store } = context
  const kept = await store.get(markKey(pod.storage))
  const walk = new Walk(context, kept && decode(mark, kept))
  const container = `${vaultRoot(pod.storage)}history/`
  const urls = ((await pod.list(container)) ?? []).filter(url => isChild(container, url) && NAME.test(url))
  for (const url of urls.sort()) {
    const reply = await pod.get(url)
    if (reply) walk.file(url, reply.body)
  }
  const lines = walk.end(container)
  await store.set(markKey(pod.storage), encode(mark, walk.chain))
  return lines
}

const markKey = (storage: string): string => `access history of ${storage}`

class Walk {
  readonly #context: Context
  readonly #mark: AccessChain | null
  readonly #read = new Map<string, JournalLine & { times: number }>()
  readonly #problems: JournalLine[] = []
  #isMarkSeen: boolean
  #time = 0
  chain: AccessChain = ACCESS_START

  constructor(context: Context, seen: AccessChain | null) {
    this.#context = context
    this.#mark = seen
    this.#isMarkSeen = !seen?.length
  }

  file(url: string, body: Uint8Array): void {
    for (const batch of accessBatches(body).batches) {
      const { before, after } = unsafeAccessLink(batch)
      if (!isSame(before, this.chain)) this.#tell('history-altered', url, 1) // Y3
      this.chain = after
      this.#isMarkSeen ||= this.#mark !== null && isSame(after, this.#mark)
      this.#open(url, batch)
    }
  }

  #open(url: string, batch: Uint8Array): void {
    const opened = this.#opened(batch)
    if (!opened) return this.#tell('history-altered', url, 1)
    if (opened.lost) this.#tell('reads-lost', url, opened.lost)
    for (const read of opened.reads) this.#add(read)
  }

  /** An older generation may have been the newest when it was sealed. */
  #opened(batch: Uint8Array): ReturnType<typeof openAccessBatch> | null {
    const { generations } = this.#context.me
    const { generation } = unsafeAccessLink(batch)
    const seed = generations.find(({ number }) => number === generation)?.kemSeed
    try {
      return seed ? openAccessBatch(seed, batch) : null
    } catch (error) {
      if (error instanceof AlveoleError) return null
      throw error
    }
  }

  #add({ at, who, application, path }: AccessRead): void {
    this.#time = at
    const object = this.#context.pod.storage + (/^alveole\/(?:c|groups)\/[^/]+\//.exec(path)?.[0] ?? path)
    const key = JSON.stringify([Math.floor(at / 86_400_000), who, application, object])
    const times = (this.#read.get(key)?.times ?? 0) + 1
    this.#read.set(key, { ...line(at, 'read', object, who), application, times })
  }

  #tell(what: 'history-altered' | 'reads-lost' | 'history-cut', object: string, times: number): void {
    this.#problems.push({ ...line(this.#time, what, object, ''), times })
  }

  end(container: string): JournalLine[] {
    if (!this.#isMarkSeen) this.#tell('history-cut', container, 1) // Y4
    return [...this.#problems, ...this.#read.values()]
  }
}

const isSame = (a: AccessChain, b: AccessChain): boolean => a.length === b.length && equal(a.last, b.last)

const line = (at: number, what: JournalLine['what'], object: string, who: string): JournalLine => ({
  at: new Date(at).toISOString(),
  what,
  object,
  who,
  vouchedBy: 'server',
})
