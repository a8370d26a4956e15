/**
 * The entries of an opened index run. There are many and few are looked at: each is a number into the run's columns, which it is read
 * out of when asked. So an entry takes tens of bytes beside its line of each text, and none of them is parsed at opening.
 */
import { toHex } from './bytes.ts'
import { AlveoleError, tampered } from './errors.ts'
import type { Brief, IndexEntry } from './index-run.ts'

type Group = Pick<IndexEntry, 'segment' | 'epoch' | 'facet' | 'kind'>

/** Lines of a text, each ended by a line feed: found at once, cut out when looked at. */
class Lines {
  readonly #text: string
  readonly #ends: Uint32Array

  constructor(text: string, count: number) {
    this.#text = text
    this.#ends = new Uint32Array(count)
    let at = 0
    for (let i = 0; i < count; i++) {
      const end = text.indexOf('\n', at)
      if (end < 0) tampered('lines are missing')
      this.#ends[i] = end
      at = end + 1
    }
    if (at !== text.length) tampered('more lines than cells')
  }

  at(i: number): string {
    return this.#text.slice(i ? this.#ends[i - 1]! + 1 : 0, this.#ends[i])
  }
}

export interface RunColumns {
  groups: readonly Group[]
  ids: Uint8Array
  stamps: Uint8Array
  groupOf: Uint8Array
  said: string
  words: string
}

class Columns {
  readonly #ids: Uint8Array
  readonly #stamps: DataView
  readonly #groups: readonly Group[]
  readonly said: Lines
  readonly words: Lines

  /** `groupOf` has been looked through; what the columns lie in is not kept. */
  constructor({ ids, stamps, said, words }: RunColumns, groups: readonly Group[]) {
    this.#ids = ids.slice()
    this.#stamps = new DataView(stamps.slice().buffer)
    this.#groups = groups
    this.said = new Lines(said, groups.length)
    this.words = new Lines(words, groups.length)
  }

  group(i: number): Group {
    return this.#groups[i]!
  }

  record(i: number): string {
    return toHex(this.#ids.subarray(16 * i, 16 * i + 16))
  }

  stamp(i: number): number {
    return this.#stamps.getUint32(8 * i) * 2 ** 32 + this.#stamps.getUint32(8 * i + 4)
  }
}

/** Q2: columns of one length; groups that are there. */
export function entriesIn(columns: RunColumns): IndexEntry[] {
  const { groups, ids, stamps, groupOf } = columns
  const count = groupOf.length / 4
  if (!Number.isInteger(count) || ids.length !== 16 * count || stamps.length !== 8 * count)
    return tampered('columns differ')
  const numbers = new DataView(groupOf.buffer, groupOf.byteOffset, groupOf.length)
  const of = Array.from(
    { length: count },
    (_, i) => groups[numbers.getUint32(4 * i)] ?? tampered('a group that is not there'),
  )
  const all = new Columns(columns, of)
  return of.map((_, i) => new RunEntry(all, i))
}

class RunEntry implements IndexEntry {
  readonly #in: Columns
  readonly #at: number

  constructor(columns: Columns, at: number) {
    this.#in = columns
    this.#at = at
  }

  get record(): string {
    return this.#in.record(this.#at)
  }
  get stamp(): number {
    return this.#in.stamp(this.#at)
  }
  get kind(): string {
    return this.#in.group(this.#at).kind
  }
  get facet(): string {
    return this.#in.group(this.#at).facet
  }
  get epoch(): IndexEntry['epoch'] {
    return this.#in.group(this.#at).epoch
  }
  get segment(): string {
    return this.#in.group(this.#at).segment
  }
  get brief(): Brief | null {
    const said = this.#in.said.at(this.#at)
    return said ? new RunBrief(said, this.#in.words.at(this.#at)) : null
  }

  /** As whoever prints or compares it sees it. */
  toJSON(): IndexEntry {
    const { record, stamp, kind, facet, epoch, segment, brief } = this
    return { record, stamp, kind, facet, epoch, segment, brief: brief && { said: brief.said, words: brief.words } }
  }
}

class RunBrief implements Brief {
  readonly words: string
  readonly #said: string

  constructor(said: string, words: string) {
    this.#said = said
    this.words = words
  }

  get said(): Brief['said'] {
    return this.#said === '{}' ? {} : parse(this.#said)
  }
}

function parse(json: string): Brief['said'] {
  let said: unknown
  try {
    said = JSON.parse(json)
  } catch (error) {
    throw new AlveoleError('tampered', 'malformed index', { cause: error })
  }
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return tampered('malformed index')
  return said as Brief['said']
}
