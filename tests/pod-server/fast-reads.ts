/** A pod server of one's own, with what the tests of fast reads need: who answered each request, and the same one twice. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPod } from '../../pod-server/pod.ts'
import { newAccount } from '../accounts.ts'
import type { Account } from '../accounts.ts'

export const TYPE = 'application/vnd.alveole'
export const PREFIX = '@prefix acl: <http://www.w3.org/ns/auth/acl#>. @prefix foaf: <http://xmlns.com/foaf/0.1/>.'

/** CSS reads this header only when something is created; the fast path leaves every request that has it to CSS. */
export const CSS = { slug: 'x' }

export type Seen = { status: number; headers: [string, string][]; body: string; fast: boolean }

export class FastPod {
  readonly url: string
  readonly alice: Account
  readonly bob: Account
  readonly #data: string
  readonly #stop: () => Promise<void>
  #fast = 0
  #last: IncomingHttpHeaders = {}

  private constructor(url: string, data: string, stop: () => Promise<void>, alice: Account, bob: Account) {
    this.url = url
    this.#data = data
    this.#stop = stop
    this.alice = alice
    this.bob = bob
    subscribe('alveole.fast-read', this.#onFast)
    subscribe('http.server.request.start', this.#onRequest)
  }

  static async start(): Promise<FastPod> {
    const data = await mkdtemp(join(tmpdir(), 'alveole-fast-'))
    const { url, stop } = await startPod({ port: 0, data, quiet: true })
    return new FastPod(url, data, stop, await newAccount(url, 'alice'), await newAccount(url, 'bob'))
  }

  async stop(): Promise<void> {
    unsubscribe('alveole.fast-read', this.#onFast)
    unsubscribe('http.server.request.start', this.#onRequest)
    await this.#stop()
    await rm(this.#data, { recursive: true })
  }

  readonly #onFast = (): void => {
    this.#fast += 1
  }

  readonly #onRequest = (message: unknown): void => {
    this.#last = (message as { request: IncomingMessage }).request.headers
  }

  /** Where a resource is on disk. */
  file(url: string): string {
    return join(this.#data, url.slice(this.url.length))
  }

  async put(url: string, body: string, type = TYPE): Promise<Response> {
    const response = await this.alice.fetch(url, { method: 'PUT', headers: { 'content-type': type }, body })
    if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
    return response
  }

  /** One request at a time: the count says whether it was this one. */
  async get(fetcher: typeof fetch, url: string, headers: Record<string, string> = {}): Promise<Seen> {
    const before = this.#fast
    const response = await fetcher(url, { headers })
    const body = await response.text()
    const kept = [...response.headers].filter(([name]) => name !== 'date')
    return { status: response.status, headers: kept, body, fast: this.#fast > before }
  }

  /** The credentials of the request that came last, to be sent again as a thief would. */
  credentials(): Record<string, string> {
    return { authorization: String(this.#last['authorization']), dpop: String(this.#last['dpop']) }
  }
}
