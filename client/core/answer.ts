/** Answers of a Solid server: what their status means, their headers, and their bytes, of which no host may send more than we hold. */
import { AlveoleError, type ErrorCode } from '#crypto'

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

/** What a refusing status means; anything below 500 that no rule of ours names is a refusal. */
export const codeOf = (status: number): ErrorCode => CODES[status] ?? (status >= 500 ? 'server' : 'refused')

/** Where a Link header (RFC 8288) of this relation leads. */
export function linkOf(response: Response, relation: string): string | null {
  const links = response.headers.get('link') ?? ''
  // `<` is in no address: looking past it for the end of each would take the square of their number
  for (const [, target, parameters] of links.matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (parameters!.match(/rel="?([^";,]*)"?/)?.[1] === relation) return target!
  }
  return null
}

export const resolved = (address: string | null, base: string): string | null =>
  address !== null && URL.canParse(address, base) ? new URL(address, base).href : null

/** A weak ETag says nothing about bytes. */
export const strong = (etag: string | null): string | null => (etag?.startsWith('W/') ? null : etag)

export async function refuse(response: Response): Promise<void> {
  if (response.ok) return
  await discard(response, null)
  throw new AlveoleError(codeOf(response.status), `HTTP ${response.status}`, { detail: { status: response.status } })
}

/** Frees the connection. */
export async function discard<T>(response: Response, value: T): Promise<T> {
  await response.body?.cancel()
  return value
}

/** Whatever its length is said to be; where that is true, each byte is copied once. */
export async function bytesOf({ body, headers }: Response, largest = LARGEST): Promise<Uint8Array<ArrayBuffer>> {
  const told = Number(headers.get('content-length'))
  let whole = new Uint8Array(told > 0 && told <= largest ? told : 0)
  let size = 0
  const reader = body?.getReader()
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    const end = size + next.value.length
    if (end > largest) {
      await reader?.cancel()
      throw new AlveoleError('too-large', 'an answer that goes on and on')
    }
    if (end > whole.length) whole = grown(whole, Math.max(end, 2 * size))
    whole.set(next.value, size)
    size = end
  }
  return size === whole.length ? whole : whole.slice(0, size)
}

function grown(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length)
  larger.set(bytes)
  return larger
}

export async function reading<T>(body: Promise<T>): Promise<T> {
  try {
    return await body
  } catch (error) {
    if (error instanceof AlveoleError) throw error
    const cancelled = error instanceof DOMException && error.name === 'AbortError'
    throw new AlveoleError(cancelled ? 'cancelled' : 'offline', 'no answer', { cause: error })
  }
}
