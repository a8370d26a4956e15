/**
 * Ends every login of an account, for the day a device is lost: client credentials, sessions of browsers, what apps may renew
 * tokens with, account cookies, and the tokens that were given already. Passwords stay: whoever is left signs in again.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type {
  ClientCredentialsStore,
  ExpiringStorage,
  JsonInteractionHandlerInput,
  JsonRepresentation,
  KeyValueStorage,
  WebIdStore,
} from '@solid/community-server'
import { css } from '../css.ts'
import type { EndedLogins } from './ended-logins.ts'

/** What CSS keeps of OpenID Connect, each with whose it is: sessions, grants, codes, refresh tokens. */
type Issued = { accountId?: string } | string[]

export class EndLoginsHandler extends css.JsonInteractionHandler {
  readonly #credentials: ClientCredentialsStore
  readonly #webIds: WebIdStore
  readonly #cookies: ExpiringStorage<string, string>
  readonly #issued: ExpiringStorage<string, Issued>
  readonly #ended: EndedLogins

  constructor(
    credentials: ClientCredentialsStore,
    webIds: WebIdStore,
    cookies: ExpiringStorage<string, string>,
    issued: ExpiringStorage<string, Issued>,
    ended: EndedLogins,
  ) {
    super()
    this.#credentials = credentials
    this.#webIds = webIds
    this.#cookies = cookies
    this.#issued = issued
    this.#ended = ended
  }

  override async handle({ accountId }: JsonInteractionHandlerInput): Promise<JsonRepresentation> {
    if (accountId === undefined) throw new css.UnauthorizedHttpError()
    await removeWhere(this.#cookies, account => account === accountId)
    const webIds = new Set((await this.#webIds.findLinks(accountId)).map(({ webId }) => webId))
    for (const { id } of await this.#credentials.findByAccount(accountId)) await this.#credentials.delete(id)
    await removeWhere(this.#issued, one => !Array.isArray(one) && webIds.has(one.accountId ?? ''))
    const seconds = Math.floor(Date.now() / 1000)
    for (const webId of webIds) await this.#ended.end(webId, seconds)
    // Tokens count in whole seconds: one that is asked for after this answer is of a later one.
    await wait(Math.max(0, (seconds + 1) * 1000 - Date.now()))
    return { json: {} }
  }
}

const removeWhere = async <T>(storage: KeyValueStorage<string, T>, isMeant: (value: T) => boolean): Promise<void> => {
  const keys: string[] = []
  for await (const [key, value] of storage.entries()) if (isMeant(value)) keys.push(key)
  for (const key of keys) await storage.delete(key)
}
