/** A collection of somebody else's, as far as one grant opens it: head, keyring, then whatever sections have keys. */
import {
  AlveoleError,
  deviceKey,
  equal,
  narrow,
  openGrantPage,
  openKeyring,
  openManifest,
  order,
  toBase64Url,
  toHex,
  unsafeHeadHeader,
  verifyHead,
  type FacetKey,
  type GrantKey,
  type OpenedGrant,
  type SignedHead,
} from '#crypto'
import { isWithin, leavesUnder } from '#vocab'
import { readAgreement, type Terms } from '../agreement.ts'
import type { Context } from '../context.ts'
import type { ToldOf } from '../feed/said.ts'
import { grantIri } from '../grants/grant-id.ts'
import { checkMark } from '../marks.ts'
import { everDeviceKey, type Person } from '../people.ts'
import { headUrl } from '../paths.ts'
import type { CollectionId } from '../types.ts'
import { CellIndex } from './cell-index.ts'
import { checkForeign } from './foreign-cells.ts'
import { fetchNamed, fetchSegments, openTail, type FacetKeys, type Place, type SeenSegments } from './sections.ts'

export interface GrantedPlace {
  owner: string
  id: Uint8Array
  url: string
  grant: Uint8Array
}

/** For so long a feed line that tells nothing newer stands in for a look at the head: one that got lost is made up for by the next look. */
const HOUR = 3600_000

export class GrantedCollection {
  readonly of: GrantedPlace
  #etag: string | null = null
  #head: SignedHead | null = null
  #lookedAt = -Infinity
  #envelope: {
    keyring: string
    opened: OpenedGrant
    page: ReturnType<typeof openGrantPage>
  } | null = null
  #index = new CellIndex()
  #segments: SeenSegments = new Set()
  #keysSeen = ''
  #until = 0

  constructor(of: GrantedPlace) {
    this.of = of
  }

  get id(): CollectionId {
    return toBase64Url(this.of.id) as CollectionId
  }
  get index(): CellIndex {
    return this.#index
  }
  /** The end that the agreement says; the server and the keys enforce it. Milliseconds since 1970. */
  get until(): number {
    return this.#until
  }

  /**
   * Throws `not-granted` where the grant does not hold (any more); `seeds` are the recipient's, newest first. `told` are the newest
   * heads that its owner told of: where they say nothing new nothing is asked; what is served must be as new, and of the same history.
   */
  async refresh(context: Context, seeds: Uint8Array[], told: readonly ToldOf[] = []): Promise<void> {
    const now = context.clock()
    if (told.length && now - this.#lookedAt < HOUR && told.every(one => this.#stands(one) === 'holds')) return
    await this.#refresh(context, seeds)
    for (const one of told) this.#hold(one)
    this.#lookedAt = now
  }

  async #refresh(context: Context, seeds: Uint8Array[]): Promise<void> {
    const { pod } = context
    const reply = await pod.get(headUrl(this.of.url), this.#etag ? { ifNoneMatch: this.#etag } : {})
    if (!reply) throw new AlveoleError('not-granted', 'nothing there')
    if (reply.status === 304 && !this.#etag) throw new AlveoleError('tampered', 'nothing, instead of a head')
    if (reply.status === 304) return
    const { head, person } = await this.#verify(context, reply.body)
    const place: Place = { pod, owner: this.of.owner, id: this.of.id, container: this.of.url }
    const { opened, page } = await this.#open(place, head, seeds)
    const terms = readAgreement(page.agreement, this.of.owner, signer => everDeviceKey(person, signer))
    if (terms.grant !== grantIri(this.of.grant)) throw new AlveoleError('tampered', 'an agreement of another grant')
    this.#until = terms.until
    const given = [...opened.newest, ...page.keys].filter(({ facet }) => saysFacet(terms, facet)) // X8
    this.#startAnew(given)
    const manifest = openManifest(head, opened.manifest)
    const keys = facetKeys(given)
    const { sections } = await fetchSegments(place, manifest, keys, this.#segments)
    const tail = await openTail(place, manifest, head.parts.tail, keys)
    for (const { facet, epoch, cells } of [...sections, ...tail.sections]) {
      checkForeign(cells)
      this.#index.add(facet, epoch, cells)
    }
    this.#head = head
    this.#etag = reply.etag
  }

  /** What the head that is here is to one that was told of. */
  #stands({ head: told }: ToldOf): 'holds' | 'behind' | 'apart' {
    const here = this.#head
    const is = here ? order(here.header.vector, told.vector) : 'before'
    if (is === 'before') return 'behind'
    if (is === 'apart' || (is === 'equal' && !equal(here!.hash, told.hash))) return 'apart'
    return 'holds'
  }

  /** A11: the pod keeps back what its owner's device told of, or shows this reader another history; the signed line proves it. */
  #hold(told: ToldOf): void {
    const stands = this.#stands(told)
    if (stands === 'holds') return
    this.#etag = null
    const [code, what] =
      stands === 'behind'
        ? (['rolled-back', 'older than what its owner told of'] as const)
        : (['forked', 'another history than its owner told of'] as const)
    throw new AlveoleError(code, what, { detail: { url: this.of.url, line: toBase64Url(told.proof) } })
  }

  async #verify({ people, store }: Context, body: Uint8Array): Promise<{ head: SignedHead; person: Person }> {
    const { owner, id, url } = this.of
    const person = await people.author(owner, unsafeHeadHeader(body).identityHead)
    const head = verifyHead(body, owner, id, signer => deviceKey(person.identity, signer))
    await checkMark(store, headUrl(url), { vector: head.header.vector, hash: head.hash })
    return { head, person }
  }

  /** Asked for again only where the head names another keyring. */
  async #open(place: Place, head: SignedHead, seeds: Uint8Array[]) {
    const named = head.header.keyring ? toHex(head.header.keyring.hash) : ''
    if (this.#envelope?.keyring !== named) {
      const opened = await this.#openEnvelope(place, head, seeds)
      this.#envelope = { keyring: named, opened, page: await this.#openPage(place, opened) }
    }
    return this.#envelope
  }

  async #openEnvelope(place: Place, head: SignedHead, seeds: Uint8Array[]): Promise<OpenedGrant> {
    const { keyring } = head.header
    const bytes = keyring && (await fetchNamed(place, keyring.sealId, keyring.hash))
    const opened =
      bytes && openKeyring(bytes, { owner: place.owner, collection: place.id, grant: this.of.grant }, seeds)
    if (!opened) throw new AlveoleError('not-granted', 'no envelope of this grant')
    return opened
  }

  async #openPage(place: Place, opened: OpenedGrant) {
    const { id, hash, sealed } = opened.page
    if (sealed) return openGrantPage(this.of.grant, opened, sealed)
    if (!hash) throw new AlveoleError('tampered', 'a grant without its page')
    return openGrantPage(this.of.grant, opened, await fetchNamed(place, id, hash))
  }

  /** With other keys, segments already seen may open further. */
  #startAnew(keys: GrantKey[]): void {
    const seen = keys.map(({ epoch, facet }) => `${toHex(epoch)} ${facet}`).join()
    if (seen === this.#keysSeen) return
    this.#keysSeen = seen
    this.#segments.clear()
    this.#index = new CellIndex()
  }
}

const saysFacet = ({ facets }: Terms, path: string): boolean => facets.some(facet => isWithin(path, facet))

function facetKeys(keys: readonly GrantKey[]): FacetKeys {
  return {
    leaves: [...new Set(keys.flatMap(({ facet }) => leavesUnder(facet)))],
    keyOf(epoch, leaf): FacetKey | null {
      const found = keys.find(key => toHex(key.epoch) === epoch && isWithin(leaf, key.facet))
      return found ? narrow(found.key, found.facet, leaf) : null
    },
  }
}
