/**
 * A token that was verified is believed for a minute: everything else that CSS would refuse is refused all the same, whether the
 * server has seen the token a moment ago or never.
 */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest'
import type { HttpRequest, TargetExtractor } from '@solid/community-server'
import { css } from '../../pod-server/css.ts'
import { KeptTokenExtractor } from '../../pod-server/logins/kept-token-extractor.ts'
import { newAccount, type Account } from '../accounts.ts'
import { newProver, tokenOf, type Prover } from '../dpop.ts'

const base = inject('pod')
let alice: Account
let prove: Prover
let token: string
let url: string

beforeAll(async () => {
  alice = await newAccount(base, 'alice')
  url = `${alice.pod}settings/privateTypeIndex.ttl`
})

beforeEach(async () => {
  prove = newProver()
  token = await tokenOf(base, alice, prove)
})

const ask = async (dpop: string, as = token, of = url): Promise<number> =>
  (await fetch(of, { headers: { authorization: `DPoP ${as}`, dpop } })).status

describe.each([
  ['never seen', 0],
  ['seen a moment ago', 1],
])('a token %s', (_, seen) => {
  beforeEach(async () => {
    for (let i = 0; i < seen; i++) await ask(prove('GET', url, token))
  })

  test('is good with a proof of its own for each request', async () => {
    for (let i = 0; i < 3; i++) expect(await ask(prove('GET', url, token))).toBe(200)
  })

  test('is refused with a proof that was used', async () => {
    const proof = prove('GET', url, token)
    expect([await ask(proof), await ask(proof), await ask(proof)]).toEqual([200, 401, 401])
  })

  test('is refused with the proof of another key, another address, another method, another token, yesterday', async () => {
    const yesterday = Math.floor(Date.now() / 1000) - 86_400
    const wrong = [
      newProver()('GET', url, token),
      prove('GET', `${alice.pod}profile/card`, token),
      prove('PUT', url, token),
      prove('GET', url, `${token}x`),
      prove('GET', url, token, { iat: yesterday }),
      prove('GET', url, token, { jti: undefined }),
      `${prove('GET', url, token).slice(0, -4)}AAAA`,
      'nothing',
    ]
    for (const proof of wrong) expect(await ask(proof)).toBe(401)
  })

  test('is refused with any of its parts altered', async () => {
    const [head = '', body = '', signature = ''] = token.split('.')
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as { webid: string }
    const other = Buffer.from(JSON.stringify({ ...claims, webid: `${base}eve#me` })).toString('base64url')
    const swapped = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`
    for (const altered of [`${head}.${other}.${signature}`, `${head}.${body}.${swapped}`])
      expect(await ask(prove('GET', url, altered), altered)).toBe(401)
  })
})

describe('what is kept', () => {
  afterEach(() => void vi.useRealTimers())

  const urls = { handleSafe: async () => ({ path: url }) } as unknown as TargetExtractor
  const request = (dpop?: string, as = token): HttpRequest =>
    ({ method: 'GET', url, headers: { authorization: `DPoP ${as}`, ...(dpop && { dpop }) } }) as unknown as HttpRequest

  test('is who CSS says it is', async () => {
    const extractor = new KeptTokenExtractor(urls)
    const stock = new css.DPoPWebIdExtractor(urls)
    const expected = await stock.handleSafe(request(prove('GET', url, token)))
    expect(expected).toMatchObject({ agent: { webId: alice.webId } })
    for (let i = 0; i < 2; i++) expect(await extractor.handleSafe(request(prove('GET', url, token)))).toEqual(expected)
  })

  test('[A26] goes no further than the token’s own end', async () => {
    const extractor = new KeptTokenExtractor(urls)
    await extractor.handleSafe(request(prove('GET', url, token)))
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 })
    await expect(extractor.handleSafe(request(prove('GET', url, token)))).rejects.toThrow('"exp" claim')
  })

  test('is no more than CSS took for good: a token without a proof, or of another scheme, is not for it', async () => {
    const extractor = new KeptTokenExtractor(urls)
    await expect(extractor.handleSafe(request())).rejects.toThrow('No DPoP header')
    const bearer = {
      method: 'GET',
      url,
      headers: { authorization: `Bearer ${randomUUID()}` },
    } as unknown as HttpRequest
    await expect(extractor.handleSafe(bearer)).rejects.toThrow('No DPoP-bound')
  })
})
