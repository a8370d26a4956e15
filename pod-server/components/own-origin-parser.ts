/**
 * Cookies count only for pages of this server. CORS lets any origin read the answers, and SameSite=Lax lets another
 * port or a sibling subdomain send the account cookie: without this such a page would act on the account as its owner.
 * Apps use CSS-Account-Token or DPoP, which this does not touch.
 */
import type { HttpRequest, MetadataParser, RepresentationMetadata } from '@solid/community-server'
import { css } from '../css.ts'

type Input = { request: HttpRequest; metadata: RepresentationMetadata }

export class OwnOriginParser extends css.MetadataParser {
  readonly #source: MetadataParser
  readonly #origin: string

  constructor(source: MetadataParser, baseUrl: string) {
    super()
    this.#source = source
    this.#origin = new URL(baseUrl).origin
  }

  override async handle(input: Input): Promise<void> {
    const { origin } = input.request.headers
    if (origin === undefined || origin === this.#origin) await this.#source.handleSafe(input)
  }
}
