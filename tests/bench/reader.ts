/**
 * Reads as somebody, at as little cost to this process as can be: what is measured is the server, and Inrupt's session with
 * `fetch` takes longer for a read than ours does. One token (RFC 6749 §4.4), a proof of its own for each read (RFC 9449 §4.2).
 */
import { createHash, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto'
import { Agent, get } from 'node:http'
import type { Account } from '../accounts.ts'

export interface Reader {
  /** The number of bytes of the answer's body. Throws unless the status is 200. */
  read(url: string): Promise<number>
  end(): void
}

const base64 = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url')

/** Signs proofs; the public key stands in each. */
function prover(): (method: string, url: string, token?: string) => string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const head = base64({ alg: 'ES256', typ: 'dpop+jwt', jwk: publicKey.export({ format: 'jwk' }) })
  return (method, url, token) => {
    const ath = token && { ath: createHash('sha256').update(token).digest('base64url') }
    const body = { htm: method, htu: url, jti: randomUUID(), iat: Math.floor(Date.now() / 1000), ...ath }
    const text = `${head}.${base64(body)}`
    return `${text}.${signature(text, privateKey)}`
  }
}

const signature = (text: string, key: KeyObject): string =>
  sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')

export async function readerOf(issuer: string, { clientId, clientSecret }: Account, atOnce: number): Promise<Reader> {
  const proof = prover()
  const token = await tokenOf(`${issuer}.oidc/token`, `${clientId}:${clientSecret}`, proof)
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const read = (url: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `DPoP ${token}`, dpop: proof('GET', url, token) }
      get(url, { agent, headers }, response => {
        let bytes = 0
        response.on('data', (chunk: Buffer) => (bytes += chunk.length))
        response.on('error', reject)
        response.on('end', () => {
          if (response.statusCode === 200) resolve(bytes)
          else reject(new Error(`${url}: ${response.statusCode}`))
        })
      }).on('error', reject)
    })
  return { read, end: () => agent.destroy() }
}

async function tokenOf(url: string, client: string, proof: ReturnType<typeof prover>): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(client).toString('base64')}`,
      dpop: proof('POST', url),
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials&scope=webid',
  })
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
  return ((await response.json()) as { access_token: string }).access_token
}
