/**
 * Shared views: the records that members granted, read from their own pods, each row with whose it is and until when. What
 * is not granted is left out and nothing hints at it (protocol §7, vocabulary).
 */
import { AlveoleError, groupKemSeed, isCode, toHex } from '#crypto'
import type { Language } from '#vocab'
import { readInbox, type Announcement } from './announce.ts'
import { Feeds } from './feed/feeds.ts'
import { announcementsOf, toldOf, type ToldOf } from './feed/said.ts'
import type { Files } from './blobs/files.ts'
import type { ByteRange } from './blobs/open-blob.ts'
import { GrantedCollection } from './collections/granted-collection.ts'
import { namedFiles } from './collections/named.ts'
import type { Context } from './context.ts'
import { grantIri } from './grants/grant-id.ts'
import type { KnownGroups } from './groups/known-groups.ts'
import { inParallel } from './parallel.ts'
import type { BlobRef, GroupId, Query, SharedView, ViewRow, WebId } from './types.ts'
import { once, paged, rowsOf } from './view-rows.ts'

interface Source {
  announcement: Announcement
  seeds: Uint8Array[]
  /** What its owner told the circle of a collection. */
  told(collection: Uint8Array): ToldOf[]
}

export class Views {
  readonly #context: Context
  readonly #groups: KnownGroups
  readonly #files: Files
  readonly #feeds: Feeds
  readonly #open = new Map<string, { open: GrantedCollection; refresh(): Promise<void> }>()

  constructor(context: Context, groups: KnownGroups, files: Files, feeds: Feeds) {
    this.#context = context
    this.#groups = groups
    this.#files = files
    this.#feeds = feeds
  }

  /** A circle's view, or what one person granted to us alone. `not-granted`: not, or no longer, of this circle. */
  async open(from: GroupId | WebId, query: Query = {}, language: Language = 'en'): Promise<SharedView> {
    const isGroup = this.#groups.has(from)
    const look = async () =>
      this.#readAll(isGroup ? await this.#groupSources(from) : await this.#personSources(from), query, language)
    let read = await look()
    // what does not open may be sealed to an epoch that began since the circle was looked at
    if (isGroup && read.some(({ isShut }) => isShut) && (await this.#feeds.hasMoved(from))) read = await look()
    return {
      rows: paged(once(read.flatMap(({ rows }) => rows)), query),
      problems: read.flatMap(({ problem }) => problem ?? []),
    }
  }

  #readAll(sources: readonly Source[], query: Query, language: Language) {
    const places = sources.flatMap(({ announcement: { owner, grant, collections }, seeds, told }) =>
      collections.map(({ id, url }) => ({ of: { owner, grant, id, url }, seeds, told: told(id) })),
    )
    return inParallel(places, ({ of, ...by }) => this.#read(of, by, query, language))
  }

  async #groupSources(url: string): Promise<Source[]> {
    const { group, state } = await this.#feeds.read(url)
    const seeds = state.epochs.map(groupKemSeed).toReversed()
    return announcementsOf(state, group)
      .filter(({ owner }) => owner !== this.#context.me.webId)
      .map(announcement => ({
        announcement,
        seeds,
        told: collection => toldOf(state, group, announcement.owner, collection),
      }))
  }

  async #personSources(webId: string): Promise<Source[]> {
    const seeds = this.#context.me.kemSeeds
    const announcements = await readInbox(this.#context, webId)
    return announcements.map(announcement => ({ announcement, seeds, told: () => [] }))
  }

  async #read(
    of: { owner: string; grant: Uint8Array; id: Uint8Array; url: string },
    { seeds, told }: { seeds: Uint8Array[]; told: ToldOf[] },
    query: Query,
    language: Language,
  ): Promise<{ rows: ViewRow[]; problem?: SharedView['problems'][number]; isShut?: boolean }> {
    const key = `${of.url} ${toHex(of.grant)}`
    const open = this.#open.get(key)?.open ?? new GrantedCollection(of)
    this.#open.set(key, { open, refresh: () => open.refresh(this.#context, seeds) })
    try {
      await open.refresh(this.#context, seeds, told)
      if (open.until <= this.#context.hlc.now()) return { rows: [] }
      const ownerName = (await this.#context.people.author(of.owner)).name
      return { rows: [...rowsOf(open, ownerName, query, language)] }
    } catch (error) {
      this.#open.delete(key)
      if (isCode(error, 'locked')) throw error
      if (isCode(error, 'not-granted')) return { rows: [], isShut: true } // ended: nothing to show, nothing to tell
      if (error instanceof AlveoleError)
        return { rows: [], problem: problemOf(of.owner, error), isShut: error.code === 'tampered' }
      throw error
    }
  }

  /** What persons granted to us alone, newest state, without reading the records. */
  async sharedWithMe(): Promise<{ owner: WebId; ownerName: string; grant: string }[]> {
    const announcements = await readInbox(this.#context)
    const { people } = this.#context
    return Promise.all(
      announcements.map(async ({ owner, grant }) => ({
        owner,
        grant: grantIri(grant),
        ownerName: await people.find(owner).then(
          ({ name }) => name,
          () => owner,
        ),
      })),
    )
  }

  /** The bytes of a blob that a row refers to. Throws `expired` once its date has passed, whatever the server does. */
  blob(row: ViewRow, ref: BlobRef, range?: ByteRange): ReadableStream<Uint8Array> {
    this.#context.me.checkOpen()
    const found = [...this.#open.values()].find(
      ({ open: { id, of } }) => id === row.collection && of.owner === row.owner && grantIri(of.grant) === row.grant,
    )
    if (!found) throw new AlveoleError('not-granted', 'open the view first')
    const { open, refresh } = found
    if (open.until <= this.#context.hlc.now()) throw new AlveoleError('expired', 'the date of this grant has passed')
    return this.#files.open(open.of.url, ref, range, async () => {
      await refresh()
      if (!namedFiles(open.index).has(ref.blob))
        throw new AlveoleError('not-granted', 'a file that no record refers to any more')
    })
  }

  lock(): void {
    this.#open.clear()
  }
}

/** With what proves it, where a line that its owner signed does. */
const problemOf = (owner: WebId, { code, detail: { line } }: AlveoleError): SharedView['problems'][number] => ({
  owner,
  code,
  ...(typeof line === 'string' && { proof: line }),
})
