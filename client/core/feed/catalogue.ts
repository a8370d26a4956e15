/** A group's catalogue as it stands in the pod: its head, asked for with the ETag of the last look, and the pages that it names. */
import {
  AlveoleError,
  cataloguePage,
  decode,
  deviceKey,
  encode,
  fromHex,
  objectName,
  openCatalogue,
  rootId,
  struct,
  uint,
  unsafeCatalogue,
  unsafeCatalogueHeader,
  unsafeUnverified,
  type CatalogueHeader,
  type GroupEpoch,
  type Of,
  type Reference,
} from '#crypto'
import type { Context } from '../context.ts'
import { epochsSince } from '../groups/older-epochs.ts'
import { isGone, readObjects } from '../groups/objects.ts'
import type { OpenGroup } from '../groups/open-group.ts'
import { inParallel } from '../parallel.ts'
import { isOfRemoved } from '../people.ts'
import { decodeRows, type Row } from './rows.ts'

export const catalogueUrl = (group: string): string => `${group}catalogue.alv`
/** What a device keeps of the newest catalogue that it saw: turns are counted in each epoch anew (N19). */
export const catalogueSeen = struct({ epoch: uint, turn: uint })
type Seen = Of<typeof catalogueSeen>
export const catalogueKey = (group: string): string => `catalogue ${group}`
/** No steward makes the count end: one that is further ahead of what was seen in its epoch does not count. */
const STEP = 2 ** 32
/** What somebody else signed with the group's key, whose like may have been seen by others, is gone on from as far as this. */
const NEAR = 2 ** 16

export interface CatalogueRead {
  etag: string | null
  header: CatalogueHeader
  pages: Reference[]
  /** Newer than the pages. */
  recent: Row[]
  paged: Row[]
  /** Signed by one who is a steward now, and of a turn that may be the next one: any other's is only folded on from, and read by nobody. */
  isStewards: boolean
}

/** Throws `rolled-back` where it is older than the last one seen; null: there is none. */
export async function readCatalogue(
  context: Context,
  group: OpenGroup,
  known: CatalogueRead | null,
): Promise<CatalogueRead | null> {
  for (let gone: string | null = null; ;) {
    const reply = await context.pod.get(catalogueUrl(group.url), known?.etag ? { ifNoneMatch: known.etag } : {})
    const detail = { url: catalogueUrl(group.url) }
    if (reply?.status === 304 && !known) throw new AlveoleError('tampered', 'unchanged since nothing', { detail })
    if (reply?.status === 304) return known
    const last = await seen(context, group)
    if (last && (!reply || isOlder(unsafeCatalogueHeader(reply.body), last)))
      throw new AlveoleError('rolled-back', 'an older catalogue', { detail })
    if (!reply) return null
    try {
      return await opened(context, group, reply, known)
    } catch (error) {
      if (!isGone(error) || gone === reply.etag) throw error // folded anew meanwhile
      gone = reply.etag
    }
  }
}

async function seen({ store }: Context, { url }: OpenGroup): Promise<Seen | null> {
  const stored = await store.get(catalogueKey(url))
  return stored && decode(catalogueSeen, stored)
}

const isOlder = (a: Seen, b: Seen): boolean => a.epoch < b.epoch || (a.epoch === b.epoch && a.turn < b.turn)

/** How far the foldings of an epoch were counted, as far as this device saw; 0: it saw none. */
async function countOf(context: Context, group: OpenGroup, epoch: number): Promise<number> {
  const last = await seen(context, group)
  return last?.epoch === epoch ? last.turn : 0
}

/** The turn of the next one, in the group's epoch. */
export async function nextTurn(context: Context, group: OpenGroup, there: CatalogueRead | null): Promise<number> {
  const epoch = group.epochs.at(-1)!.number
  const count = await countOf(context, group, epoch)
  const turn = there?.header.epoch === epoch ? there.header.turn : 0
  return (turn <= count + NEAR ? Math.max(count, turn) : count) + 1
}

async function opened(
  context: Context,
  group: OpenGroup,
  { body, etag }: { body: Uint8Array; etag: string | null },
  known: CatalogueRead | null,
): Promise<CatalogueRead> {
  const { people, store } = context
  const header = unsafeCatalogueHeader(body)
  const epoch = await epochOf(group, header.epoch)
  const isNear = header.turn - (await countOf(context, group, header.epoch)) <= STEP
  const id = fromHex(group.id)
  const steward = group.state.stewards.get(header.owner)
  const person = steward ? await people.author(header.owner) : null
  const isStewards = person !== null && isNear && !isOfRemoved(person, unsafeUnverified(body).signer) // it counts no more: the next steward folds anew (N19)
  let catalogue = unsafeCatalogue(body, id, epoch)
  if (isStewards) {
    catalogue = openCatalogue(body, id, epoch, signer => deviceKey(person.identity, signer))
    if (rootId(person.identity) !== steward?.root)
      throw new AlveoleError('identity-changed', 'a steward with another root')
    await store.set(catalogueKey(group.url), encode(catalogueSeen, { epoch: header.epoch, turn: header.turn }))
  }
  const same = known?.pages.map(nameOf).join() === catalogue.pages.map(nameOf).join()
  const paged = same && known ? known.paged : await readPages(group, catalogue.pages)
  return { etag, header, pages: catalogue.pages, recent: decodeRows(catalogue.rows), paged, isStewards }
}

async function readPages(group: OpenGroup, pages: readonly Reference[]): Promise<Row[]> {
  const id = fromHex(group.id)
  const place = { ...group.place, pages: new Map() } // read once, and kept as rows
  const rows = await inParallel(pages, async page => decodeRows(await readObjects(place, cataloguePage.read(id, page))))
  return rows.flat()
}

const nameOf = ({ sealId }: Reference): string => objectName(sealId)
/** As they stand in the group's container. */
export const pageNames = (pages: readonly Reference[]): string[] => pages.map(nameOf)

async function epochOf(group: OpenGroup, number: number): Promise<GroupEpoch> {
  const found = (await epochsSince(group, number)).find(epoch => epoch.number === number)
  if (!found)
    throw new AlveoleError('tampered', 'the catalogue of an epoch that the group has not', {
      detail: { group: group.url },
    })
  return found
}

/** Its pages, whoever signed it: nothing that a catalogue names is garbage. */
export async function catalogueNames({ pod }: Pick<Context, 'pod'>, group: OpenGroup): Promise<string[]> {
  const reply = await pod.get(catalogueUrl(group.url))
  if (!reply) return []
  const epoch = await epochOf(group, unsafeCatalogueHeader(reply.body).epoch)
  return pageNames(unsafeCatalogue(reply.body, fromHex(group.id), epoch).pages)
}
