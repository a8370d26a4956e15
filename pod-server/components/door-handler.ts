/**
 * Stands before everything: tells how the server is at `/health`, turns away who asks too often or sends too much, and takes
 * off what only a proxy of ours may say. Pages of any origin can read why they were turned away.
 */
import type { ServerResponse } from 'node:http'
import type { Finalizable, HttpHandler, HttpHandlerInput, HttpRequest } from '@solid/community-server'
import { css } from '../css.ts'
import { addressOf, dropForwarded } from '../door/forwarded.ts'
import { diskHealth } from '../door/health.ts'
import type { Limits } from '../door/limits.ts'
import { Rate } from '../door/rate.ts'
import { logRequest } from '../door/request-log.ts'

export class DoorHandler extends css.HttpHandler implements Finalizable {
  readonly #source: HttpHandler
  readonly #limits: Limits
  readonly #isLogged: boolean
  readonly #root: string
  readonly #health: string
  readonly #rate: Rate
  #isStopping = false

  constructor(source: HttpHandler, baseUrl: string, root: string, limits: Limits, isLogged: boolean) {
    super()
    this.#source = source
    this.#health = new URL('health', baseUrl).pathname
    this.#root = root
    this.#limits = limits
    this.#isLogged = isLogged
    this.#rate = new Rate(limits.rate)
  }

  override async handle(input: HttpHandlerInput): Promise<void> {
    const { request, response } = input
    if (this.#isLogged) logRequest(request, response)
    if (request.url === this.#health && request.method === 'GET') return this.#tellHealth(response)
    const wait = this.#rate.wait(addressOf(request, this.#limits.isProxied), Date.now())
    if (wait > 0) return refuse(response, 429, { 'retry-after': `${wait}` })
    if (!this.#limits.isProxied) dropForwarded(request)
    if (this.#limits.body > 0 && isTooLong(request, this.#limits.body)) {
      return refuse(response, 413, { connection: 'close' })
    }
    if (this.#limits.body > 0) stopAt(this.#limits.body, input)
    await this.#source.handleSafe(input)
  }

  async #tellHealth(response: ServerResponse): Promise<void> {
    const status = this.#isStopping ? 'stopping' : await diskHealth(this.#root)
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
    response.writeHead(status === 'ok' ? 200 : 503, headers).end(JSON.stringify({ status }))
  }

  async finalize(): Promise<void> {
    this.#isStopping = true
  }
}

const refuse = (response: ServerResponse, status: number, headers: Record<string, string>): void => {
  response.writeHead(status, { 'access-control-allow-origin': '*', ...headers }).end()
}

const isTooLong = ({ headers }: HttpRequest, most: number): boolean => Number(headers['content-length'] ?? 0) > most

/** A body that does not say its length is counted once CSS reads it, and cut; nothing of it stays (StampedFileAccessor). */
const stopAt = (most: number, { request, response }: HttpHandlerInput): void => {
  if (request.headers['transfer-encoding'] === undefined) return
  let received = 0
  request.once('resume', () =>
    request.on('data', (chunk: Buffer) => {
      received += chunk.length
      if (received <= most || request.destroyed) return
      if (!response.headersSent) refuse(response, 413, { connection: 'close' })
      // With an error: without one, whoever reads from it would wait for the rest, holding the lock.
      request.destroy(new Error('The body is too long'))
    }),
  )
}
