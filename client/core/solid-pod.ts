/** The Pod port on a Solid server (Solid Protocol 0.11, WAC, N3 Patch), through an authenticated fetch. */
import { AlveoleError } from '#crypto'
import { alv, ldp } from '#vocab'
import { Parser } from 'n3'
import { bytesOf, discard, linkOf, reading, refuse, resolved, strong } from './answer.ts'
import type { Pod, PodReply, Profile } from './pod.ts'
import { readProfile } from './profile.ts'

type Fetch = typeof globalThis.fetch

/** Milliseconds: people move to other pods. */
const FRESH = 5 * 60_000

/** `storage` is looked up in the profile unless given. */
export async function solidPod({
  webId,
  storage,
  fetch,
}: {
  webId: string
  storage?: string
  fetch: Fetch
}): Promise<Pod> {
  const root = storage ?? (await readProfile(fetch, webId))?.storage
  if (!root) throw new AlveoleError('unknown-person', 'the profile names no storage', { detail: { webId } })
  return new SolidPod(webId, root, fetch)
}

class SolidPod implements Pod {
  readonly webId: string
  readonly storage: string
  readonly #fetch: Fetch
  readonly #profiles = new Map<string, { asked: Promise<Profile | null>; at: number }>()
  #aclSuffix: string | null = null
  #enforces: boolean | null = null

  constructor(webId: string, storage: string, fetch: Fetch) {
    this.webId = webId
    this.storage = storage
    this.#fetch = fetch
  }

  async get(url: string, { ifNoneMatch, signal, begins }: Parameters<Pod['get']>[1] = {}): Promise<PodReply | null> {
    const headers = ifNoneMatch ? { 'if-none-match': ifNoneMatch } : {}
    const response = await this.#send(url, { headers, cache: 'no-store', ...(signal && { signal }) })
    const type = response.headers.get('content-type') ?? ''
    if (response.status === 304) return { status: 304, etag: ifNoneMatch ?? null, type, body: new Uint8Array() }
    if (response.status === 404 || response.status === 410) return discard(response, null)
    await refuse(response)
    begins?.()
    const body = await reading(bytesOf(response))
    return { status: 200, etag: strong(response.headers.get('etag')), type, body }
  }

  async put(url: string, body: Uint8Array, options: Parameters<Pod['put']>[2] = {}): Promise<{ etag: string | null }> {
    const { ifMatch, ifNoneMatch, type = 'application/octet-stream', signal } = options
    const headers = {
      'content-type': type,
      ...(ifMatch && { 'if-match': ifMatch }),
      ...(ifNoneMatch && { 'if-none-match': ifNoneMatch }),
    }
    const response = await this.#send(url, {
      method: 'PUT',
      headers,
      body: body as Uint8Array<ArrayBuffer>,
      ...(signal && { signal }),
    })
    await refuse(response)
    return discard(response, { etag: strong(response.headers.get('etag')) })
  }

  async post(
    container: string,
    body: Uint8Array,
    { type = 'application/octet-stream' }: { type?: string } = {},
  ): Promise<string> {
    const headers = { 'content-type': type }
    const response = await this.#send(container, { method: 'POST', headers, body: body as Uint8Array<ArrayBuffer> })
    await refuse(response)
    return discard(response, resolved(response.headers.get('location') ?? '', container) ?? container)
  }

  async patch(url: string, n3: string): Promise<void> {
    for (const webId of this.#profiles.keys()) if (webId.split('#')[0] === url) this.#profiles.delete(webId)
    const response = await this.#send(url, { method: 'PATCH', headers: { 'content-type': 'text/n3' }, body: n3 })
    await refuse(response)
    await discard(response, null)
  }

  async delete(url: string): Promise<void> {
    const response = await this.#send(url, { method: 'DELETE' })
    if (response.status !== 404 && response.status !== 410) await refuse(response)
    await discard(response, null)
  }

  async list(container: string): Promise<string[] | null> {
    const response = await this.#send(container, { headers: { accept: 'text/turtle' }, cache: 'no-store' })
    if (response.status === 404 || response.status === 410) return discard(response, null)
    await refuse(response)
    const turtle = await reading(bytesOf(response))
    try {
      const quads = new Parser({ baseIRI: container }).parse(new TextDecoder().decode(turtle))
      return quads.filter(quad => quad.predicate.value === ldp.contains).map(quad => quad.object.value)
    } catch (cause) {
      throw new AlveoleError('tampered', 'a listing that is not Turtle', { cause, detail: { url: container } })
    }
  }

  /** From the Link header of any earlier answer: servers name it alike everywhere; else by asking. */
  async aclOf(url: string): Promise<string> {
    if (this.#aclSuffix !== null) return url + this.#aclSuffix
    const response = await this.#send(url, { method: 'HEAD' })
    await discard(response, null)
    const link = resolved(linkOf(response, 'acl'), url)
    // On another server it would be a way to have us write there, by the rights that we have there
    if (!link || new URL(link).origin !== new URL(url).origin)
      throw new AlveoleError('refused', 'this server has no access control lists that we know', { detail: { url } })
    return link
  }

  async enforcesEnd(): Promise<boolean> {
    if (this.#enforces === null) await discard(await this.#send(this.storage, { method: 'HEAD' }), null)
    return this.#enforces ?? false
  }

  profile(webId: string): Promise<Profile | null> {
    const known = this.#profiles.get(webId)
    if (known && Date.now() - known.at < FRESH) return known.asked
    const asked = readProfile(this.#fetch, webId)
    this.#profiles.set(webId, { asked, at: Date.now() })
    asked.then(
      found => !found && this.#profiles.delete(webId),
      () => this.#profiles.delete(webId),
    )
    return asked
  }

  /** Never on to where an answer sends it: our credentials would go along, and the host choose what we write onto. */
  async #send(url: string, init: RequestInit): Promise<Response> {
    const response = await reading(this.#fetch(url, { ...init, redirect: 'manual' }))
    this.#learn(url, response)
    return response
  }

  #learn(url: string, response: Response): void {
    const acl = resolved(linkOf(response, 'acl'), url)
    if (acl?.startsWith(url) && acl.length > url.length) this.#aclSuffix = acl.slice(url.length)
    if (url.startsWith(this.storage)) this.#enforces ||= linkOf(response, alv.enforces) !== null
  }
}
