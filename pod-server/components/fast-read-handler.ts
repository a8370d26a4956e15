/**
 * Answers an authenticated GET of a sealed file as CSS would, status, headers and body, for a small part of the work;
 * everything else, and whatever is unusual on the way, goes to CSS as it came (README, "Fast reads"). Nothing is
 * written before the whole answer is known.
 */
import { channel } from 'node:diagnostics_channel'
import type {
  AccessChecker,
  Credentials,
  CredentialsExtractor,
  ETagHandler,
  ExpiringReadWriteLocker,
  HttpHandler,
  HttpHandlerInput,
  HttpRequest,
  HttpResponse,
  MetadataWriter,
  TargetExtractor,
} from '@solid/community-server'
import { css } from '../css.ts'
import type { AccessRules, Mode } from '../fast-read/access-rules.ts'
import { allowedModes } from '../fast-read/allowed-modes.ts'
import { AnswerHeaders } from '../fast-read/answer-headers.ts'
import type { Headers } from '../fast-read/answer-headers.ts'
import { placeOf } from '../fast-read/folder.ts'
import type { Folders } from '../fast-read/folder.ts'
import { isPlain } from '../fast-read/plain-request.ts'
import { StoredFile } from '../fast-read/stored-file.ts'

/** Says which requests were answered here, to whoever listens in this process: the tests. */
const answered = channel('alveole.fast-read')

type Answer = { headers: Headers; send: (response: HttpResponse) => void }
type Allowed = { user: ReadonlySet<Mode>; everyone: ReadonlySet<Mode> }

export class FastReadHandler extends css.HttpHandler {
  readonly #source: HttpHandler
  readonly #targets: TargetExtractor
  readonly #credentials: CredentialsExtractor
  readonly #checker: AccessChecker
  readonly #locker: ExpiringReadWriteLocker
  readonly #baseUrl: string
  readonly #root: string
  readonly #folders: Folders
  readonly #rules: AccessRules
  readonly #headers: AnswerHeaders

  constructor(
    source: HttpHandler,
    targets: TargetExtractor,
    credentials: CredentialsExtractor,
    checker: AccessChecker,
    folders: Folders,
    rules: AccessRules,
    locker: ExpiringReadWriteLocker,
    writer: MetadataWriter,
    tags: ETagHandler,
    baseUrl: string,
    root: string,
  ) {
    super()
    this.#source = source
    this.#targets = targets
    this.#credentials = credentials
    this.#checker = checker
    this.#locker = locker
    this.#baseUrl = baseUrl
    this.#root = root
    this.#folders = folders
    this.#rules = rules
    this.#headers = new AnswerHeaders(writer, tags)
  }

  override async handle(input: HttpHandlerInput): Promise<void> {
    const { request, response } = input
    // What fails here, expected or not, is for CSS to answer: its errors are the ones that clients know.
    const answer = isPlain(request) ? await this.#prepare(request).catch(() => null) : null
    if (!answer) return this.#source.handleSafe(input)
    for (const [name, value] of answer.headers.fields) css.addHeader(response, name, value)
    answer.send(response)
    answered.publish(request.url)
  }

  async #prepare(request: HttpRequest): Promise<Answer | null> {
    const target = await this.#targets.handleSafe({ request })
    const path = target.path.slice(this.#baseUrl.length)
    // The proxy's path and ours are the same, and nothing was rewritten on the way.
    if (target.path !== this.#baseUrl + path || !request.url?.endsWith(`/${path}`)) return null
    // CSS keeps the result with the request: a proof counts once, however often it is asked about.
    const allowed = await this.#allowed(path, await this.#credentials.handleSafe(request))
    if (!allowed.user.has('read')) return null
    const file = await this.#locker.withReadLock(target, () => this.#open(path))
    return this.#answer(file, request, { ...allowed, path: target.path })
  }

  async #allowed(path: string, credentials: Credentials): Promise<Allowed> {
    const rules = await this.#rules.for(path)
    const user = await allowedModes(rules, credentials, this.#checker)
    const everyone = credentials.agent?.webId ? await allowedModes(rules, {}, this.#checker) : user
    return { user, everyone }
  }

  async #open(path: string): Promise<StoredFile> {
    const { folder, name } = placeOf(this.#root, path)
    for (const beside of [name, `${name}.meta`]) {
      if ((await this.#folders.presence(folder, beside)) !== 'absent') throw new Error('not a file by itself')
    }
    return StoredFile.open(folder + name)
  }

  async #answer(file: StoredFile, request: HttpRequest, described: Allowed & { path: string }): Promise<Answer> {
    try {
      const headers = await this.#headers.for({ ...described, size: file.size, modified: file.modified })
      const tag = request.headers['if-none-match']
      if (tag === undefined || tag !== headers.tag) return { headers, send: await file.begin() }
      file.close()
      return { headers, send: response => response.writeHead(304).end() }
    } catch (error) {
      file.close()
      throw error
    }
  }
}
