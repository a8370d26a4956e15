/**
 * Listens on one address (loopback unless told otherwise) and knows whether it worked: a taken port rejects `start()`.
 * Uploads may last an hour but not stall for a minute. Stopping lets requests under way end, then closes every socket,
 * those of notifications included, so that the process can exit.
 */
import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Finalizable, HttpServerFactory } from '@solid/community-server'
import { css } from '../css.ts'

/** The write lock of an upload expires later (config.json), so the connection always ends first. */
const LONGEST_UPLOAD_MS = 3_600_000
const STALLED_UPLOAD_MS = 60_000
const GRACE_MS = 3_000
/** Node's 5 s end under the feet of a client that was slow to send its next request: a write is then of unknown outcome. */
const IDLE_MS = 65_000

export class ListeningInitializer extends css.Initializer implements Finalizable {
  readonly #factory: HttpServerFactory
  readonly #port: number
  readonly #host: string
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined

  constructor(factory: HttpServerFactory, port: number, host: string) {
    super()
    this.#factory = factory
    this.#port = port
    this.#host = host
  }

  override async handle(): Promise<void> {
    const server = await this.#factory.createServer()
    this.#server = server
    server.requestTimeout = LONGEST_UPLOAD_MS
    server.keepAliveTimeout = IDLE_MS
    server.on('request', dropWhenStalled)
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    server.listen(this.#port, this.#host)
    await once(server, 'listening')
  }

  async finalize(): Promise<void> {
    const server = this.#server
    if (!server?.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeIdleConnections()
    await Promise.race([closed, wait(GRACE_MS, undefined, { ref: false })])
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}

/** Node destroys a socket whose timeout nobody handles; waiting for a lock or streaming notifications is not stalling. */
const dropWhenStalled = (request: IncomingMessage, response: ServerResponse): void => {
  const { headers, socket } = request
  if (headers['transfer-encoding'] === undefined && headers['content-length'] === undefined) return
  socket.setTimeout(STALLED_UPLOAD_MS)
  request.once('timeout', () => socket.destroy())
  response.on('timeout', () => {})
}
