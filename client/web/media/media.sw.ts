/**
 * The service worker of media: lets video and sound of the vault play and seek by HTTP ranges. It keeps nothing and knows no key:
 * each request goes, with a port of its own, to the page that made it, and from there to the worker that holds the vault. Everything
 * else of the page goes to the network as if it were not there.
 */
import type { Chunk, Head, Wish } from './messages.ts'

/** lib.dom has no types for what runs here. */
interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void
  /** Absent in some browsers: what need not come through here at all. */
  addRoutes?(rules: object): Promise<void>
}
interface FetchEvent extends Event {
  request: Request
  clientId: string
  respondWith(answer: Promise<Response>): void
}
interface Scope extends EventTarget {
  skipWaiting(): Promise<void>
  clients: {
    claim(): Promise<void>
    get(id: string): Promise<{ postMessage(message: unknown, transfer: Transferable[]): void } | undefined>
  }
}

const scope = globalThis as unknown as Scope
const PATH = /^\/media\/([A-Za-z0-9_-]{22})$/

scope.addEventListener('install', event => {
  const { addRoutes } = event as Extendable
  const rest = { condition: { not: { urlPattern: '/media/*' } }, source: 'network' }
  ;(event as Extendable).waitUntil(
    Promise.all([scope.skipWaiting(), addRoutes?.call(event, rest).catch(() => undefined)]),
  )
})
scope.addEventListener('activate', event => (event as Extendable).waitUntil(scope.clients.claim()))

scope.addEventListener('fetch', event => {
  const { request, clientId } = event as FetchEvent
  const { origin, pathname } = new URL(request.url)
  const [, media] = PATH.exec(pathname) ?? []
  if (origin === location.origin && media) (event as FetchEvent).respondWith(answer(request, clientId, media))
})

const none = (): Response => new Response(null, { status: 404 })

/** To players only: nothing of a vault is ever opened as a page. */
async function answer({ method, destination, headers }: Request, clientId: string, media: string): Promise<Response> {
  const page = await scope.clients.get(clientId)
  if (!page || method !== 'GET' || (destination !== 'video' && destination !== 'audio')) return none()
  const { port1: port, port2 } = new MessageChannel()
  const said = next<Head>(port)
  page.postMessage({ media, range: headers.get('range') }, [port2])
  const head = await said
  if (!head) return none()
  return new Response(head.status === 416 ? null : bodyFrom(port), head)
}

const next = <T>(port: MessagePort): Promise<T> =>
  new Promise(resolve => {
    port.addEventListener('message', ({ data }) => resolve(data as T), { once: true })
    port.start()
  })

function bodyFrom(port: MessagePort): ReadableStream<Uint8Array<ArrayBuffer>> {
  const wish = (of: Wish): void => port.postMessage(of)
  return new ReadableStream(
    {
      async pull(controller) {
        const said = next<Chunk>(port)
        wish('more')
        const chunk = await said
        if (chunk === 'broken') return controller.error(new TypeError('the vault does not go on'))
        if (chunk) return controller.enqueue(chunk)
        controller.close()
        port.close()
      },
      cancel: () => {
        wish('stop')
        port.close()
      },
    },
    { highWaterMark: 0 },
  )
}
