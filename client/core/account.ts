/**
 * The account of an open vault: read, changed by compare-and-swap, merged by doing the change again on what is there.
 * Changes that may wait ride along with the next one or with `settle` (protocol §5, "a checkpoint").
 */
import {
  advance,
  commitsOf,
  drawSealId,
  isCode,
  openAccountState,
  sealAccount,
  unsafeAccountHeader,
  verifyAccount,
  type AccountHeader,
  type Generation,
  type SignedAccount,
  hash,
  wipe,
  AlveoleError,
} from '#crypto'
import { AccountPages } from './account-pages.ts'
import { decodeState, encodeState, type AccountState, type History } from './account-state.ts'
import { contend } from './contend.ts'
import { checkMark, nextCommit } from './marks.ts'
import { ownGenerations } from './generations.ts'
import type { Me } from './me.ts'
import { keepUp } from './own-identity.ts'
import { inTurn } from './parallel.ts'
import { accountUrl } from './paths.ts'
import type { Pod } from './pod.ts'
import type { Store } from './store.ts'
import { swap } from './swap.ts'

type Edit = (state: AccountState) => AccountState

/** What a change makes of the clear header; and the generations from then on, where it begins one. */
export interface Sealing {
  header?: Partial<AccountHeader>
  generations?: Generation[]
}

export class Account {
  readonly #pod: Pod
  readonly #store: Store
  readonly #me: Me
  readonly #clock: () => number
  readonly #url: string
  /** One change at a time: each count is drawn, and each outcome known, before the next. */
  readonly #turn = inTurn()
  readonly #pages: AccountPages
  #etag: string | null = null
  #header!: AccountHeader
  #hash!: Uint8Array
  /** null: not read yet, or locked. */
  #state: AccountState | null = null
  #shown: AccountState | null = null
  #isLocked = false
  #deferred: Edit[] = []
  #checkedAt = -Infinity

  constructor(pod: Pod, store: Store, me: Me, clock: () => number) {
    this.#pod = pod
    this.#store = store
    this.#me = me
    this.#clock = clock
    this.#url = accountUrl(pod.storage)
    this.#pages = new AccountPages(pod, me.webId)
  }

  /** With what waits to be written; the same object until something changes. */
  get state(): AccountState {
    this.#shown ??= this.#deferred.reduce((state, edit) => edit(state), this.#written)
    return this.#shown
  }

  get #written(): AccountState {
    if (!this.#state) throw new AlveoleError('locked')
    return this.#state
  }

  set #written(state: AccountState) {
    if (this.#isLocked) throw new AlveoleError('locked')
    this.#state = state
    this.#shown = null
  }

  /** All grants that ever were, and all lines: what ended stands on pages, which are read when somebody asks. */
  async history(): Promise<History> {
    const read = async (): Promise<History> => {
      const { pages, grants, journal, consents } = this.state
      const over = await this.#pages.read(pages)
      return {
        grants: [...over.grants, ...grants],
        journal: [...over.journal, ...journal],
        consents: [...over.consents, ...consents],
      }
    }
    try {
      return await read()
    } catch (error) {
      if (!isCode(error, 'tampered')) throw error
      await this.refresh() // another device may have put pages together
      return read()
    }
  }

  get header(): AccountHeader {
    return this.#header
  }

  get etag(): string | null {
    return this.#etag
  }

  /** When the pod last said what the account is; milliseconds since 1970. */
  get checkedAt(): number {
    return this.#checkedAt
  }

  /** `stale`: this device's own copy, since the pod does not answer; it counts as no look at the account (protocol §5). */
  async adopt(account: SignedAccount, etag: string | null, stale = false): Promise<void> {
    if (account.header.generation < this.#me.generation.number)
      throw new AlveoleError('rolled-back', 'an account of an older generation', { detail: { url: this.#url } }) // A14
    await checkMark(this.#store, this.#url, { vector: account.header.vector, hash: account.hash })
    this.#header = account.header
    this.#hash = account.hash
    this.#etag = etag
    this.#written = decodeState(openAccountState(account, this.#generationOf(account)))
    this.#checkedAt = stale ? -Infinity : this.#clock()
  }

  #generationOf({ header }: SignedAccount): Generation {
    const { generation } = header
    const find = () => this.#me.generations.find(candidate => candidate.number === generation)
    if (!find()) this.#me.generations = ownGenerations(header, this.#me) // begun by another device
    return find()!
  }

  /** One conditional request where nothing changed. Of the pod itself: writes are decided on what this brings. */
  refresh(): Promise<void> {
    return this.#turn(() => this.#refresh())
  }

  async #refresh(): Promise<void> {
    const reply = await this.#pod.get(this.#url, { fresh: true, ...(this.#etag && { ifNoneMatch: this.#etag }) })
    if (!reply) throw new AlveoleError('rolled-back', 'the account is gone', { detail: { url: this.#url } })
    if (reply.status === 200) {
      await keepUp(this.#pod, this.#store, this.#me, unsafeAccountHeader(reply.body).identityHead)
      await this.adopt(verifyAccount(reply.body, this.#me.webId, this.#me.deviceKey), reply.etag)
    }
    this.#checkedAt = this.#clock()
  }

  /** Waits for the next write. */
  defer(edit: Edit): void {
    if (this.#isLocked) throw new AlveoleError('locked')
    this.#deferred.push(edit)
    this.#shown = null
  }

  /** Writes what waits, if anything does. */
  async settle(): Promise<void> {
    if (this.#deferred.length || this.#isLocked) await this.change(state => state)
  }

  /** `edit`, and `sealing` of what it gives, may run several times, each time on the newest state. */
  change(edit: Edit, sealing: (next: AccountState) => Sealing = () => ({})): Promise<void> {
    return this.#turn(() => this.#change(edit, sealing))
  }

  async #change(edit: Edit, sealing: (next: AccountState) => Sealing): Promise<void> {
    const riding = this.#deferred.length
    await contend(async () => {
      const next = edit(this.#deferred.slice(0, riding).reduce((state, deferred) => deferred(state), this.#written))
      const { state, stored, dropped } = await this.#pages.fold(next)
      const commits = await nextCommit(this.#store, this.#url, this.#header.vector, this.#me.device)
      try {
        await this.#write(state, sealing(next), commits)
      } catch (error) {
        if (!isCode(error, 'conflict')) throw error
        await this.#refresh()
        const taken = commitsOf(this.#header.vector, this.#me.device) >= commits // and another write followed at once
        if (!taken) await this.#remove(stored)
        if (!taken) throw error
      }
      await this.#remove(dropped)
    })
    this.#deferred.splice(0, riding)
    this.#shown = null
  }

  /** What is left is found as garbage. */
  async #remove(urls: readonly string[]): Promise<void> {
    await Promise.allSettled(urls.map(url => this.#pod.delete(url)))
  }

  async #write(next: AccountState, sealing: Sealing, commits: number): Promise<void> {
    const { signer, device, identity } = this.#me
    const generations = sealing.generations ?? this.#me.generations
    const header: AccountHeader = {
      ...this.#header,
      ...sealing.header,
      sealId: drawSealId(),
      vector: advance(this.#header.vector, device, commits, this.#hash),
      identityHead: identity.entries.at(-1)!,
    }
    const bytes = sealAccount(header, encodeState(next), generations.at(-1)!, signer)
    const etag = await swap(this.#pod, this.#url, bytes, this.#etag)
    await checkMark(this.#store, this.#url, { vector: header.vector, hash: hash(bytes) })
    this.#me.generations = generations
    this.#header = header
    this.#hash = hash(bytes)
    this.#etag = etag
    this.#written = next
    this.#checkedAt = this.#clock()
  }

  lock(): void {
    if (this.#state) wipe(this.#state.secret, ...drawnKeys(this.#state), ...this.#state.pages.map(({ key }) => key))
    this.#isLocked = true
    this.#state = null
    this.#shown = null
    this.#deferred = []
    this.#pages.lock()
  }
}

const drawnKeys = ({ groups, selections }: AccountState): Uint8Array[] => [
  ...groups.flatMap(({ invitations }) => invitations.map(({ secret }) => secret)),
  ...selections.flatMap(({ pseudonyms }) => pseudonyms ?? []),
]
