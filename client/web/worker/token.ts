/** An access token and the key that it is bound to (DPoP, RFC 9449), and the fetch that carries both. */
import * as oauth from 'oauth4webapi'
import { AlveoleError } from '../../../crypto/errors.ts'

export interface Token {
  value: string
  dpop: oauth.DPoPHandle
  /** Milliseconds since 1970. */
  expires: number
}

/** Renewed this long before its end, so that an upload does not start with a token about to die. */
const EARLY = 60_000

/** Development servers on this machine have no certificate; anything else must be https. */
export const onlyLoopbackInsecure = (url: URL): { [oauth.allowInsecureRequests]: boolean } => ({
  [oauth.allowInsecureRequests]: url.hostname === 'localhost' || url.hostname === '127.0.0.1',
})

export const tokenOf = (reply: oauth.TokenEndpointResponse, dpop: oauth.DPoPHandle): Token => ({
  value: reply.access_token,
  dpop,
  expires: Date.now() + (reply.expires_in ?? 300) * 1000,
})

/** A refusal of the provider means signed out; no answer means offline. */
export function signInError(cause: unknown): AlveoleError {
  if (cause instanceof AlveoleError) return cause
  if (cause instanceof TypeError) return new AlveoleError('offline', 'The identity provider does not answer', { cause })
  return new AlveoleError('unauthorized', 'The identity provider refused', { cause })
}

/** One renewal at a time, whoever asks. */
export function keptToken(renew: () => Promise<Token>, first?: Token): (fresh?: boolean) => Promise<Token> {
  let token = first
  let renewing: Promise<Token> | undefined
  return async (fresh = false) => {
    if (!fresh && token && Date.now() < token.expires - EARLY) return token
    renewing ??= renew().finally(() => (renewing = undefined))
    token = await renewing.catch((cause: unknown) => {
      throw signInError(cause)
    })
    return token
  }
}

async function send(token: Token, request: Request, body: Blob | null): Promise<Response> {
  const url = new URL(request.url)
  const options = {
    DPoP: token.dpop,
    signal: request.signal,
    // What oauth4webapi does not pass on: a vault's state must never come out of the browser's cache. And a body as it is
    [oauth.customFetch]: (address: string, init: object) => fetch(address, { ...init, body, cache: request.cache }),
    ...onlyLoopbackInsecure(url),
  }
  try {
    return await oauth.protectedResourceRequest(token.value, request.method, url, request.headers, null, options)
  } catch (error) {
    if (error instanceof oauth.WWWAuthenticateChallengeError) return error.response
    throw error
  }
}

/** The body as a blob, which the browser sends from where it lies: other bytes it copies, and keeps until it next collects. */
async function parted(input: string | URL | Request, init: RequestInit | undefined): Promise<[Request, Blob | null]> {
  if (init?.body instanceof Uint8Array) {
    const { body, ...rest } = init
    return [new Request(input, rest), new Blob([body as Uint8Array<ArrayBuffer>])]
  }
  const request = new Request(input, init)
  return [request, request.body === null ? null : await request.blob()]
}

/** A 401 gets one more try with a new token: the server may have restarted, or asked for a nonce. */
export function authenticatedFetch(token: (fresh?: boolean) => Promise<Token>): typeof fetch {
  return async (input, init) => {
    const [request, body] = await parted(input, init)
    const response = await send(await token(), request, body)
    return response.status === 401 ? send(await token(true), request, body) : response
  }
}
