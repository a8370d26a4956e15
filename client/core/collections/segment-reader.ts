/**
 * Reads single cells of a collection of one's own out of its segments, and remembers the segments that were read last, within
 * bounds: a page of a list lies in few of them.
 */
import {
  AlveoleError,
  facetKey,
  openManifestPage,
  openSection,
  openSegment,
  toBase64Url,
  toHex,
  type Cell,
  type Manifest,
  type OpenedSegment,
  type OwnerPart,
  type Reference,
  type SegmentEntry,
} from '#crypto'
import { inParallel } from '../parallel.ts'
import { epochKeyOf } from './epochs.ts'
import type { Entry } from './own-index.ts'
import { fetchNamed, type Place } from './sections.ts'

/** Bytes of sealed segments. */
const REMEMBERED = 8 * 1024 * 1024
/** Of those, whose cells stay open: they take six times as much, and opening them anew costs no request. */
const OPEN = 1024 * 1024

interface Held {
  segment: OpenedSegment
  size: number
  /** By epoch and facet, then record. */
  cells: Map<string, Promise<Map<string, Cell>>>
}

export class SegmentReader {
  readonly #place: Place
  readonly #pages = new Map<string, SegmentEntry[]>()
  readonly #held = new Map<string, Promise<Held>>()
  #size = 0
  /** Those with open cells; the last looked at last. */
  readonly #open = new Set<Held>()

  constructor(place: Place) {
    this.#place = place
  }

  /** Everything that a manifest lists, pages included. */
  async list({ segments, pages }: Manifest): Promise<SegmentEntry[]> {
    const listed = await inParallel(pages, page => this.page(page))
    return [...listed.flat(), ...segments]
  }

  /** Read once. */
  async page({ sealId, hash, key }: Reference): Promise<SegmentEntry[]> {
    const name = toBase64Url(sealId)
    const known = this.#pages.get(name)
    if (known) return known
    const { owner, id } = this.#place
    const page = openManifestPage(await fetchNamed(this.#place, sealId, hash), owner, id, key)
    this.#pages.set(name, page)
    return page
  }

  /** The cell that an entry of the index stands for. */
  async cell(entry: Entry, owner: OwnerPart, manifest: Manifest): Promise<Cell> {
    if (entry.cell) return entry.cell
    const held = await this.#hold(entry.segment!, manifest)
    this.#look(held)
    const name = `${entry.epoch} ${entry.facet}`
    let cells = held.cells.get(name)
    if (!cells) held.cells.set(name, (cells = cellsOf(held.segment, entry, owner)))
    const cell = (await cells).get(entry.record)
    if (cell?.stamp !== entry.stamp) throw new AlveoleError('tampered', 'an index of other cells than there are')
    return cell
  }

  #look(held: Held): void {
    this.#open.delete(held)
    this.#open.add(held)
    let size = 0
    for (const one of [...this.#open].toReversed()) {
      size += one.size
      if (size <= OPEN || one === held) continue
      one.cells.clear()
      this.#open.delete(one)
    }
  }

  #hold(name: string, manifest: Manifest): Promise<Held> {
    const known = this.#held.get(name)
    if (known) {
      this.#held.delete(name) // the last looked at goes last
      this.#held.set(name, known)
      return known
    }
    const fresh = this.#fetch(name, manifest)
    this.#held.set(name, fresh)
    fresh.then(
      ({ size }) => this.#forget(size),
      () => this.#held.delete(name),
    )
    return fresh
  }

  async #fetch(name: string, manifest: Manifest): Promise<Held> {
    const { owner, id } = this.#place
    const isIt = ({ sealId }: SegmentEntry): boolean => toHex(sealId) === name
    const entry = manifest.segments.find(isIt) ?? (await this.list(manifest)).find(isIt)
    if (!entry) throw new AlveoleError('tampered', 'an index of a segment that is not listed')
    const bytes = await fetchNamed(this.#place, entry.sealId, entry.hash)
    return { segment: openSegment(bytes, owner, id, entry.key), size: bytes.length, cells: new Map() }
  }

  #forget(added: number): void {
    this.#size += added
    for (const [name, held] of this.#held) {
      if (this.#size <= REMEMBERED || this.#held.size === 1) return
      this.#held.delete(name)
      void held.then(one => {
        this.#size -= one.size
        this.#open.delete(one)
      })
    }
  }

  lock(): void {
    this.#held.clear()
    this.#pages.clear()
    this.#open.clear()
    this.#size = 0
  }
}

async function cellsOf(segment: OpenedSegment, { epoch, facet }: Entry, owner: OwnerPart): Promise<Map<string, Cell>> {
  const key = epochKeyOf(owner)(epoch)
  const cells = key && (await openSection(segment, facetKey(key, facet)))
  return new Map(cells?.map(cell => [cell.record, cell]))
}
