/**
 * What a group's members announced and told of, as this device knows it: the catalogue, and what lies in the feed and is not folded
 * yet. A look costs two requests, and one for each message that was not read before (protocol §7). Whatever does not verify is passed
 * over, hides nothing else, and is counted (A35).
 */
import {
  decode,
  deviceKey,
  encodeIdentity,
  hash,
  isCode,
  label,
  openGroupMessage,
  rootId,
  toHex,
  unsafeMessageEpoch,
  unsafeUnverified,
  verifySigned,
  type GroupEpoch,
} from '#crypto'
import { announcement, areIn } from '../announce.ts'
import type { Context } from '../context.ts'
import { isForeignFault, passing } from '../failures.ts'
import { memberOf } from '../groups/group-members.ts'
import { epochsSince } from '../groups/older-epochs.ts'
import { feedOf, type OpenGroup } from '../groups/open-group.ts'
import { inParallel, inTurn } from '../parallel.ts'
import { isChild } from '../paths.ts'
import { contains, everDeviceKey, isOfRemoved, removedOf, type Person } from '../people.ts'
import { readCatalogue, type CatalogueRead } from './catalogue.ts'
import { Held } from './held.ts'
import { feedLines } from './lines.ts'
import { merged, signedAnnouncement, signedLines, type Row, type Verified } from './rows.ts'

/** How far a clock may be ahead. */
const DAY = 24 * 3600_000
/** Messages that are read at one look; the others at the next. */
const AT_MOST = 500

/** What became of a message: its row; of a kind that others read; of an epoch that is not known yet; nothing that an honest client leaves. */
/** `over`: what its owner said once, and is no more: from before a move, or by a device that was removed. */
type Read = { row: Row } | 'other' | 'later' | 'over' | 'forged'

export interface FeedState {
  rows: Row[]
  catalogue: CatalogueRead | null
  /** URLs of messages of which the rows have all there is, and of forged ones: once the rows are folded, nothing is lost with them. */
  spent: string[]
  /** Back to the oldest that something is sealed to, oldest first. */
  epochs: GroupEpoch[]
  /** What did not verify, in the catalogue or beside it. */
  refused: number
  /** There are more messages than were read. */
  isFull: boolean
  /** Something is sealed to an epoch that is not known here: the group's head is to be read again. */
  isBehind: boolean
}

export class Feed {
  readonly #context: Context
  readonly #messages = new Map<string, Read>()
  /** Messages that could not be read when they were fetched last. */
  readonly #tried = new Set<string>()
  #catalogue: CatalogueRead | null = null
  #epochs: GroupEpoch[] = []
  /** What was signed and held, with the log that they held by. */
  readonly held = new Held()

  constructor(context: Context) {
    this.#context = context
  }

  /** `folding`: what a steward of before had folded counts too. */
  async read(group: OpenGroup, { folding = false } = {}): Promise<FeedState> {
    if (this.#epochs.at(-1)?.number !== group.epochs.at(-1)!.number) this.#begin(group)
    const { bodies, isFull } = await this.#fetchMessages(group) // first: what is folded meanwhile is in the catalogue then
    this.#catalogue = await readCatalogue(this.#context, group, this.#catalogue)
    const catalogue = this.#catalogue
    const counts = catalogue && (catalogue.isStewards || folding)
    const folded = counts ? [...catalogue.paged, ...catalogue.recent] : []
    this.held.turn()
    await this.#learn(group, folded)
    await this.#readMessages(group, bodies)
    const messages = [...this.#messages] // another look adds to them, or takes from them, while this one waits
    const unfolded = messages.flatMap(([url, read]) => (typeof read === 'object' ? [{ url, row: read.row }] : []))
    const forged = messages.flatMap(([url, read]) => (read === 'forged' ? [url] : []))
    const rows = [...folded, ...unfolded.map(({ row }) => row)]
    const found = await inParallel(rows, row => this.#holding(group, row, folding))
    const whole = unfolded.filter((_, i) => !found[folded.length + i]!.refused) // of the others whoever could tell may not answer now
    return {
      rows: merged(found.flatMap(({ held }) => held ?? [])),
      catalogue,
      spent: [
        ...whole.map(({ url }) => url),
        ...messages.flatMap(([url, read]) => (read === 'over' ? [url] : [])),
        ...forged,
      ],
      epochs: this.#epochs,
      refused: forged.length + found.reduce((sum, one) => sum + one.refused, 0) + (catalogue && !counts ? 1 : 0),
      isFull,
      isBehind: messages.some(([, read]) => read === 'later'),
    }
  }

  #begin({ epochs }: OpenGroup): void {
    this.#epochs = epochs
    for (const [url, read] of this.#messages) if (read === 'later') this.#messages.delete(url)
  }

  async #learn(group: OpenGroup, rows: readonly Row[]): Promise<void> {
    for (const { webId, name, storage, identity } of rows) {
      const member = identity && (await memberOf(group, webId))
      if (member)
        await passing(() => this.#context.people.learn(webId, { name, storage, log: identity, root: member.root }))
    }
  }

  /** Those that were not read before. */
  async #fetchMessages(group: OpenGroup): Promise<{ bodies: (readonly [string, Uint8Array])[]; isFull: boolean }> {
    const { pod } = this.#context
    const feed = feedOf(group.url)
    const listed = ((await pod.list(feed)) ?? []).filter(url => isChild(feed, url))
    const there = new Set(listed)
    for (const url of this.#messages.keys()) if (!there.has(url)) this.#messages.delete(url)
    for (const url of this.#tried) if (!there.has(url)) this.#tried.delete(url)
    const [untried, tried] = [false, true].map(is =>
      listed.filter(url => !this.#messages.has(url) && this.#tried.has(url) === is),
    )
    const unread = [...untried!, ...tried!] // whose author does not answer keeps nobody else waiting
    const found = await inParallel(unread.slice(0, AT_MOST), async url => [url, await pod.get(url)] as const)
    const bodies = found.flatMap(([url, reply]) => (reply ? [[url, reply.body] as const] : []))
    return { bodies, isFull: unread.length > AT_MOST }
  }

  async #readMessages(group: OpenGroup, bodies: readonly (readonly [string, Uint8Array])[]): Promise<void> {
    const turn = inTurn()
    await inParallel(bodies, async ([url, body]) => {
      const read = await this.#readMessage(group, body, turn)
      if (read) this.#messages.set(url, read)
      if (read) this.#tried.delete(url)
      else this.#tried.add(url)
    })
  }

  /** null: whoever could tell does not answer now. */
  async #readMessage(group: OpenGroup, body: Uint8Array, turn: ReturnType<typeof inTurn>): Promise<Read | null> {
    try {
      const number = unsafeMessageEpoch(body)
      if (number > this.#epochs.at(-1)!.number) return 'later'
      await turn(async () => {
        if (number < this.#epochs[0]!.number) this.#epochs = await epochsSince(group, number)
      })
      const signed = openGroupMessage(this.#epochs, body)
      return signed ? await this.#rowOf(group, signed) : 'forged'
    } catch (error) {
      if (!isForeignFault(error)) throw error
      return isCode(error, 'offline', 'busy', 'server') ? null : 'forged'
    }
  }

  /** Only of members by the log, and no observers: nothing that others name is looked up. */
  async #rowOf(group: OpenGroup, body: Uint8Array): Promise<Read | null> {
    const { signed, signer, signature } = unsafeUnverified(body)
    const claim = asAnnouncement(signed) ?? asLines(signed)
    if (!claim) return 'other'
    const member = await memberOf(group, claim.owner)
    if (claim.to !== group.url || !member || member.role === 'observer') return 'forged'
    const person = await this.#context.people.author(claim.owner, 'identity' in claim ? claim.identity : undefined)
    const { name, storage, identity } = person
    const row: Row = { webId: claim.owner, name, storage, identity: encodeIdentity(identity), grants: [], lines: [] }
    if ('heads' in claim && isOfRemoved(person, signer)) return 'over'
    if ('heads' in claim) row.lines = [{ ...claim, signer, signature }]
    else {
      if (claim.at > this.#context.clock() + DAY) return 'other'
      row.storage = (await this.#context.people.storage(claim.owner)) ?? storage // that of a row is its steward's word
      if (!areIn(row.storage, claim)) return this.#elsewhere(person, body, claim.at)
      row.grants = [{ ...claim, collections: claim.collections.map(({ id }) => id), signer, signature }]
    }
    const { held } = await this.#holding(group, row, false)
    return held?.row.grants.length || held?.row.lines.length ? { row } : 'forged'
  }

  /** Its owner moved; or has, and the profile that we know does not say so yet: then it is read again. */
  #elsewhere(person: Person, body: Uint8Array, at: number): Read | null {
    this.#holds(person, label.announcement, body)
    return this.#context.clock() - at > DAY ? 'over' : null
  }

  /** What of a row its owner signed. null: not, or no longer, one who may announce. */
  async #holding(group: OpenGroup, row: Row, folding: boolean): Promise<{ held: Verified | null; refused: number }> {
    const member = await memberOf(group, row.webId)
    if (!member || member.role === 'observer') return { held: null, refused: 0 }
    const person = await passing(() => this.#context.people.author(row.webId))
    if (!person || person.root !== member.root) return { held: null, refused: 1 }
    const by = async (of: Person, use: typeof label.announcement | typeof label.feedLines, body: Uint8Array) =>
      (await passing(async () => this.#holds(of, use, body))) !== null
    const grants: Row['grants'] = []
    const timely = row.grants.filter(({ at }) => at <= this.#context.clock() + DAY) // no clock has the last word for ever
    for (const of of timely)
      if (await by(person, label.announcement, signedAnnouncement(row, group.url, of))) grants.push(of)
    const lines: Row['lines'] = []
    const standing = row.lines.filter(({ signer }) => !isOfRemoved(person, signer)) // the others are over, and no forgery
    for (const line of standing) {
      const newest = contains(person, line.identity)
        ? person
        : await passing(() => this.#context.people.author(row.webId, line.identity))
      if (newest && (await by(newest, label.feedLines, signedLines(row, group.url, line)))) lines.push(line)
    }
    const there = (await this.#isTheirs(person, row.storage, grants)) ? grants : []
    const refused = timely.length - there.length + standing.length - lines.length
    const identity = folding ? encodeIdentity(person.identity) : row.identity // not whichever stood there
    const held = { row: { ...row, identity, grants: there, lines }, removed: removedOf(person) }
    return { held, refused }
  }

  /** Where no device in use says that they are there, their profile does, or they are not (X6). */
  async #isTheirs(person: Person, storage: string, grants: Row['grants']): Promise<boolean> {
    if (grants.every(({ collections }) => !collections.length)) return true
    if (grants.some(({ signer, collections }) => collections.length && !isOfRemoved(person, signer))) return true
    return (await passing(() => this.#context.people.storage(person.webId))) === storage
  }

  /** An announcement outlives the device that signed it; a line does not, since heads are signed anew (X6, X9). */
  #holds(person: Person, use: typeof label.announcement | typeof label.feedLines, body: Uint8Array): true {
    const { identity } = person
    const keyOf = (signer: Uint8Array) =>
      use === label.announcement ? everDeviceKey(person, signer) : deviceKey(identity, signer)
    const known = `${rootId(identity)} ${identity.entries.length} ${toHex(hash(body))}`
    if (!this.held.has(known)) verifySigned(body, use, keyOf)
    this.held.add(known)
    return true
  }

  lock(): void {
    this.#messages.clear()
    this.#tried.clear()
    this.held.clear()
    this.#catalogue = null
    this.#epochs = []
  }
}

const asAnnouncement = (signed: Uint8Array) => parsed(() => decode(announcement, signed))
const asLines = (signed: Uint8Array) => parsed(() => decode(feedLines, signed))

function parsed<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (isCode(error, 'tampered')) return null
    throw error
  }
}
