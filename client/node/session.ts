/**
 * The authenticated `fetch` of a member's own program: client credentials and DPoP. Tokens are not renewed by the
 * library, so another Session signs in a minute before a token ends. Another, since the library counts a Session as signed out when
 * the first of its tokens ends, and goes on without any.
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
  let session: Session | null = null
  let renewAt = 0
  let login: Promise<Session> | null = null

  const signIn = async (): Promise<Session> => {
    const next = new Session({ keepAlive: false })
    try {
      await next.login({ ...credentials, tokenType: 'DPoP' })
    } catch (error) {
      throw await signInError(credentials.oidcIssuer, error)
    }
    if (!next.info.isLoggedIn) throw await signInError(credentials.oidcIssuer)
    const now = clock()
    const ends = next.info.expirationDate ?? now + 2 * MARGIN
    renewAt = ends - Math.min(MARGIN, (ends - now) / 2)
    await session?.logout() // here only: its timer with it
    return (session = next)
  }

  return async (input, init) => {
    if (session && clock() < renewAt) return session.fetch(input, inPieces(init))
    login ??= signIn().finally(() => (login = null))
    return (await login).fetch(input, inPieces(init))
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
