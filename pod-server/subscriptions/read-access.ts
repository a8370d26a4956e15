/**
 * Whether somebody may read a resource now, without a request: for what stays open after the request that began it.
 * By the rules kept in memory where the address is plain, else by CSS's own permission reader.
 */
import type { AccessChecker, Credentials, PermissionReader } from '@solid/community-server'
import { css } from '../css.ts'
import type { AccessRules } from '../fast-read/access-rules.ts'
import { allowedModes } from '../fast-read/allowed-modes.ts'

/** A resource or folder whose own rules decide: no rules or metadata, nothing that the server keeps for itself. */
const PLAIN = /^(?:[\w-][\w.-]*\/)+(?:[\w-][\w.-]*(?<!\.acl|\.meta))?$/

export class ReadAccess {
  readonly #baseUrl: string
  readonly #rules: AccessRules
  readonly #checker: AccessChecker
  readonly #reader: PermissionReader

  constructor(baseUrl: string, rules: AccessRules, checker: AccessChecker, reader: PermissionReader) {
    this.#baseUrl = baseUrl
    this.#rules = rules
    this.#checker = checker
    this.#reader = reader
  }

  /** Fails closed: rules that cannot be read give nothing. */
  async mayRead(url: string, credentials: Credentials): Promise<boolean> {
    const path = url.startsWith(this.#baseUrl) ? url.slice(this.#baseUrl.length) : ''
    const rules = PLAIN.test(path) ? await this.#rules.for(path).catch(() => null) : null
    if (rules) return (await allowedModes(rules, credentials, this.#checker)).has('read')
    return this.#asCss(url, credentials).catch(() => false)
  }

  /** Both parts of the question are new objects: CSS remembers its answers by them. */
  async #asCss(path: string, credentials: Credentials): Promise<boolean> {
    const requestedModes = new css.IdentifierSetMultiMap([[{ path }, css.AccessMode.read]])
    const permissions = await this.#reader.handleSafe({ credentials: { ...credentials }, requestedModes })
    return permissions.get({ path })?.read === true
  }
}
