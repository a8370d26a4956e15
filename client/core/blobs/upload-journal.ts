/**
 * What this device keeps of uploads under way, sealed to itself (SPEC D7), so that one goes on after the program was killed:
 *
 *   upload          = [1, name, begun, blob id, blob key, part size, number of parts]
 *   block of parts  = [1, name, block, [[index, folder, seal id, hash, SHA-256 of the plaintext], …]]     32 parts each
 *   list of uploads = [[name, begun, number of parts], …]                                                 for those that nobody ends
 */
import {
  decode,
  encode,
  equal,
  hash,
  hash32,
  id16,
  isCode,
  key32,
  list,
  literal,
  openForDevice,
  random,
  sealForDevice,
  struct,
  text,
  toHex,
  uint,
  utf8,
  type Of,
} from '#crypto'
import type { Context } from '../context.ts'
import { inTurn } from '../parallel.ts'

/** Garbage collection takes parts that nothing names after a week. */
const LIFE = 5 * 24 * 3600_000
/** Parts written at once: few enough to be written again with each of them. */
const BLOCK = 32
const LIST = 'uploads'

const uploadFormat = struct({
  version: literal(1),
  name: hash32,
  begun: uint,
  blob: id16,
  key: key32,
  partBytes: uint,
  count: uint,
})
const keptPart = struct({ index: uint, folder: text, sealId: id16, hash: hash32, plain: hash32 })
const blockFormat = struct({ version: literal(1), name: hash32, block: uint, parts: list(keptPart) })
const listFormat = struct({ uploads: list(struct({ name: hash32, begun: uint, count: uint })) })

export type KeptPart = Of<typeof keptPart>
type Entry = Of<typeof uploadFormat>

/** How an upload begins, or goes on. */
interface Beginning {
  /** Of a new one. */
  partBytes: () => Promise<number>
  /** Whether a record refers to this file already, since its upload was ended by nobody: a program killed right after the commit. */
  isRecorded?: ((file: Uint8Array) => Promise<boolean>) | undefined
}

/** An upload under way. */
export interface Upload {
  readonly blob: Uint8Array
  readonly key: Uint8Array
  readonly partBytes: number
  /** The parts that are stored; null where nothing is kept of them. */
  readonly kept: { get(index: number): KeptPart | undefined; add(part: KeptPart): Promise<void> } | null
}

export class UploadJournal {
  readonly #context: Pick<Context, 'store' | 'me' | 'clock'>
  readonly #turn = inTurn()
  /** Parts of uploads that this opening began or went on with: one list of each, also where one failed and its last requests still run. */
  readonly #live = new Map<string, Map<number, KeptPart>>()

  constructor(context: Pick<Context, 'store' | 'me' | 'clock'>) {
    this.#context = context
  }

  /** The one of this name, of so many bytes, that was begun here and not ended; or a new one. */
  async begin(name: Uint8Array, size: number, { partBytes, isRecorded }: Beginning): Promise<Upload> {
    const known = await this.#known(name)
    const isSame = known?.count === partCount(size, known?.partBytes ?? 1)
    if (known && isSame && !(await isRecorded?.(known.blob))) return this.#going(known)
    const part = await partBytes()
    const begun = this.#context.clock()
    const count = partCount(size, part)
    const entry: Entry = { version: 1, name, begun, blob: random(16), key: random(32), partBytes: part, count }
    await this.#turn(() => this.#enter(entry))
    return this.#going(entry)
  }

  /** Its parts are named by a record now, or by nothing ever. */
  end(name: Uint8Array): Promise<void> {
    return this.#turn(async () => {
      if (!(await this.#context.store.get(entryKey(name)))) return
      const uploads = await this.#list()
      const mine = uploads.find(one => equal(one.name, name))
      if (!mine) return
      await this.#forget(mine)
      await this.#write(LIST, encode(listFormat, { uploads: uploads.filter(one => one !== mine) }))
    })
  }

  async #enter(entry: Entry): Promise<void> {
    const { name, begun, count } = entry
    const uploads = await this.#list()
    const over = uploads.filter(one => equal(one.name, name) || begun - one.begun > LIFE)
    const left = uploads.filter(one => !over.includes(one))
    for (const one of over) await this.#forget(one)
    await this.#write(LIST, encode(listFormat, { uploads: [...left, { name, begun, count }] })) // first: nothing stays unlisted
    await this.#write(entryKey(name), encode(uploadFormat, entry))
  }

  async #forget({ name, count }: { name: Uint8Array; count: number }): Promise<void> {
    const { store } = this.#context
    this.#live.delete(toHex(name))
    await store.set(entryKey(name), null)
    for (let block = 0; block * BLOCK < count; block++) await store.set(blockKey(name, block), null)
  }

  async #known(name: Uint8Array): Promise<Entry | null> {
    const entry = await this.#read(entryKey(name), from => decode(uploadFormat, from))
    const age = entry ? this.#context.clock() - entry.begun : 0
    return entry && equal(entry.name, name) && age >= 0 && age <= LIFE ? entry : null
  }

  async #going(entry: Entry): Promise<Upload> {
    const { name, blob, key, partBytes } = entry
    const parts = this.#live.get(toHex(name)) ?? (await this.#stored(entry))
    this.#live.set(toHex(name), parts)
    const add = (part: KeptPart): Promise<void> =>
      this.#turn(async () => {
        if (this.#live.get(toHex(name)) !== parts) return // ended, or begun anew, before this one came to its end
        parts.set(part.index, part)
        const block = Math.floor(part.index / BLOCK)
        const of = [...parts.values()].filter(({ index }) => Math.floor(index / BLOCK) === block)
        await this.#write(blockKey(name, block), encode(blockFormat, { version: 1, name, block, parts: of }))
      })
    return { blob, key, partBytes, kept: { get: index => parts.get(index), add } }
  }

  async #stored({ name, count }: Entry): Promise<Map<number, KeptPart>> {
    const parts = new Map<number, KeptPart>()
    for (let block = 0; block * BLOCK < count; block++) {
      const known = await this.#read(blockKey(name, block), from => decode(blockFormat, from))
      if (!known || !equal(known.name, name) || known.block !== block) continue
      for (const part of known.parts) parts.set(part.index, part)
    }
    return parts
  }

  async #list(): Promise<Of<typeof listFormat>['uploads']> {
    return (await this.#read(LIST, from => decode(listFormat, from)))?.uploads ?? []
  }

  /** null also where it does not open, as after a restored disk: then an upload begins anew. */
  async #read<T>(key: string, decoded: (from: Uint8Array) => T): Promise<T | null> {
    const sealed = await this.#context.store.get(key)
    try {
      return sealed && decoded(openForDevice(this.#context.me.seeds, sealed))
    } catch (error) {
      if (isCode(error, 'tampered')) return null
      throw error
    }
  }

  #write(key: string, content: Uint8Array): Promise<void> {
    return this.#context.store.set(key, sealForDevice(this.#context.me.seeds, content))
  }
}

export const partCount = (size: number, partBytes: number): number => Math.max(1, Math.ceil(size / partBytes))

/** Names an upload among those of this device. */
export const uploadName = (container: string, source: string): Uint8Array => hash(utf8(`${container} ${source}`))

const entryKey = (name: Uint8Array): string => `upload ${toHex(name)}`
const blockKey = (name: Uint8Array, block: number): string => `${entryKey(name)} ${block}`
