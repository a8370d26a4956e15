/**
 * The access history of one pod on the disk (SPEC Y3): batches, one behind another, in a file a day. Nothing that stands
 * there is ever written over: what was cut or altered stays as it is, and the chain goes on in a file of the next number, so
 * that its owner sees the one and the other.
 */
import { mkdir, open, readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ACCESS_START, accessBatches, frameAccessBatch, unsafeAccessLink } from '#crypto'
import type { AccessChain } from '#crypto'

const NAME = /^(\d{4}-\d\d-\d\d)-(\d\d)\.alv$/
/** A longer file is not begun; one that somebody else put there is not read. */
const LARGEST = 4 * 1024 * 1024

type Place = { day: string; number: number; size: number; chain: AccessChain }

const nameOf = ({ day, number }: Place): string => `${day}-${String(number).padStart(2, '0')}.alv`
const nextOf = (place: Place): Place => ({ ...place, number: place.number + 1, size: 0 })

export class HistoryFolder {
  readonly #folder: string
  #place: Place | null = null

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Adds the batch that `seal` makes for where the chain has come to. What is not whole is taken back. */
  async append(seal: (chain: AccessChain) => Uint8Array): Promise<void> {
    const place = today(await this.#found())
    if (place.number > 99) throw new Error('too many files for a day')
    const batch = seal(place.chain)
    const frame = frameAccessBatch(batch)
    this.#place = null
    await mkdir(this.#folder, { recursive: true })
    await appendWhole(join(this.#folder, nameOf(place)), frame, place.size)
    this.#place = { ...place, size: place.size + frame.length, chain: unsafeAccessLink(batch).after }
  }

  /** Where we left off, if the file is as long as it was; else what is on the disk. */
  async #found(): Promise<Place> {
    const place = this.#place
    if (place) {
      const size = await sizeOf(join(this.#folder, nameOf(place)))
      if (size === place.size) return size < LARGEST ? place : nextOf(place)
    }
    return this.#read()
  }

  /** The end of the last chain that can be read, in the file behind everything that is there. */
  async #read(): Promise<Place> {
    const names = (await readdir(this.#folder).catch(() => [])).filter(name => NAME.test(name)).sort()
    let place: Place = { day: '0000-00-00', number: 0, size: 0, chain: ACCESS_START }
    for (const [at, name] of names.toReversed().entries()) {
      const [, day = '', number = ''] = NAME.exec(name) ?? []
      if (at === 0) place = { ...place, day, number: Number(number) }
      const { chain, size, isWhole } = await endOf(join(this.#folder, name))
      if (chain) return at === 0 && isWhole ? { ...place, size, chain } : nextOf({ ...place, chain })
    }
    return names.length ? nextOf(place) : place
  }
}

/** Never before a file that is there, even if the clock went back. */
const today = (place: Place): Place => {
  const day = new Date().toISOString().slice(0, 10)
  return day > place.day ? { ...place, day, number: 0, size: 0 } : place
}

/** 0: absent. -1: no file. */
const sizeOf = async (path: string): Promise<number> => {
  const found = await stat(path).catch(() => null)
  if (!found) return 0
  return found.isFile() ? found.size : -1
}

type End = { chain: AccessChain | null; size: number; isWhole: boolean }

const endOf = async (path: string): Promise<End> => {
  const size = await sizeOf(path)
  if (size <= 0 || size > 2 * LARGEST) return { chain: null, size, isWhole: false }
  const { batches, whole } = accessBatches(new Uint8Array(await readFile(path)))
  const last = batches.at(-1)
  return { chain: last ? unsafeAccessLink(last).after : null, size, isWhole: whole === size && size < LARGEST }
}

/** A disk that is full in the middle keeps nothing of it: cutting a file needs no room. */
const appendWhole = async (path: string, bytes: Uint8Array, size: number): Promise<void> => {
  const file = await open(path, 'a', 0o600)
  try {
    await file.appendFile(bytes)
  } catch (error) {
    await file.truncate(size)
    throw error
  } finally {
    await file.close()
  }
}
