/**
 * Other terms of a grant that goes on: another end, fewer facets or folders, under a new agreement of the same grant. Keys, agreement
 * and its hash stand in one keyring, so that no reader meets terms other than those signed beside the keys (SPEC X8). An edit of the
 * account is made on what stands there: what another device withdrew stays withdrawn, an end that it gave wins, and of two ends
 * until when the one asked for later stands (SPEC A8).
 */
import { AlveoleError, equal } from '#crypto'
import { isWithin } from '#vocab'
import type { AccountState, GrantEntry } from '../account-state.ts'
import { signAgreement } from '../agreement.ts'
import type { Context } from '../context.ts'
import { withNewTerms } from '../offers/entries.ts'
import { collectionUrl } from '../paths.ts'
import { entryOf, isOver, reaches, withEntries, withGrantLine } from './entries.ts'
import { grantIri } from './grant-id.ts'

export interface NewTerms {
  /** Milliseconds since 1970. */
  until?: number | undefined
  facets?: readonly string[] | undefined
  collections?: readonly Uint8Array[] | undefined
}

type Terms = Pick<GrantEntry, 'until' | 'facets' | 'collections'>

/** `seen` is the entry that whoever asks has looked at. */
export function termsEdit(context: Context, seen: GrantEntry, asked: NewTerms): (state: AccountState) => AccountState {
  const { clock } = context
  const at = Math.max(clock(), seen.signed + 1)
  return state => {
    const entry = entryOf(state.grants, seen.id)
    if (!entry || isOver(entry, clock())) throw ended()
    const terms = { ...narrowed(entry, asked), until: laterAsked(entry, seen, asked, at) }
    if (isSame(entry, terms)) return state
    const next = withEntries(state, [entry.id], () => agreed(context, entry, terms, at))
    return withNewTerms(context, withGrantLine(next, at, whatChanged(entry, terms), entry), entry.id)
  }
}

/** Whether what is asked for is what it says already, everywhere. */
export const isInForce = (entry: GrantEntry, asked: NewTerms): boolean =>
  !entry.behind.length && isSame(entry, { ...narrowed(entry, asked), until: asked.until ?? entry.until })

export const ended = (): AlveoleError =>
  new AlveoleError('refused', 'a grant that is over has no other terms: give anew', { detail: { field: 'over' } })

/** Both are devices' of one person: of one moment the nearer end stands. */
function laterAsked(entry: GrantEntry, seen: GrantEntry, { until }: NewTerms, at: number): number {
  if (until === undefined) return entry.until
  const isOthers = entry.until !== seen.until
  if (isOthers && (entry.signed > at || (entry.signed === at && entry.until < until))) return entry.until
  return until
}

/** What both the entry and what is asked for give. */
function narrowed({ facets, collections }: GrantEntry, asked: NewTerms): Omit<Terms, 'until'> {
  const left = {
    facets: asked.facets ? common(facets, asked.facets) : facets,
    collections: asked.collections
      ? collections.filter(id => asked.collections!.some(one => equal(id, one)))
      : collections,
  }
  if (!left.facets.length || !left.collections.length)
    throw new AlveoleError('refused', 'nothing would be left of it: take it back', { detail: { field: 'nothing' } })
  return left
}

const common = (some: readonly string[], others: readonly string[]): string[] => [
  ...new Set([
    ...some.filter(path => others.some(other => isWithin(path, other))),
    ...others.filter(path => some.some(one => isWithin(path, one))),
  ]),
]

const isSame = (entry: GrantEntry, { until, facets, collections }: Terms): boolean =>
  entry.until === until &&
  entry.collections.length === collections.length &&
  entry.facets.toSorted().join() === facets.toSorted().join()

function agreed(context: Context, entry: GrantEntry, terms: Terms, at: number): GrantEntry {
  const { me, pod } = context
  const signed = Math.max(at, entry.signed + 1)
  const { from, purpose } = entry
  const parties = { grant: grantIri(entry.id), assigner: me.webId, assignee: entry.to }
  const collections = terms.collections.map(id => collectionUrl(pod.storage, id))
  const agreement = signAgreement({ ...terms, ...parties, from, purpose, collections, given: signed }, me.signer)
  return { ...entry, ...terms, agreement, signed, behind: reaches(entry) }
}

function whatChanged(entry: GrantEntry, { until }: Terms): 'extended' | 'shortened' | 'narrowed' {
  if (until === entry.until) return 'narrowed'
  return until > entry.until ? 'extended' : 'shortened'
}

/** Throws `usage` where it is not less than what the entry gives: more is a grant of its own. */
export function checkWithin({ facets, collections }: GrantEntry, asked: NewTerms): void {
  const more = asked.facets?.find(path => !facets.some(facet => isWithin(path, facet)))
  if (more) throw wider(more)
  if (asked.collections?.some(id => !collections.some(one => equal(one, id)))) throw wider('a folder')
  if (!asked.facets?.length && !asked.collections?.length) throw new AlveoleError('usage', 'what is to be left of it')
}

const wider = (what: string): AlveoleError =>
  new AlveoleError('usage', 'more than it gives: give anew', { detail: { field: 'wider', what } })
