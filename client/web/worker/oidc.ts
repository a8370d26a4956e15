/**
 * Solid-OIDC: authorization code with PKCE and DPoP, then refresh tokens, so that a reload never leaves the page. The
 * DPoP key is not extractable and is kept beside the refresh token that is bound to it.
 */
import * as oauth from 'oauth4webapi'
import { AlveoleError } from '../../../crypto/errors.ts'
import { database } from './database.ts'
import { discover, findProvider } from './provider.ts'
import { onlyLoopbackInsecure, signInError, tokenOf, type Token } from './token.ts'
import type { OidcGrant, Pending, Saved } from './saved.ts'

const SCOPE = 'openid offline_access webid'
const redirectUri = (): string => `${location.origin}/signed-in`

async function register(server: oauth.AuthorizationServer): Promise<string> {
  const options = onlyLoopbackInsecure(new URL(server.issuer))
  const response = await oauth.dynamicClientRegistrationRequest(
    server,
    {
      client_name: 'Alvéole',
      redirect_uris: [redirectUri()],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      id_token_signed_response_alg: 'ES256',
      scope: SCOPE,
    },
    options,
  )
  return (await oauth.processDynamicClientRegistrationResponse(response)).client_id
}

/** The page to visit; what is needed on return waits in the database. */
export async function beginSignIn(providerOrWebId: string): Promise<string> {
  const server = await findProvider(providerOrWebId)
  const clientId = await register(server).catch((cause: unknown) => {
    throw signInError(cause)
  })
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const keys = await oauth.generateKeyPair('ES256')
  const pending: Pending = { issuer: server.issuer, clientId, verifier, state, keys }
  await (await database()).put('session', pending, 'pending')
  const url = new URL(String(server.authorization_endpoint))
  url.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri(),
    response_type: 'code',
    scope: SCOPE,
    prompt: 'consent',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).toString()
  return url.href
}

/** A WebID from the claim; a provider without it puts the WebID in `sub` (Solid-OIDC §6.1). */
const webIdOf = (claims: oauth.IDToken | undefined): string => {
  const claim = claims?.['webid'] ?? claims?.sub
  if (typeof claim !== 'string' || !URL.canParse(claim))
    throw new AlveoleError('unauthorized', 'No WebID in the ID token')
  return claim
}

export interface SignedIn {
  webId: string
  grant: OidcGrant
  token: Token
}

export async function finishSignIn(callback: string): Promise<SignedIn> {
  const db = await database()
  const pending = (await db.get('session', 'pending')) as Pending | undefined
  if (!pending) throw new AlveoleError('unauthorized', 'No sign-in under way')
  await db.delete('session', 'pending')
  const server = await discover(pending.issuer)
  const client: oauth.Client = { client_id: pending.clientId, id_token_signed_response_alg: 'ES256' }
  const dpop = oauth.DPoP(client, pending.keys)
  try {
    const answer = oauth.validateAuthResponse(server, client, new URL(callback), pending.state)
    const options = { DPoP: dpop, ...onlyLoopbackInsecure(new URL(pending.issuer)) }
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      answer,
      redirectUri(),
      pending.verifier,
      options,
    )
    const reply = await oauth.processAuthorizationCodeResponse(server, client, response)
    const { issuer, clientId, keys } = pending
    const grant: OidcGrant = { how: 'oidc', issuer, clientId, refreshToken: reply.refresh_token ?? null, keys }
    return { webId: webIdOf(oauth.getValidatedIdTokenClaims(reply)), grant, token: tokenOf(reply, dpop) }
  } catch (cause) {
    throw signInError(cause)
  }
}

/** Under a lock, from what is kept now: another tab may have been given a newer refresh token meanwhile. */
export function oidcTokens(): () => Promise<Token> {
  return () =>
    navigator.locks.request('alveole-refresh', async () => {
      const db = await database()
      const saved = (await db.get('session', 'saved')) as Saved | undefined
      if (saved?.grant.how !== 'oidc' || !saved.grant.refreshToken) throw new AlveoleError('unauthorized')
      const { issuer, clientId, refreshToken, keys } = saved.grant
      const server = await discover(issuer)
      const client: oauth.Client = { client_id: clientId, id_token_signed_response_alg: 'ES256' }
      const dpop = oauth.DPoP(client, keys)
      const options = { DPoP: dpop, ...onlyLoopbackInsecure(new URL(issuer)) }
      const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, options)
      const reply = await oauth.processRefreshTokenResponse(server, client, response)
      if (reply.refresh_token) {
        await db.put('session', { ...saved, grant: { ...saved.grant, refreshToken: reply.refresh_token } }, 'saved')
      }
      return tokenOf(reply, dpop)
    })
}
