/**
 * Who asks, by an access token that is bound to a key and a proof that the key is at hand (Solid-OIDC §9, RFC 9449), as CSS finds it
 * out and with its library. But a token that was verified is taken for what it said for a minute, byte for byte the same, and
 * before its end: a client sends one with each of its requests, and its signature is half of what they all cost. The proof is
 * verified each time, and counts once, whichever way its token was found good.
 */
import { verifyDpopProof } from '@solid/access-token-verifier/dist/algorithm/verifyDpopProof.js'
import { DPoPJTICache } from '@solid/access-token-verifier/dist/class/DPoPJTICache.js'
import { createSolidTokenVerifier, type SolidAccessTokenPayload } from '@solid/access-token-verifier'
import type { Credentials, HttpRequest, TargetExtractor } from '@solid/community-server'
import { css } from '../css.ts'
import { Recent } from '../fast-read/recent.ts'

const KEPT_MS = 60_000
const KEPT = 2_000

type Proof = { header: string; method: 'GET'; url: string }
type Verified = { payload: SolidAccessTokenPayload; since: number }

export class KeptTokenExtractor extends css.CredentialsExtractor {
  readonly #urls: TargetExtractor
  readonly #proofs = new DPoPJTICache()
  readonly #verify = createSolidTokenVerifier(this.#proofs)
  /** By the whole header: what differs in a letter is another token. */
  readonly #kept = new Recent<Verified>(KEPT)

  constructor(urls: TargetExtractor) {
    super()
    this.#urls = urls
  }

  override async canHandle({ headers }: HttpRequest): Promise<void> {
    if (!css.matchesAuthorizationScheme('DPoP', headers.authorization))
      throw new css.NotImplementedHttpError('No DPoP-bound Authorization header specified.')
  }

  override async handle(request: HttpRequest): Promise<Credentials> {
    const { authorization = '', dpop: header } = request.headers
    if (typeof header !== 'string') throw new css.BadRequestHttpError('No DPoP header specified.')
    const { path: url } = await this.#urls.handleSafe({ request })
    try {
      const proof = { header, method: request.method as 'GET', url }
      const { webid: webId, client_id: clientId, iss } = await this.#payload(authorization, proof)
      return { agent: { webId }, issuer: { url: iss }, ...(clientId && { client: { clientId } }) }
    } catch (error) {
      const message = `Error verifying WebID via DPoP-bound access token: ${(error as Error).message}`
      throw new css.BadRequestHttpError(message, { cause: error })
    }
  }

  async #payload(authorization: string, proof: Proof): Promise<SolidAccessTokenPayload> {
    const known = this.#kept.get(authorization)
    const now = Date.now()
    if (known && now < known.since + KEPT_MS && now < known.payload.exp * 1000) {
      await this.#prove(known.payload, authorization, proof)
      return known.payload
    }
    const payload = await this.#verify(authorization, proof)
    this.#kept.set(authorization, { payload, since: now })
    return payload
  }

  /** Of a token whose header and signature were looked at when it was verified. */
  async #prove(payload: SolidAccessTokenPayload, authorization: string, { header, method, url }: Proof): Promise<void> {
    const [, value = ''] = /^dpop +([^=]+)/i.exec(authorization) ?? []
    const token = { header: { alg: 'ES256', kid: '' }, payload, signature: '' } as const
    await verifyDpopProof(header, token, value, method, url, jti => this.#proofs.isDuplicateJTI(jti))
  }
}
