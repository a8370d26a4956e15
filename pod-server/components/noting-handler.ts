/**
 * Tells the access history of each read that was answered, by whichever of the handlers before it. After the answer was
 * begun, so that it waits for nothing; who asked is known to CSS's extractor from before, and not verified again.
 */
import type {
  CredentialsExtractor,
  HttpHandler,
  HttpHandlerInput,
  HttpRequest,
  TargetExtractor,
} from '@solid/community-server'
import { css } from '../css.ts'
import type { AccessHistory } from '../history/access-history.ts'

/** 304 too: it says that what the reader has is what stands there. */
const READ = new Set([200, 206, 304])

/** What is its own name on the disk, as most addresses are: spelled out, and below the base URL's path. */
const PLAIN = /^(?:\/[\w-][\w.-]*)+$/

export class NotingHandler extends css.HttpHandler {
  readonly #source: HttpHandler
  readonly #targets: TargetExtractor
  readonly #credentials: CredentialsExtractor
  readonly #history: AccessHistory
  readonly #baseUrl: string
  readonly #basePath: string

  constructor(
    source: HttpHandler,
    targets: TargetExtractor,
    credentials: CredentialsExtractor,
    history: AccessHistory,
    baseUrl: string,
  ) {
    super()
    this.#source = source
    this.#targets = targets
    this.#credentials = credentials
    this.#history = history
    this.#baseUrl = baseUrl
    this.#basePath = new URL(baseUrl).pathname
  }

  override async handle(input: HttpHandlerInput): Promise<void> {
    await this.#source.handleSafe(input)
    const { request, response } = input
    if (request.method === 'GET' && READ.has(response.statusCode)) await this.#note(request)
  }

  async #resource(request: HttpRequest): Promise<string> {
    const { path } = await this.#targets.handleSafe({ request })
    return decodeURIComponent(path.slice(this.#baseUrl.length))
  }

  /** By the name that the file has on the disk, in whatever spelling it was asked for. */
  async #note(request: HttpRequest): Promise<void> {
    const { url = '' } = request
    const isPlain = PLAIN.test(url) && url.startsWith(this.#basePath)
    const resource = isPlain ? url.slice(this.#basePath.length) : await this.#resource(request)
    if (!this.#history.concerns(resource)) return
    const { agent, client } = await this.#credentials.handleSafe(request)
    this.#history.note(resource, agent?.webId ?? '', client?.clientId ?? request.headers.origin ?? '')
  }
}
