/**
 * The Pod port on a Solid server (Solid Protocol 0.11, WAC, N3 Patch), through an authenticated fetch. The one place that
 * knows @inrupt/solid-client: it reads profiles; bytes go by plain fetch, since its file helpers take no conditions.
 */
import { getSolidDataset, getStringNoLocale, getThing, getUrlAll } from '@inrupt/solid-client'
import { AlveoleError, isCode, type ErrorCode } from '#crypto'
import { alv, foaf, ldp, pim, vcard } from '#vocab'
import { Parser } from 'n3'
import { linkOf } from './links.ts'
import type { Pod, PodReply, Profile } from './pod.ts'

type Fetch = typeof globalThis.fetch

const CODES: { [status: number]: ErrorCode } = {
  401: 'unauthorized',
  403: 'not-granted',
  408: 'offline',
  409: 'conflict',
  412: 'conflict',
  413: 'too-large',
  429: 'busy',
  503: 'busy',
  507: 'full',
}

/** Of one answer, in bytes. A part has 4 MiB, a segment 256 KiB and one record's cell: no host may fill our memory with more. */
const LARGEST = 64 * 1024 * 1024

/** Milliseconds: people move to other pods. */
const FRESH = 5 * 60_000

/** What a refusing status means; anything below 500 that no rule of ours names is a refusal. */
export const codeOf = (status: number): ErrorCode => CODES[status] ?? (status >= 500 ? 'server' : 'refused')

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

  async #send(url: string, init: RequestInit): Promise<Response> {
    const response = await reading(this.#fetch(url, init))
    this.#learn(url, response)
    return response
  }

  #learn(url: string, response: Response): void {
    const acl = resolved(linkOf(response, 'acl'), url)
    if (acl?.startsWith(url) && acl.length > url.length) this.#aclSuffix = acl.slice(url.length)
    if (url.startsWith(this.storage)) this.#enforces ||= linkOf(response, alv.enforces) !== null
  }
}

const resolved = (address: string | null, base: string): string | null =>
  address !== null && URL.canParse(address, base) ? new URL(address, base).href : null

/** A weak ETag says nothing about bytes. */
const strong = (etag: string | null): string | null => (etag?.startsWith('W/') ? null : etag)

async function refuse(response: Response): Promise<void> {
  if (response.ok) return
  await discard(response, null)
  throw new AlveoleError(codeOf(response.status), `HTTP ${response.status}`, { detail: { status: response.status } })
}

/** Frees the connection. */
async function discard<T>(response: Response, value: T): Promise<T> {
  await response.body?.cancel()
  return value
}

/** Whatever its length is said to be. */
async function bytesOf({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let size = 0
  const reader = body?.getReader()
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    parts.push(next.value)
    size += next.value.length
    if (size <= LARGEST) continue
    await reader?.cancel()
    throw new AlveoleError('too-large', 'an answer that goes on and on')
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

async function reading<T>(body: Promise<T>): Promise<T> {
  try {
    return await body
  } catch (error) {
    if (error instanceof AlveoleError) throw error
    const cancelled = error instanceof DOMException && error.name === 'AbortError'
    throw new AlveoleError(cancelled ? 'cancelled' : 'offline', 'no answer', { cause: error })
  }
}

async function readProfile(fetch: Fetch, webId: string): Promise<Profile | null> {
  if (!URL.canParse(webId)) throw new AlveoleError('usage', 'not a WebID', { detail: { webId } })
  try {
    const dataset = await getSolidDataset(webId.split('#')[0]!, { fetch })
    const me = getThing(dataset, webId)
    if (!me) return null
    const storage = getUrlAll(me, pim.storage)[0] ?? null
    const name = getStringNoLocale(me, foaf.name) ?? getStringNoLocale(me, vcard.fn)
    return { name, storage: storage && isContainer(storage) ? storage : null }
  } catch (error) {
    const status = (error as { statusCode?: number }).statusCode
    if (status === 404 || status === 410 || status === 401 || status === 403) return null
    if (status !== undefined) throw new AlveoleError(codeOf(status), `HTTP ${status}`, { cause: error })
    if (isCode(error, 'offline')) throw error
    throw new AlveoleError('offline', 'no answer', { cause: error })
  }
}

/** Whether what we ask for below it stays below it. */
const isContainer = (url: string): boolean =>
  URL.canParse(url) && /^https?:\/\/[^?#]+\/$/.test(url) && new URL(url).href === url
