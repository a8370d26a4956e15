/** Circles: found, invite, join, admit, remove (protocol §7). Membership comes from the signed log alone. */
import { AlveoleError, equal, fromHex, groupLeaf, random, toHex, type Role } from '#crypto'
import type { GroupEntry } from '../account-state.ts'
import type { Context } from '../context.ts'
import type { Feeds } from '../feed/feeds.ts'
import { foldFeed } from '../feed/fold-feed.ts'
import type { Consent } from '../offers/consent-record.ts'
import { offersIn, publishOffer, withdrawOffer, type OfferPolicy } from '../offers/group-offers.ts'
import { noteShown } from '../offers/shown.ts'
import { standing, type Asked, type OfferInfo } from '../offers/standing.ts'
import { readTold } from '../offers/told.ts'
import type { GroupId, GroupInfo, MemberInfo, OfferId, WebId } from '../types.ts'
import { isHost, writeGroupRules } from './access.ts'
import { beginFounding, finishFounding } from './found-group.ts'
import { everyoneOf, memberOf, standingOf } from './group-members.ts'
import type { KnownGroups } from './known-groups.ts'
import { readLeaveRequests, sendLeaveRequest } from './leave-request.ts'
import { readLink, writeLink } from './link.ts'
import { withGroup } from './look.ts'
import { changeMember } from './members-document.ts'
import { groupBytes, type OpenGroup } from './open-group.ts'
import { readRequests, sendRequest } from './request.ts'
import { tidyGroup } from './tidy-group.ts'

export class Groups {
  readonly #context: Context
  readonly #known: KnownGroups
  readonly #feeds: Feeds

  constructor(context: Context, known: KnownGroups, feeds: Feeds) {
    this.#context = context
    this.#known = known
    this.#feeds = feeds
  }

  async found(name: string): Promise<GroupInfo> {
    if (!name.trim()) throw new AlveoleError('usage', 'a circle has a name')
    const url = await beginFounding(this.#context, name.trim())
    const group = await finishFounding(this.#context, this.#known, url)
    return infoOf(this.#known.entry(url), group)
  }

  /** A link whose secret stands in its fragment; good for several people until the circle is told otherwise. */
  async invite(group: GroupId): Promise<string> {
    const { url, name, id, steward, stewardRoot: root } = this.#known.steward(group)
    const invitation = { id: random(16), secret: random(32) }
    await this.#context.account.change(state =>
      withGroup(state, group, entry => ({ ...entry, invitations: [...entry.invitations, invitation] })),
    )
    const { last: seen } = (await this.#known.opened(group)).state
    const { id: named, secret } = invitation
    return writeLink({ url, name, group: id, steward, root, invitation: named, secret, seen })
  }

  async join(link: string): Promise<GroupInfo> {
    const { account } = this.#context
    const to = readLink(link)
    const { url } = to
    const known = account.state.groups.find(entry => entry.url === url)
    if (known && !equal(known.id, to.group)) throw new AlveoleError('refused', 'another circle stands at this address')
    if (known?.state === 'member' && (await this.#known.open(url))) return this.#info(known)
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
      seen: to.seen,
    }
    await account.change(state => ({ ...state, groups: [...state.groups.filter(other => other.url !== url), entry] }))
    this.#context.changed()
    return infoOf(entry, null)
  }

  /** Who asks to join, with a valid invitation. */
  async requests(group: GroupId): Promise<MemberInfo[]> {
    const entry = this.#known.steward(group)
    const [open, { waiting }] = await Promise.all([this.#known.opened(group), readRequests(this.#context, entry)])
    const members = await Promise.all(waiting.map(({ person }) => memberOf(open, person.webId)))
    return waiting
      .filter((_, i) => !members[i])
      .map(({ person: { webId, name } }) => ({ webId, name, role: 'member', state: 'pending' }))
  }

  async admit(group: GroupId, webId: WebId, role: Role = 'member'): Promise<MemberInfo> {
    const { account, pod } = this.#context
    await this.#known.opened(group) // a removal, of whichever device, voids the invitations
    const { waiting } = await readRequests(this.#context, this.#known.steward(group))
    const request = waiting.find(({ person }) => person.webId === webId)
    if (!request) throw new AlveoleError('not-granted', 'nobody of this WebID asks to join', { detail: { webId } })
    const { person, urls } = request
    const { kem } = person.identity
    await changeMember(this.#context, this.#known, { group, webId, change: 'inserts' }, async open => {
      if (await memberOf(open, webId)) return null
      const leaf = groupLeaf(groupBytes(open.id), kem)
      return { entries: [{ type: 'admit', member: webId, root: fromHex(person.root), role, leaf }], keys: [kem] }
    })
    await account.settle()
    await Promise.all(urls.map(url => pod.delete(url))) // last: while it stands, all of this can be done again
    return { webId, name: person.name, role, state: 'member' }
  }

  /** Refused by the server from the next request on, and without keys for whatever is sealed afterwards. */
  async remove(group: GroupId, webId: WebId): Promise<void> {
    this.#known.steward(group)
    const wasSteward = (await this.#known.opened(group)).state.stewards.has(webId)
    await changeMember(this.#context, this.#known, { group, webId, change: 'deletes' }, async open => {
      const member = await standingOf(open, webId)
      if (!member) throw new AlveoleError('not-granted', 'not a member', { detail: { webId } })
      return member.state === 'member' ? { entries: [{ type: 'remove', member: webId }] } : null
    })
    const open = await this.#known.opened(group)
    if (isHost(this.#context, group) && wasSteward) await writeGroupRules(this.#context, open)
    await this.#context.account.settle()
  }

  /**
   * Asks a steward to be taken out, which their device does when it next tidies. Throws `refused` where nobody else is a steward: a
   * circle keeps one.
   */
  async leave(group: GroupId): Promise<void> {
    const open = await this.#known.opened(group, true)
    const { stewards } = open.state
    if (stewards.size === 1 && stewards.has(this.#context.me.webId))
      throw new AlveoleError('refused', 'a group keeps a steward')
    await sendLeaveRequest(this.#context, this.#known.entry(group), open)
  }

  /** A steward decides with the others; an observer reads, and gives nothing. */
  async changeRole(group: GroupId, webId: WebId, role: Role): Promise<void> {
    this.#known.steward(group)
    const changed = await this.#known.change(group, async open => {
      const member = await memberOf(open, webId)
      if (!member?.leaf) throw new AlveoleError('not-granted', 'not a member', { detail: { webId } })
      const { root, leaf } = member
      if (member.role === role) return null
      return { entries: [{ type: 'role', member: webId, root: fromHex(root), role, leaf: fromHex(leaf) }] }
    })
    if (isHost(this.#context, group)) await writeGroupRules(this.#context, changed)
    await this.#context.account.settle()
  }

  /** Brings in line with their logs what devices that died in between left of the circles kept here; once a day at most, unless `always`. */
  async tidy({ always = false } = {}): Promise<void> {
    const kept = this.#context.account.state.groups.filter(
      ({ role, state }) => role === 'steward' && state === 'member',
    )
    for (const { url } of kept) {
      await this.#takeOut(url as GroupId)
      await tidyGroup(this.#context, this.#known, url, always)
      await foldFeed(this.#context, this.#known, this.#feeds, url, { always })
    }
  }

  /** Takes what members left in the feed into the catalogue; `tidy` does so by itself. */
  async fold(group: GroupId): Promise<void> {
    this.#known.steward(group)
    await foldFeed(this.#context, this.#known, this.#feeds, group, { always: true })
  }

  async #takeOut(group: GroupId): Promise<void> {
    for (const { webId, url } of await readLeaveRequests(this.#context, await this.#known.opened(group))) {
      await this.remove(group, webId)
      await this.#context.pod.delete(url) // last: while it stands, all of this can be done again
    }
  }

  async members(group: GroupId): Promise<MemberInfo[]> {
    const open = await this.#known.opened(group)
    const members = await Promise.all(
      (await everyoneOf(open)).map(async ({ webId, role, state }) => ({
        webId,
        name: await nameOf(this.#context.pod, webId),
        role,
        state,
      })),
    )
    return this.#known.entry(group).role === 'steward' ? [...members, ...(await this.requests(group))] : members
  }

  /** What the circle asks of its members from now on; with `policy.offer`, what it asks instead. Stewards only. */
  async offer(group: GroupId, policy: OfferPolicy): Promise<OfferInfo> {
    const asked = await publishOffer(this.#context, this.#known, group, policy)
    this.#context.changed()
    return this.#standing(asked)
  }

  async withdrawOffer(group: GroupId, offer: OfferId): Promise<void> {
    await withdrawOffer(this.#known, group, offer)
    this.#context.changed()
  }

  /** What it asks at this moment, and how we stand to each. */
  async offers(group: GroupId): Promise<OfferInfo[]> {
    const asked = offersIn(await this.#known.opened(group, true))
    const shown = await Promise.all(asked.map(one => this.#standing(one)))
    await noteShown(this.#context.store, shown)
    return shown
  }

  async #standing(asked: Asked): Promise<OfferInfo> {
    return standing(asked, await this.#context.account.history(), this.#context.clock())
  }

  /** What members told of their answers; for stewards. */
  async consents(group: GroupId): Promise<Consent[]> {
    this.#known.steward(group)
    return readTold(this.#context, await this.#known.opened(group))
  }

  async list(): Promise<GroupInfo[]> {
    return Promise.all(this.#context.account.state.groups.map(entry => this.#info(entry)))
  }

  async #info(entry: GroupEntry): Promise<GroupInfo> {
    const group = await this.#known.open(entry.url).catch((error: unknown) => {
      if (error instanceof AlveoleError && error.code !== 'locked') return null // one circle in trouble does not hide the others
      throw error
    })
    return infoOf(this.#known.entry(entry.url), group)
  }
}

const infoOf = (entry: GroupEntry, group: OpenGroup | null): GroupInfo => ({
  group: entry.url as GroupId,
  name: entry.name || toHex(entry.id).slice(0, 8),
  role: entry.role,
  state: entry.state,
  members: group?.state.count ?? 0,
})

const nameOf = async (pod: Context['pod'], webId: string): Promise<string> =>
  (await pod.profile(webId).catch(() => null))?.name ?? webId
