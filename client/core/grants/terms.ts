/** What a new grant says, checked and signed before anything is given: to whom, what, until when, what for. */
import { AlveoleError, fromBase64Url } from '#crypto'
import { coverWithout, facets as allFacets, isSensitive, isWithin, sensitiveFacets } from '#vocab'
import type { GrantEntry, SelectionEntry } from '../account-state.ts'
import { signAgreement } from '../agreement.ts'
import { foldersHolding } from '../collections/holding.ts'
import type { Context } from '../context.ts'
import { inParallel } from '../parallel.ts'
import { collectionUrl } from '../paths.ts'
import { collectionOf } from '../selections/entries.ts'
import type { Selections } from '../selections/selections.ts'
import type { CollectionId, GroupId, RecordId, WebId } from '../types.ts'
import type { Parts } from './drive.ts'
import { drawGrantId, grantIri } from './grant-id.ts'

export interface GrantRequest {
  to: WebId | GroupId
  collections?: readonly CollectionId[]
  /** Instead of collections: these alone, as copies in a selection of their own (SPEC Z). */
  records?: readonly RecordId[]
  /** Of records: as they are from now on, unless told; or as they are now. */
  follow?: boolean
  /** Of records: without what says who, when and where (SPEC Z6). */
  deidentified?: boolean
  /** Concepts; all but the sensitive where not given. */
  facets?: readonly string[]
  /** Existing and new versions unless told. */
  epochs?: 'all' | 'existing' | 'new'
  from?: Date
  until: Date
  /** IRI of a DPV purpose. */
  purpose: string
}

/** The account's entry for what is asked, with its signed agreement. */
export async function entryFor(
  { context, collections: own, groups, selections }: Parts,
  { to, from, until, purpose, epochs = 'all', ...request }: GrantRequest,
): Promise<{ entry: GrantEntry; selection: SelectionEntry | null }> {
  const { me, clock, pod } = context
  const [start, end] = [Math.max(from?.getTime() ?? 0, clock()), until.getTime()]
  if (!(end > start)) throw new AlveoleError('usage', 'a grant ends after it starts')
  const facets = checkFacets(request.facets)
  const toKind = groups.has(to) ? 'group' : 'person'
  if (toKind === 'group') await groups.opened(to)
  else await checkPerson(context, to, facets)
  const selection = await selectionFor(selections, { epochs, ...request }, facets)
  const ids = selection ? [collectionOf(selection)] : (request.collections ?? (await foldersHolding(own, facets)))
  if (!ids.length) throw new AlveoleError('usage', 'nothing to grant: no folder')
  const [id, collections, given] = [drawGrantId(), ids.map(one => fromBase64Url(one)), clock()]
  const terms = { facets, from: start, until: end, purpose, given }
  const parties = { grant: grantIri(id), assigner: me.webId, assignee: to }
  const urls = collections.map(one => collectionUrl(pod.storage, one))
  const entry: GrantEntry = {
    id,
    to,
    toKind,
    collections,
    ...terms,
    epochs,
    held: epochs === 'all' ? [] : await inParallel(ids, one => own.epochsOf(one)),
    state: 'giving',
    agreement: signAgreement({ ...terms, ...parties, collections: urls }, me.signer),
    ended: null,
    signed: given,
    behind: collections,
  }
  return { entry, selection }
}

/** A selection says by itself what of the future is in it; null: whole collections are granted. */
async function selectionFor(
  selections: Selections,
  { records, follow, deidentified, collections, epochs }: Partial<GrantRequest>,
  facets: readonly string[],
): Promise<SelectionEntry | null> {
  if (!records) {
    if (follow === undefined && !deidentified) return null
    throw new AlveoleError('usage', 'only chosen records are followed or de-identified')
  }
  if (collections || epochs !== 'all') throw new AlveoleError('usage', 'records, or collections and epochs')
  return selections.draw(
    { records, facets, ...(follow !== undefined && { follow }), ...(deidentified && { deidentified }) },
    false,
  )
}

const knownFacets = new Set(allFacets.map(({ path }) => path))

export function checkFacets(asked: readonly string[] | undefined): string[] {
  const tops = allFacets.map(({ path }) => path).filter(path => !path.includes('/'))
  if (!asked?.length) return coverWithout(tops, sensitiveFacets)
  const unknown = asked.find(path => !knownFacets.has(path))
  if (unknown) throw new AlveoleError('usage', 'no such facet', { detail: { facet: unknown } })
  return [...asked]
}

/** Nobody gets keys before their identity verified; sensitive facets need a root that somebody vouches for (protocol §3). */
async function checkPerson({ people }: Context, webId: string, facets: readonly string[]): Promise<void> {
  const person = await people.find(webId)
  if (!person.confirmed && facets.some(reachesSensitive)) {
    throw new AlveoleError('unconfirmed', 'sensitive facets need a confirmed person', { detail: { webId } })
  }
  people.pin(person, false)
}

const reachesSensitive = (path: string): boolean =>
  isSensitive(path) || sensitiveFacets.some(one => isWithin(one, path))
