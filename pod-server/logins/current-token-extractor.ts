/** Access tokens as CSS verifies them, but for those that were given before all logins of their WebID were ended. */
import type { Credentials, CredentialsExtractor, HttpRequest } from '@solid/community-server'
import { css } from '../css.ts'
import type { EndedLogins } from './ended-logins.ts'

export class CurrentTokenExtractor extends css.CredentialsExtractor {
  readonly #source: CredentialsExtractor
  readonly #ended: EndedLogins

  constructor(source: CredentialsExtractor, ended: EndedLogins) {
    super()
    this.#source = source
    this.#ended = ended
  }

  override canHandle(request: HttpRequest): Promise<void> {
    return this.#source.canHandle(request)
  }

  override async handle(request: HttpRequest): Promise<Credentials> {
    const credentials = await this.#source.handle(request)
    const webId = credentials.agent?.webId
    const ended = webId === undefined ? 0 : await this.#ended.of(webId)
    if (ended > 0 && !(issuedAt(request) > ended)) throw new css.UnauthorizedHttpError('This login was ended')
    return credentials
  }
}

/** Of a token that was verified just now. NaN where it does not say, which is never later. */
const issuedAt = ({ headers }: HttpRequest): number => {
  const [, payload = ''] = (headers.authorization ?? '').split('.')
  const { iat } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iat?: unknown }
  return typeof iat === 'number' ? iat : Number.NaN
}
