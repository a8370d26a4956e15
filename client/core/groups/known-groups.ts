/** The circles that the account knows: opened from their signed log, remembered, changed. */
import { AlveoleError, equal, fromUtf8, groupKem, utf8 } from '#crypto'
import type { AccountState, GroupEntry } from '../account-state.ts'
import { contend } from '../contend.ts'
import type { Context } from '../context.ts'
import { membersIri } from './access.ts'
import { changeGroup, type GroupChange } from './change-group.ts'
import { openGroup, type OpenGroup } from './open-group.ts'

const FRESH = 5 * 60_000

export class KnownGroups {
  readonly #context: Context
  readonly #open = new Map<string, { group: OpenGroup; at: number }>()

  constructor(context: Context) {
    this.#context = context
  }

  has(url: string): boolean {
    return this.#context.account.state.groups.some(entry => entry.url === url)
  }

  entry(url: string): GroupEntry {
    const entry = this.#context.account.state.groups.find(known => known.url === url)
    if (!entry) throw new AlveoleError('not-granted', 'no such circle here')
    return entry
  }

  /** Throws `refused` where we are not a steward. */
  steward(url: string): GroupEntry {
    const entry = this.entry(url)
    if (entry.role !== 'steward') throw new AlveoleError('refused', 'only a steward may')
    return entry
  }

  /** null: not admitted yet, or removed. Asks the group's pod at most every five minutes. */
  async open(url: string, fresh = false): Promise<OpenGroup | null> {
    const known = this.#open.get(url)
    if (known && !fresh && this.#context.clock() - known.at < FRESH) return known.group
    const group = await openGroup(this.#context, this.entry(url))
    await this.remember(url, group)
    return group
  }

  /** Throws `not-granted` where `open` gives null. */
  async opened(url: string, fresh = false): Promise<OpenGroup> {
    const open = await this.open(url, fresh)
    if (!open) throw new AlveoleError('not-granted', 'not a member of this circle')
    return open
  }

  /** What a look at the group, or a change of it, showed. */
  async remember(url: string, group: OpenGroup | null): Promise<void> {
    const { account, clock, changed, store, me } = this.#context
    if (group) {
      this.#open.set(url, { group, at: clock() })
      await store.set(`kem ${url}`, group.state.exposed ? null : groupKem(group.epochs.at(-1)!))
    } else this.#open.delete(url)
    const entry = this.entry(url)
    const next = nextEntry(entry, group, me.webId)
    if (next === entry) return
    account.defer(state => withGroup(state, url, () => next))
    changed()
  }

  /** Decided on the newest log, and again where another steward was first; null: nothing to change. */
  change(url: string, decide: (open: OpenGroup) => GroupChange | null): Promise<OpenGroup> {
    return contend(async () => {
      const open = await this.opened(url, true)
      const change = decide(open)
      if (!change) return open
      const changed = await changeGroup(this.#context, open, open.url, change)
      await this.remember(url, changed)
      return changed
    })
  }

  /** The newest key that this device saw or made, for when the group's pod does not answer; null: none to seal to. */
  lastKem(url: string): Promise<Uint8Array | null> {
    return this.#context.store.get(`kem ${url}`)
  }

  /** What access rules name the members by. */
  async membersIri(url: string): Promise<string> {
    const { store } = this.#context
    const key = `members ${url}`
    try {
      const iri = membersIri(await this.opened(url))
      await store.set(key, utf8(iri))
      return iri
    } catch (error) {
      const known = error instanceof AlveoleError && (await store.get(key)) // it never changes: a dead server blocks no rule
      if (known) return fromUtf8(known)
      throw error
    }
  }
}

export const withGroup = (state: AccountState, url: string, edit: (entry: GroupEntry) => GroupEntry): AccountState => ({
  ...state,
  groups: state.groups.map(entry => (entry.url === url ? edit(entry) : entry)),
})

/** What the account keeps of a group after a look at it; the same object where nothing is new. */
function nextEntry(entry: GroupEntry, group: OpenGroup | null, self: string): GroupEntry {
  if (!group) return entry.state === 'member' ? { ...entry, state: 'removed' } : entry
  const mine = group.state.members.find(({ webId }) => webId === self)
  const [role, seen] = [mine?.role ?? 'member', group.state.entries.slice(-1)]
  const same = entry.state === 'member' && entry.role === role && entry.name === group.state.name
  if (same && entry.seen.length && equal(entry.seen[0]!, seen[0]!)) return entry
  return { ...entry, state: 'member', role, name: group.state.name, seen }
}
