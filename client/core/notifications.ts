/**
 * Solid Notifications (protocol 0.3, WebSocketChannel2023): the pod's server says that something changed. Only a hint: it makes us
 * look, by a conditional request, at what we would have looked at later; nothing in it is believed. What the server does not say is
 * found by polling (follow.ts).
 *
 * The channel is found through the storage's description; subscriptions and sockets stay on the storage's own host.
 */
import { AlveoleError } from '#crypto'
import { notify, notifyContext, solid } from '#vocab'
import { Parser } from 'n3'
import { linkOf } from './answer.ts'

/** As browsers and Node have it. */
export interface Socket {
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close' | 'error', listener: () => void): void
  close(): void
}

export interface Hearing {
  /** `state`: the ETag that the server says it has now; null: it does not say. */
  onHint(state: string | null): void
  /** The line broke, or the subscription ended. */
  onEnd(): void
}

export interface Notifications {
  /** Gives what ends it; null where the server has no such channel. Throws where it does not answer, or not as it should. */
  watch(topic: string, hearing: Hearing): Promise<(() => void) | null>
}

export interface NotificationOptions {
  storage: string
  /** Authenticated. */
  fetch: typeof globalThis.fetch
  WebSocket: new (url: string) => Socket
}

export function notifications({ storage, fetch, WebSocket }: NotificationOptions): Notifications {
  const { host } = new URL(storage)
  /** Known from the first answer on. */
  let service: Promise<string | null> | undefined
  const found = (): Promise<string | null> => {
    service ??= answered(() => findService(fetch, storage)).catch((error: unknown) => {
      service = undefined
      throw error
    })
    return service
  }
  return {
    async watch(topic, hearing) {
      const url = await found()
      if (!url) return null
      const address = await answered(() => subscribe(fetch, url, topic))
      if (!isSocketOf(host, address)) throw new AlveoleError('refused', 'a socket on another host')
      return listen(new WebSocket(address), hearing)
    },
  }
}

async function findService(fetch: typeof globalThis.fetch, storage: string): Promise<string | null> {
  const response = await fetch(storage, { method: 'HEAD' })
  const link = linkOf(response, solid.storageDescription)
  const description = link && URL.canParse(link, storage) ? new URL(link, storage).href : null
  if (!description || !isOf(storage, description)) return null
  const answer = await fetch(description, { headers: { accept: 'text/turtle' } })
  if (!answer.ok) return null
  const quads = new Parser({ baseIRI: description }).parse(await answer.text())
  const services = quads
    .filter(({ predicate }) => predicate.value === notify.subscription)
    .map(({ object }) => object.value)
  const isSocket = (url: string): boolean =>
    quads.some(
      ({ subject, predicate, object }) =>
        subject.value === url && predicate.value === notify.channelType && object.value === notify.WebSocketChannel2023,
    )
  return services.find(url => isSocket(url) && isOf(storage, url)) ?? null
}

async function subscribe(fetch: typeof globalThis.fetch, service: string, topic: string): Promise<string> {
  const body = JSON.stringify({ '@context': [notifyContext.ns], type: notify.WebSocketChannel2023, topic })
  const response = await fetch(service, { method: 'POST', headers: { 'content-type': 'application/ld+json' }, body })
  if (!response.ok)
    throw new AlveoleError('refused', `HTTP ${response.status}`, { detail: { status: response.status } })
  const { receiveFrom } = (await response.json()) as { receiveFrom?: unknown }
  if (typeof receiveFrom !== 'string') throw new AlveoleError('refused', 'a subscription without its address')
  return receiveFrom
}

function listen(socket: Socket, { onHint, onEnd }: Hearing): () => void {
  let isOver = false
  const end = (): void => {
    if (!isOver) onEnd()
    isOver = true
  }
  socket.addEventListener('message', ({ data }) => !isOver && onHint(stateIn(data)))
  socket.addEventListener('close', end)
  socket.addEventListener('error', end)
  return () => {
    isOver = true
    socket.close()
  }
}

function stateIn(data: unknown): string | null {
  try {
    const { state } = JSON.parse(String(data)) as { state?: unknown }
    return typeof state === 'string' ? state : null
  } catch {
    return null // whatever it said: a hint
  }
}

const isOf = (storage: string, url: string): boolean =>
  URL.canParse(url) && new URL(url).origin === new URL(storage).origin
const isSocketOf = (host: string, url: string): boolean =>
  URL.canParse(url) && /^wss?:$/.test(new URL(url).protocol) && new URL(url).host === host

/** Whatever else goes wrong on the way is no answer. */
async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof AlveoleError ? error : new AlveoleError('offline', 'no answer', { cause: error })
  }
}
