/**
 * Since when the logins of a WebID count: an access token is a signed statement that nobody asks back about, good for up to
 * an hour, so whoever ended all logins must be remembered here. In memory, and on the disk for the next start.
 */
import type { KeyValueStorage } from '@solid/community-server'

export class EndedLogins {
  readonly #storage: KeyValueStorage<string, number>
  #known: Promise<Map<string, number>> | undefined

  constructor(storage: KeyValueStorage<string, number>) {
    this.#storage = storage
  }

  /** Seconds since 1970: a token issued then or before does not count. */
  async of(webId: string): Promise<number> {
    return (await this.#all()).get(webId) ?? 0
  }

  async end(webId: string, seconds: number): Promise<void> {
    const known = await this.#all()
    await this.#storage.set(encodeURIComponent(webId), seconds)
    known.set(webId, seconds)
  }

  #all(): Promise<Map<string, number>> {
    this.#known ??= this.#read()
    return this.#known
  }

  async #read(): Promise<Map<string, number>> {
    const known = new Map<string, number>()
    for await (const [key, seconds] of this.#storage.entries()) known.set(decodeURIComponent(key), seconds)
    return known
  }
}
