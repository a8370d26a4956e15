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
/** What a device keeps of the newest catalogue that it saw. */
export const catalogueSeen = struct({ turn: uint })
export const catalogueKey = (group: string): string => `catalogue ${group}`

export interface CatalogueRead {
  etag: string | null
  header: CatalogueHeader
  pages: Reference[]
  /** Newer than the pages. */
  recent: Row[]
  paged: Row[]
  /** Signed by one who is a steward now: any other's is only folded on from, and read by nobody. */
  isStewards: boolean
}

/** Throws `rolled-back` where it is older than the last one seen; null: there is none. */
export async function readCatalogue(
  context: Context,
  group: OpenGroup,
  known: CatalogueRead | null,
): Promise<CatalogueRead | null> {
  for (let last: string | null = null; ;) {
    const reply = await context.pod.get(catalogueUrl(group.url), known?.etag ? { ifNoneMatch: known.etag } : {})
    if (reply?.status === 304) return known
    const newest = reply ? unsafeCatalogueHeader(reply.body).turn : 0
    const stored = await context.store.get(catalogueKey(group.url))
    if (stored && newest < decode(catalogueSeen, stored).turn)
      throw new AlveoleError('rolled-back', 'an older catalogue', { detail: { url: catalogueUrl(group.url) } })
    if (!reply) return null
    try {
      return await opened(context, group, reply, known)
    } catch (error) {
      if (!isGone(error) || last === reply.etag) throw error // folded anew meanwhile
      last = reply.etag
    }
  }
}

async function opened(
  { people, store }: Context,
  group: OpenGroup,
  { body, etag }: { body: Uint8Array; etag: string | null },
  known: CatalogueRead | null,
): Promise<CatalogueRead> {
  const header = unsafeCatalogueHeader(body)
  const epoch = await epochOf(group, header.epoch)
  const id = fromHex(group.id)
  const steward = group.state.stewards.get(header.owner)
  const person = steward ? await people.author(header.owner) : null
  const isStewards = person !== null && !isOfRemoved(person, unsafeUnverified(body).signer) // it counts no more: the next steward folds anew (N19)
  let catalogue = unsafeCatalogue(body, id, epoch)
  if (isStewards) {
    catalogue = openCatalogue(body, id, epoch, signer => deviceKey(person.identity, signer))
    if (rootId(person.identity) !== steward?.root)
      throw new AlveoleError('identity-changed', 'a steward with another root')
    await store.set(catalogueKey(group.url), encode(catalogueSeen, { turn: header.turn }))
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
