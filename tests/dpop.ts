/** Access tokens and their proofs made by hand, for tests that need wrong ones and benches that need cheap ones. */
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { Account } from './accounts.ts'

/** Signs proofs (RFC 9449 §4.2) by a key drawn now; `claims` are put over those that are right. */
export type Prover = (method: string, url: string, token?: string, claims?: object) => string

const base64 = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url')

export function newProver(): Prover {
  const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const head = base64({ alg: 'ES256', typ: 'dpop+jwt', jwk: publicKey.export({ format: 'jwk' }) })
  return (method, url, token, claims) => {
    const ath = token && { ath: createHash('sha256').update(token).digest('base64url') }
    const body = { htm: method, htu: url, jti: randomUUID(), iat: Math.floor(Date.now() / 1000), ...ath, ...claims }
    const text = `${head}.${base64(body)}`
    const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
    return `${text}.${signature.toString('base64url')}`
  }
}

/** By client credentials (RFC 6749 §4.4), bound to the prover's key. */
export async function tokenOf(podUrl: string, { clientId, clientSecret }: Account, prove: Prover): Promise<string> {
  const url = `${podUrl}.oidc/token`
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      dpop: prove('POST', url),
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials&scope=webid',
  })
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
  return ((await response.json()) as { access_token: string }).access_token
}
