/**
 * Reads as somebody, at as little cost to this process as can be: what is measured is the server, and Inrupt's session with
 * `fetch` takes longer for a read than ours does.
 */
import { Agent, get } from 'node:http'
import type { Account } from '../accounts.ts'
import { newProver, tokenOf } from '../dpop.ts'

export interface Reader {
  /** The number of bytes of the answer's body. Throws unless the status is 200. */
  read(url: string): Promise<number>
}

export async function readerOf(podUrl: string, account: Account, atOnce: number): Promise<Reader> {
  const prove = newProver()
  const token = await tokenOf(podUrl, account, prove)
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const read = (url: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `DPoP ${token}`, dpop: prove('GET', url, token) }
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
  return { read }
}
