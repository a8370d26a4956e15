/** The journal: what was granted, taken back, ended, and who came and went, vouched for by this vault's devices. */
import type { AccountState } from './account-state.ts'
import type { Context } from './context.ts'
import { grantIri } from './grants/grant-id.ts'
import type { JournalLine } from './types.ts'

type Written = AccountState['journal'][number] & Pick<JournalLine, 'what'>

export const withLine = (state: AccountState, line: Written): AccountState => ({
  ...state,
  journal: [...state.journal, line],
})

/** The older ones off the account's pages. */
export async function journalLines({ account, clock }: Context): Promise<JournalLine[]> {
  const { journal, grants } = await account.history()
  const written = journal.map(({ at, what, object, who }) => line(at, what as JournalLine['what'], object, who))
  const ended = grants
    .filter(grant => grant.ended === null && grant.until <= clock())
    .map(grant => line(grant.until, 'ended', grantIri(grant.id), grant.to))
  return [...written, ...ended].sort(byTime)
}

/** Of one moment, who came before what they were given: wherever the lines stand, they come in one order. */
const byTime = (a: JournalLine, b: JournalLine): number =>
  a.at === b.at ? Number(isOfGrant(a)) - Number(isOfGrant(b)) : a.at < b.at ? -1 : 1
const OF_GRANTS: readonly JournalLine['what'][] = ['granted', 'extended', 'shortened', 'narrowed', 'revoked', 'ended']
const isOfGrant = ({ what }: JournalLine): boolean => OF_GRANTS.includes(what)

const line = (at: number, what: JournalLine['what'], object: string, who: string): JournalLine => ({
  at: new Date(at).toISOString(),
  what,
  object,
  who,
  vouchedBy: 'my devices',
})
