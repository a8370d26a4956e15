/**
 * The account's pages (protocol §5): what is over goes there from its state, which every change of the account writes anew, so that
 * this stays as large as what goes on. A page takes in the newest ones while each has at most twice the bytes gathered so far: so
 * there are few, and each entry is written a few times in all.
 */
import {
  AlveoleError,
  equal,
  hash,
  openAccountPage,
  sealAccountPage,
  toBase64Url,
  toHex,
  type Reference,
} from '#crypto'
import { decodeHistory, encodeHistory, type AccountState, type History } from './account-state.ts'
import { inParallel } from './parallel.ts'
import { accountPagesUrl, MEDIA_TYPE, objectUrl } from './paths.ts'
import type { Pod } from './pod.ts'

/** So many are left in the state at most, after a change. */
const [GRANTS, LINES, CONSENTS] = [8, 64, 8]
/** Bytes: a page of this size is left alone. */
const LARGE = 256 * 1024

export interface Folded {
  state: AccountState
  /** URLs: garbage if the swap is lost, and once it is won. */
  stored: string[]
  dropped: string[]
}

export class AccountPages {
  readonly #pod: Pod
  readonly #owner: string
  readonly #container: string
  readonly #read = new Map<string, History>()

  constructor(pod: Pod, owner: string) {
    this.#pod = pod
    this.#owner = owner
    this.#container = accountPagesUrl(pod.storage)
  }

  /** The state without what is over, where there is enough of it; the page that has it is stored. */
  async fold(state: AccountState): Promise<Folded> {
    const over = whatIsOver(state)
    if (!over) return { state, stored: [], dropped: [] }
    try {
      return await this.#fold(state, over)
    } catch (error) {
      if (!(error instanceof AlveoleError) || error.code === 'locked') throw error
      return { state, stored: [], dropped: [] } // it stands in the way of no change: what is over can wait for the next
    }
  }

  async #fold(state: AccountState, over: History): Promise<Folded> {
    const taken = toTake(state.pages, encodeHistory(over).length)
    const content = joined([...(await this.#all(taken)), over])
    const { reference, bytes } = sealAccountPage(this.#owner, encodeHistory(content))
    await this.#pod.put(this.#url(reference), bytes, { ifNoneMatch: '*', type: MEDIA_TYPE })
    const gone = new Set<unknown>([...over.grants, ...over.journal, ...over.consents])
    return {
      state: {
        ...state,
        grants: state.grants.filter(grant => !gone.has(grant)),
        journal: state.journal.filter(line => !gone.has(line)),
        consents: state.consents.filter(consent => !gone.has(consent)),
        pages: [...state.pages.filter(page => !taken.includes(page)), reference],
      },
      stored: [this.#url(reference)],
      dropped: taken.map(page => this.#url(page)),
    }
  }

  #url = ({ sealId }: Reference): string => objectUrl(this.#container, sealId)

  /** All that stands on these pages. */
  async read(pages: readonly Reference[]): Promise<History> {
    return joined(await this.#all(pages))
  }

  #all(pages: readonly Reference[]): Promise<History[]> {
    return inParallel(pages, page => this.#one(page))
  }

  /** Each is fetched once. */
  async #one(page: Reference): Promise<History> {
    const name = toBase64Url(page.sealId)
    const known = this.#read.get(name)
    if (known) return known
    const reply = await this.#pod.get(this.#url(page), { hash: page.hash })
    if (!reply || !equal(hash(reply.body), page.hash))
      throw new AlveoleError('tampered', 'not the page that the account names', { detail: { url: this.#url(page) } })
    const content = decodeHistory(openAccountPage(reply.body, this.#owner, page.key))
    this.#read.set(name, content)
    return content
  }

  lock(): void {
    this.#read.clear()
  }
}

const joined = (all: readonly History[]): History => ({
  grants: all.flatMap(({ grants }) => grants),
  journal: all.flatMap(({ journal }) => journal),
  consents: all.flatMap(({ consents }) => consents),
})

function whatIsOver(state: AccountState): History | null {
  const grants = state.grants.filter(grant => grant.state === 'ended')
  const needed = new Set(lastOfMembers(state.journal))
  const journal = state.journal.filter(line => !needed.has(line))
  const consents = consentsOver(state)
  const few = grants.length < GRANTS && journal.length < LINES && consents.length < CONSENTS
  return few ? null : { grants, journal, consents }
}

/** Not the last of a grant that may still be taken back, which says so in one write, nor those that the circle waits for. */
function consentsOver({ grants, groups, consents }: AccountState): AccountState['consents'] {
  const held = new Set(grants.filter(({ state }) => state !== 'ended').map(({ id }) => toHex(id)))
  const member = new Set(groups.filter(({ state }) => state !== 'removed').map(({ url }) => url))
  const last = new Set(new Map(consents.map(one => [one.grant && toHex(one.grant), one])).values())
  return consents.filter(one => {
    const { grant, group, told } = one
    const isHeld = grant !== null && held.has(toHex(grant)) && last.has(one)
    return !isHeld && !(told === 'waiting' && member.has(group))
  })
}

/** By these a look at a circle tells what the account knows already (groups/look.ts). */
function lastOfMembers(journal: AccountState['journal']): AccountState['journal'] {
  const lines = journal.filter(({ what }) => what === 'member-admitted' || what === 'member-removed')
  return [...new Map(lines.map(line => [`${line.object} ${line.who}`, line])).values()]
}

function toTake(pages: readonly Reference[], size: number): Reference[] {
  const taken: Reference[] = []
  let gathered = size
  for (const page of pages.toReversed()) {
    if (page.size > 2 * gathered || page.size >= LARGE) break
    taken.unshift(page)
    gathered += page.size
  }
  return taken
}
