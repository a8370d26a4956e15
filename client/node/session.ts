/**
 * The authenticated `fetch` of a member's own program: client credentials and DPoP. Tokens are not renewed by the
 * library, so the same Session signs in again a minute before its token ends.
 */
import { Session } from '@inrupt/solid-client-authn-node'
import { AlveoleError } from '#crypto'
import { inPieces } from './buffers.ts'

export interface Credentials {
  oidcIssuer: string
  clientId: string
  clientSecret: string
}

const MARGIN = 60_000

/** Signs in at the first request. Throws `offline`, `server` or `unauthorized` when that fails. */
export function authenticatedFetch(credentials: Credentials, clock: () => number = Date.now): typeof fetch {
  const session = new Session({ keepAlive: false })
  let renewAt = 0
  let login: Promise<void> | null = null

  const signIn = async (): Promise<void> => {
    try {
      await session.login({ ...credentials, tokenType: 'DPoP' })
    } catch (error) {
      throw await signInError(credentials.oidcIssuer, error)
    }
    if (!session.info.isLoggedIn) throw await signInError(credentials.oidcIssuer)
    const now = clock()
    const ends = session.info.expirationDate ?? now + 2 * MARGIN
    renewAt = ends - Math.min(MARGIN, (ends - now) / 2)
  }

  return async (input, init) => {
    if (clock() >= renewAt) {
      login ??= signIn().finally(() => (login = null))
      await login
    }
    return session.fetch(input, inPieces(init))
  }
}

/** What openid-client says of a server that takes more than its three and a half seconds. */
const isLate = (cause: unknown): boolean => cause instanceof Error && /timed out/.test(cause.message)

/** The library's message does not tell a dead line from a withdrawn credential: ask the issuer something public. */
async function signInError(issuer: string, cause?: unknown): Promise<AlveoleError> {
  if (isLate(cause)) return new AlveoleError('busy', 'the issuer does not answer in time', { cause })
  try {
    const { ok, status } = await fetch(new URL('.well-known/openid-configuration', issuer))
    if (!ok) return new AlveoleError(status === 503 ? 'busy' : 'server', `the issuer answers ${status}`, { cause })
    return new AlveoleError('unauthorized', 'the issuer does not accept these credentials', { cause })
  } catch {
    return new AlveoleError('offline', 'the issuer does not answer', { cause, detail: { server: issuer } })
  }
}
