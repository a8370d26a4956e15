/**
 * What a look at a circle tells the account: membership, whom one's own devices admitted or removed, whose roots the
 * invitations vouched for. All of it follows from the log (protocol §7) and is decided anew on the newest account, so that a
 * change that was cut short after its log stood is completed by the next look, whichever device takes it.
 */
import { equal, fromHex, type ChainPoint, type Member } from '#crypto'
import type { AccountState, GroupEntry } from '../account-state.ts'
import { withLine } from '../journal.ts'
import type { OpenGroup } from './open-group.ts'

export const withGroup = (state: AccountState, url: string, edit: (entry: GroupEntry) => GroupEntry): AccountState => ({
  ...state,
  groups: state.groups.map(entry => (entry.url === url ? edit(entry) : entry)),
})

/** An entry of one's own that waits for its circle to stand. */
export const isFounding = ({ role, state }: GroupEntry): boolean => role === 'steward' && state === 'pending'

/** The same object where nothing is new. `group` is null where its head is not for us. */
export function looked(state: AccountState, url: string, group: OpenGroup | null, self: string): AccountState {
  const entry = state.groups.find(known => known.url === url)
  if (!entry) return state
  if (group) return isNews(entry, group) ? taken(state, url, group, self) : state
  return entry.state === 'member' ? withGroup(state, url, known => ({ ...known, state: 'removed' })) : state
}

function isNews(entry: GroupEntry, { state, self }: OpenGroup): boolean {
  const { seen } = entry
  if (seen && entry.state === 'member' && seen.index > state.last.index) return false // another device saw more
  const same = entry.state === 'member' && entry.role === roleOf(self) && entry.name === state.name
  return !same || !seen || !isSame(seen, state.last)
}

const isSame = (a: ChainPoint, b: ChainPoint): boolean => a.index === b.index && equal(a.hash, b.hash)

function taken(
  known: AccountState,
  url: string,
  { id, state, news, self: own }: OpenGroup,
  self: string,
): AccountState {
  const entry = { id: fromHex(id), state: 'member' as const, role: roleOf(own), name: state.name, seen: state.last }
  const next = withGroup(known, url, old => ({ ...old, ...entry }))
  return news.filter(({ by, webId }) => by === self && webId !== self).reduce((to, of) => done(to, url, of), next)
}

const roleOf = (self: Member | null): GroupEntry['role'] => self?.role ?? 'member'

/** By one's own devices: a line of the journal, once; who came is vouched for by the invitation. */
function done(known: AccountState, url: string, { webId: who, root, state, at }: Member): AccountState {
  const what = state === 'member' ? 'member-admitted' : 'member-removed'
  if (known.journal.some(line => line.at === at && line.what === what && line.object === url && line.who === who))
    return known
  const next = withLine(known, { at, what, object: url, who })
  if (state === 'member') return vouched(next, who, fromHex(root))
  return withGroup(next, url, entry => ({ ...entry, invitations: [] })) // who left may have kept a link, and the host their request
}

function vouched(known: AccountState, webId: string, root: Uint8Array): AccountState {
  const pin = known.pins.find(one => one.webId === webId)
  if (pin && (pin.confirmed || !equal(pin.root, root))) return known
  const others = known.pins.filter(one => one !== pin)
  return { ...known, pins: [...others, { webId, root, confirmed: true }] }
}
