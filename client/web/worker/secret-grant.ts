/** Signing in with client credentials of an account on this server, without leaving the page (RFC 6749 §4.4). */
import * as oauth from 'oauth4webapi'
import { deviceSeal } from './device-seal.ts'
import { discover } from './provider.ts'
import { onlyLoopbackInsecure, tokenOf, type Token } from './token.ts'
import type { SecretGrant } from './saved.ts'

interface Secret {
  clientId: string
  clientSecret: string
}

export async function sealSecret(webId: string, issuer: string, secret: Secret): Promise<SecretGrant> {
  const { clientId, clientSecret } = secret
  const text = new TextEncoder().encode(JSON.stringify({ clientId, clientSecret }))
  return { how: 'secret', issuer, sealed: new Uint8Array(await deviceSeal(webId).seal(text)) }
}

/** A new token, bound to a key that lives as long as this page. */
export function secretTokens(webId: string, grant: SecretGrant): () => Promise<Token> {
  const keys = oauth.generateKeyPair('ES256')
  return async () => {
    const text = new TextDecoder().decode(await deviceSeal(webId).open(grant.sealed))
    const { clientId, clientSecret } = JSON.parse(text) as Secret
    const server = await discover(grant.issuer)
    const client: oauth.Client = { client_id: clientId }
    const dpop = oauth.DPoP(client, await keys)
    const authentication = oauth.ClientSecretBasic(clientSecret)
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      authentication,
      { scope: 'webid' },
      { DPoP: dpop, ...onlyLoopbackInsecure(new URL(grant.issuer)) },
    )
    return tokenOf(await oauth.processClientCredentialsResponse(server, client, response), dpop)
  }
}
