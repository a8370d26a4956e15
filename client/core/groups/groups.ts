/** Circles: found, invite, join, admit, remove (protocol §7). Membership comes from the signed log alone. */
import {
  AlveoleError,
  groupKem,
  equal,
  fromHex,
  fromUtf8,
  isCode,
  random,
  rootId,
  toHex,
  utf8,
  type GroupBody,
} from '#crypto'
import type { AccountState, GroupEntry } from '../account-state.ts'
import type { Context } from '../context.ts'
import { checkIri } from '../acl.ts'
import { groupUrl } from '../paths.ts'
import type { GroupId, GroupInfo, MemberInfo, WebId } from '../types.ts'
import { membersIri, patchMember, publishGroup, readMembers, writeMembers } from './access.ts'
import { changeGroup, type GroupChange } from './change-group.ts'
import { readLink, writeLink } from './link.ts'
import { memberOf, openGroup, type OpenGroup } from './open-group.ts'
import { readRequests, sendRequest } from './request.ts'

const FRESH = 5 * 60_000
const ATTEMPTS = 5

export class Groups {
  readonly #context: Context
  readonly #open = new Map<string, { group: OpenGroup | null; at: number }>()

  constructor(context: Context) {
    this.#context = context
  }

  async found(name: string): Promise<GroupInfo> {
    const { me, pod, account } = this.#context
    if (!name.trim()) throw new AlveoleError('usage', 'a circle has a name')
    const url = groupUrl(pod.storage, random(16))
    const found: GroupBody = { type: 'found', name: name.trim(), nonce: random(32), root: fromHex(rootId(me.identity)) }
    const group = await changeGroup(this.#context, null, url, { entries: [found], rotates: true })
    await publishGroup(this.#context, group)
    const entry: GroupEntry = {
      url,
      id: fromHex(group.id),
      name: name.trim(),
      role: 'steward',
      state: 'member',
      steward: me.webId,
      stewardRoot: fromHex(rootId(me.identity)),
      invitations: [],
      seen: group.state.entries.slice(-1),
    }
    await account.change(state =>
      this.#log({ ...state, groups: [...state.groups, entry] }, 'group-founded', url, me.webId),
    )
    await this.#remember(url, group)
    return infoOf(entry, group)
  }

  /** A link whose secret stands in its fragment; good for several people until the circle is told otherwise. */
  async invite(group: GroupId): Promise<string> {
    const { account } = this.#context
    const entry = this.#steward(group)
    const invitation = { id: random(16), secret: random(32) }
    await account.change(state =>
      withGroup(state, group, known => ({ ...known, invitations: [...known.invitations, invitation] })),
    )
    return writeLink({
      url: entry.url,
      name: entry.name,
      group: entry.id,
      steward: entry.steward,
      root: entry.stewardRoot,
      invitation: invitation.id,
      secret: invitation.secret,
    })
  }

  async join(link: string): Promise<GroupInfo> {
    const { account } = this.#context
    const to = readLink(link)
    const url = checkIri(to.url)
    const known = account.state.groups.find(entry => entry.url === url)
    if (known && !equal(known.id, to.group)) throw new AlveoleError('refused', 'another circle stands at this address')
    if (known?.state === 'member' && (await this.open(url))) return this.#info(known)
    await sendRequest(this.#context, to)
    const entry: GroupEntry = {
      url,
      id: to.group,
      name: to.name,
      role: 'member',
      state: 'pending',
      steward: to.steward,
      stewardRoot: to.root,
      invitations: [],
      seen: [],
    }
    await account.change(state => ({ ...state, groups: [...state.groups.filter(other => other.url !== url), entry] }))
    this.#context.changed()
    return infoOf(entry, null)
  }

  /** Who asks to join, with a valid invitation. */
  async requests(group: GroupId): Promise<MemberInfo[]> {
    const entry = this.#steward(group)
    const [open, requests] = await Promise.all([this.#opened(group), readRequests(this.#context, entry)])
    return requests
      .filter(({ person }) => !memberOf(open, person.webId))
      .map(({ person: { webId, name } }) => ({ webId, name, role: 'member', state: 'pending' }))
  }

  async admit(group: GroupId, webId: WebId): Promise<MemberInfo> {
    const entry = this.#steward(group)
    const waiting = (await readRequests(this.#context, entry)).find(({ person }) => person.webId === webId)
    if (!waiting) throw new AlveoleError('not-granted', 'nobody of this WebID asks to join', { detail: { webId } })
    const { person, urls } = waiting
    await this.#changeMember(group, webId, 'inserts', open => {
      if (memberOf(open, webId)) return null
      return { entries: [{ type: 'admit', member: webId, root: fromHex(person.root), role: 'member' }], rotates: false }
    })
    this.#context.people.pin(person, true) // the invitation vouches for the root
    await this.#context.account.change(state => this.#log(state, 'member-admitted', group, webId))
    await Promise.all(urls.map(url => this.#context.pod.delete(url))) // last: while it stands, all of this can be done again
    return { webId, name: person.name, role: 'member', state: 'member' }
  }

  /** Refused by the server from the next request on, and without keys for whatever is sealed afterwards. */
  async remove(group: GroupId, webId: WebId): Promise<void> {
    this.#steward(group)
    await this.#changeMember(group, webId, 'deletes', open => {
      if (!open.state.members.some(member => member.webId === webId))
        throw new AlveoleError('not-granted', 'not a member', { detail: { webId } })
      return memberOf(open, webId) && { entries: [{ type: 'remove', member: webId }], rotates: true }
    })
    // The invitations go too: who left may have kept a link, and the host their request
    await this.#context.account.change(state =>
      this.#log(
        withGroup(state, group, entry => ({ ...entry, invitations: [] })),
        'member-removed',
        group,
        webId,
      ),
    )
  }

  /** The log, then the members document; a crash in between is mended when the steward next opens the vault here. */
  async #changeMember(
    group: GroupId,
    webId: WebId,
    change: 'inserts' | 'deletes',
    decide: (open: OpenGroup) => GroupChange | null,
  ): Promise<void> {
    const { store } = this.#context
    await store.set(toMend(group), new Uint8Array(1))
    await patchMember(this.#context, await this.#change(group, decide), webId, change)
    await store.set(toMend(group), null)
  }

  /** What a crash left between a log and its members document. */
  async resume(): Promise<void> {
    const { store, account } = this.#context
    for (const { url, role } of account.state.groups) {
      if (role !== 'steward' || !(await store.get(toMend(url)))) continue
      await this.mend(url as GroupId).catch((error: unknown) => {
        if (!(error instanceof AlveoleError)) throw error // the next opening tries again
      })
    }
  }

  async members(group: GroupId): Promise<MemberInfo[]> {
    const open = await this.#opened(group)
    const entry = this.#entry(group)
    const { pod } = this.#context
    const members = await Promise.all(
      open.state.members.map(async ({ webId, role, state }) => ({
        webId,
        name: await nameOf(pod, webId),
        role,
        state,
      })),
    )
    return entry.role === 'steward' ? [...members, ...(await this.requests(group))] : members
  }

  async list(): Promise<GroupInfo[]> {
    return Promise.all(this.#context.account.state.groups.map(entry => this.#info(entry)))
  }

  async #info(entry: GroupEntry): Promise<GroupInfo> {
    const group = await this.open(entry.url).catch((error: unknown) => {
      if (error instanceof AlveoleError && error.code !== 'locked') return null // one circle in trouble does not hide the others
      throw error
    })
    return infoOf(this.#context.account.state.groups.find(({ url }) => url === entry.url) ?? entry, group)
  }

  /** null: not admitted yet, or removed. Asks the group's pod at most every five minutes. */
  async open(url: string, fresh = false): Promise<OpenGroup | null> {
    const known = this.#open.get(url)
    if (known && !fresh && this.#context.clock() - known.at < FRESH && known.group) return known.group
    const group = await openGroup(this.#context, this.#entry(url as GroupId))
    await this.#remember(url, group)
    return group
  }

  /** The newest key that this device saw or made, for when the group's pod does not answer; null: none to seal to. */
  lastKem(url: string): Promise<Uint8Array | null> {
    return this.#context.store.get(`kem ${url}`)
  }

  /** Throws `not-granted` where `open` gives null. */
  async #opened(group: GroupId): Promise<OpenGroup> {
    const open = await this.open(group)
    if (!open) throw new AlveoleError('not-granted', 'not a member of this circle')
    return open
  }

  async #remember(url: string, group: OpenGroup | null): Promise<void> {
    const { account, clock, changed, store } = this.#context
    this.#open.set(url, { group, at: clock() })
    if (group) await store.set(`kem ${url}`, group.state.exposed ? null : groupKem(group.epochs.at(-1)!))
    const entry = this.#entry(url as GroupId)
    const next = nextEntry(entry, group, this.#context.me.webId)
    if (next === entry) return
    account.defer(state => withGroup(state, url, () => next))
    changed()
  }

  async #change(group: GroupId, decide: (open: OpenGroup) => GroupChange | null): Promise<OpenGroup> {
    for (let attempt = 1; ; attempt++) {
      const open = await this.open(group, true)
      if (!open) throw new AlveoleError('not-granted', 'not a member of this circle')
      const change = decide(open)
      if (!change) return open
      try {
        const changed = await changeGroup(this.#context, open, open.url, change)
        await this.#remember(group, changed)
        return changed
      } catch (error) {
        if (!isCode(error, 'conflict') || attempt === ATTEMPTS) throw error
      }
    }
  }

  /** Makes the members document say what the log says. */
  async mend(group: GroupId): Promise<void> {
    this.#steward(group)
    await writeMembers(this.#context, await this.#opened(group))
    await this.#context.store.set(toMend(group), null)
  }

  /** Whether the members document says other than the log: it decides whom the server lets in. */
  async membersDiffer(group: string): Promise<boolean> {
    const open = await this.#opened(group as GroupId)
    const listed = await readMembers(this.#context, open)
    const members = open.state.members.filter(({ state }) => state === 'member').map(({ webId }) => webId)
    return String(listed.sort()) !== String(members.sort())
  }

  /** What access rules name the members by. */
  async membersIri(group: string): Promise<string> {
    const { store } = this.#context
    const key = `members ${group}`
    try {
      const iri = membersIri(await this.#opened(group as GroupId))
      await store.set(key, utf8(iri))
      return iri
    } catch (error) {
      const known = error instanceof AlveoleError && (await store.get(key)) // it never changes: a dead server blocks no rule
      if (known) return fromUtf8(known)
      throw error
    }
  }

  has(url: string): boolean {
    return this.#context.account.state.groups.some(entry => entry.url === url)
  }

  #entry(group: GroupId): GroupEntry {
    const entry = this.#context.account.state.groups.find(({ url }) => url === group)
    if (!entry) throw new AlveoleError('not-granted', 'no such circle here')
    return entry
  }

  #steward(group: GroupId): GroupEntry {
    const entry = this.#entry(group)
    if (entry.role !== 'steward') throw new AlveoleError('refused', 'only a steward may')
    return entry
  }

  #log(state: AccountState, what: string, object: string, who: string): AccountState {
    return { ...state, journal: [...state.journal, { at: this.#context.clock(), what, object, who }] }
  }
}

const toMend = (group: string): string => `to mend ${group}`

const withGroup = (state: AccountState, url: string, edit: (entry: GroupEntry) => GroupEntry): AccountState => ({
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

const infoOf = (entry: GroupEntry, group: OpenGroup | null): GroupInfo => ({
  group: entry.url as GroupId,
  name: entry.name || toHex(entry.id).slice(0, 8),
  role: entry.role,
  state: entry.state,
  members: group?.state.members.filter(({ state }) => state === 'member').length ?? 0,
})

const nameOf = async (pod: Context['pod'], webId: string): Promise<string> =>
  (await pod.profile(webId).catch(() => null))?.name ?? webId
