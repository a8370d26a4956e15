/**
 * Access lists that another app rewrote (A37): a generic client drops what it does not know, and the end date with it. Compared with
 * the account, which alone says what they are (SPEC F3), told in the journal, and written again.
 */
import { decode, encode, equal, isCode, list, struct, text, toBase64Url, uint } from '#crypto'
import type { AccountState } from '../account-state.ts'
import { readAcl, sameRules, type Rule } from '../acl.ts'
import { collectionRules } from '../collection-rules.ts'
import type { Context } from '../context.ts'
import { doEach, failuresOf } from '../failures.ts'
import type { KnownGroups } from '../groups/known-groups.ts'
import { withLine } from '../journal.ts'
import { collectionUrl } from '../paths.ts'
import { everyCollection } from '../selections/entries.ts'
import { readAccessLists, writeRules, type AccessList } from './access-lists.ts'
import { reaches } from './entries.ts'

const DAY = 24 * 3600_000
const KEY = 'rules'
/** When this device last looked at which folders' lists. */
const looks = list(struct({ collection: text, at: uint }))

/** What is wrong with a list as it was read, by the account as it is now. */
export async function rulesProblem(
  context: Context,
  groups: KnownGroups,
  { collection, current }: AccessList,
): Promise<'rules-differ' | 'rules-missing' | null> {
  const { pod, account, me, clock } = context
  const resource = collectionUrl(pod.storage, collection)
  const rules = await collectionRules(account.state, me.webId, collection, clock(), group => groups.membersIri(group))
  if (!current) return rules.length > 1 ? 'rules-missing' : null
  const isOver = await over(context)
  const found = rulesIn(resource, current.body)?.filter(rule => !isOver(rule))
  return found && sameRules(found, rules) ? null : 'rules-differ'
}

/** null: not even Turtle. */
function rulesIn(resource: string, turtle: Uint8Array): Rule[] | null {
  try {
    return readAcl(resource, turtle)
  } catch (error) {
    if (isCode(error, 'tampered')) return null
    throw error
  }
}

/** A rule that nobody changed may have come to its end since: it stands where nothing was written after that. */
async function over({ pod, account, clock }: Context): Promise<(rule: Rule) => boolean> {
  const [now, enforced] = [clock(), await pod.enforcesEnd()]
  const ends = new Set(account.state.grants.map(({ until }) => until))
  return ({ until }) => until !== undefined && until <= now && (enforced || ends.has(until))
}

/**
 * Each folder's list once a day, one request; all of them at once with `always`. One that names a circle which cannot be asked is left
 * alone until the next look. Gives the folders whose list was not as it should be.
 */
export async function mendRules(context: Context, groups: KnownGroups, { always = false } = {}): Promise<string[]> {
  const { pod, account, store, clock } = context
  const stored = await store.get(KEY)
  const looked = new Map((stored ? decode(looks, stored) : []).map(({ collection, at }) => [collection, at]))
  const now = clock()
  const isDue = (id: Uint8Array): boolean => {
    const at = looked.get(toBase64Url(id)) ?? -Infinity
    return always || at > now || now - at >= DAY
  }
  const due = everyCollection(account.state)
    .map(({ id }) => id)
    .filter(isDue)
  if (!due.length) return []
  const lists = await readAccessLists(pod, due)
  await account.refresh() // after the lists: what was given meanwhile is no other app's doing
  const wrong: AccessList[] = []
  const left = await failuresOf(lists, async one => {
    if ((always || !isChanging(context, one)) && (await rulesProblem(context, groups, one))) wrong.push(one)
  })
  await mend(context, groups, wrong)
  const judged = lists.filter(one => !left.some(({ of }) => of === one))
  for (const { collection } of judged) looked.set(toBase64Url(collection), now)
  const kept = everyCollection(account.state)
    .map(({ id }) => toBase64Url(id))
    .filter(id => looked.has(id))
  await store.set(
    KEY,
    encode(
      looks,
      kept.map(collection => ({ collection, at: looked.get(collection)! })),
    ),
  )
  return wrong.map(({ collection }) => toBase64Url(collection))
}

/** A device of one's own is about to write it. */
const isChanging = ({ account }: Context, { collection }: AccessList): boolean =>
  account.state.grants.some(entry => {
    const { state, behind } = entry
    const reached = state === 'giving' || state === 'ending' ? reaches(entry) : behind
    return reached.some(id => equal(id, collection))
  })

/** Told first: what dies in between is found, and told, once more. */
async function mend(context: Context, groups: KnownGroups, wrong: readonly AccessList[]): Promise<void> {
  const { account, pod, clock } = context
  const line = { at: clock(), what: 'rules-changed' as const, who: '' }
  const foreign = wrong.filter(one => !isChanging(context, one))
  const urls = foreign.map(({ collection }) => collectionUrl(pod.storage, collection))
  const tell = (state: AccountState): AccountState =>
    urls.reduce((told, object) => withLine(told, { ...line, object }), state)
  if (urls.length) await account.change(tell)
  await doEach(wrong, one => writeRules(context, groups, one, { always: false }))
  if (wrong.length) context.changed()
}
