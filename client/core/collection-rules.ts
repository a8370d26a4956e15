/** The access rules of a collection: a pure function of the account (protocol §6). */
import { equal } from '#crypto'
import type { AccountState } from './account-state.ts'
import { ownerRule, type Rule } from './acl.ts'

/** Grantees may read what is inside, by name; the container itself they may not list. */
export async function collectionRules(
  state: AccountState,
  owner: string,
  collection: Uint8Array,
  now: number,
  membersIri: (group: string) => Promise<string>,
): Promise<Rule[]> {
  const live = state.grants.filter(
    grant =>
      (grant.state === 'giving' || grant.state === 'live') &&
      now < grant.until &&
      grant.collections.some(id => equal(id, collection)),
  )
  const rules = live.map(async (grant): Promise<Rule> => ({
    ...(grant.toKind === 'person' ? { agents: [grant.to] } : { groups: [await membersIri(grant.to)] }),
    modes: ['Read'],
    on: ['children'],
    ...(grant.from > grant.given ? { from: grant.from } : {}),
    until: grant.until,
  }))
  return [ownerRule(owner), ...(await Promise.all(rules))]
}
