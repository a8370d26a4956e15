/** The circles that the account knows: opened from their signed log, remembered, changed. */
import { AlveoleError, fromUtf8, groupKem, utf8, wipe } from '#crypto'
import type { GroupEntry } from '../account-state.ts'
import { contend } from '../contend.ts'
import type { Context } from '../context.ts'
import { membersIri } from './access.ts'
import { changeGroup, standing, type GroupChange } from './change-group.ts'
import { isFounding, looked } from './look.ts'
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

  /** Throws `refused` where we are not a steward, `not-granted` where the circle does not stand yet. */
  steward(url: string): GroupEntry {
    const entry = this.entry(url)
    if (entry.role !== 'steward') throw new AlveoleError('refused', 'only a steward may')
    if (isFounding(entry)) throw new AlveoleError('not-granted', 'not founded to the end')
    return entry
  }

  /** null: not admitted yet, removed, or not founded to the end. Asks the group's pod at most every five minutes. */
  async open(url: string, fresh = false): Promise<OpenGroup | null> {
    const known = this.#open.get(url)
    if (known && !fresh && this.#context.clock() - known.at < FRESH) return known.group
    const entry = this.entry(url)
    if (isFounding(entry)) return null
    const group = await openGroup(this.#context, entry, known?.group)
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
    me.checkOpen()
    if (group) {
      this.#open.set(url, { group, at: clock() })
      await store.set(`kem ${url}`, group.state.exposed ? null : groupKem(group.epochs.at(-1)!))
    } else this.#open.delete(url)
    if (looked(account.state, url, group, me.webId) === account.state) return // or whoever reads at each change never stops
    account.defer(state => looked(state, url, group, me.webId))
    changed()
  }

  /** Decided on the newest log, and again where another steward was first; null: nothing to change. */
  change(url: string, decide: (open: OpenGroup) => Promise<GroupChange | null>): Promise<OpenGroup> {
    return contend(async () => {
      const open = await this.opened(url, true)
      const change = await decide(open)
      if (!change) return open
      const changed = await changeGroup(this.#context, standing(open), change)
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

  lock(): void {
    for (const { group } of this.#open.values()) wipe(...group.epochs.map(({ secret }) => secret))
    this.#open.clear()
  }
}
