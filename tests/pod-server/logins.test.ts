/** [A36] The account API for a browser's foreign page; and the end of all logins, for the day a device is lost. */
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { newAccount, signIn } from '../accounts.ts'
import type { Account } from '../accounts.ts'

const base = inject('pod')
const accept = 'application/json'
const json = { accept: 'application/json', 'content-type': 'application/json' }
let alice: Account

beforeAll(async () => {
  alice = await newAccount(base, 'alice')
})

type Controls = { account: { logins: string; clientCredentials: string }; password: { create: string } }

const signInToAccount = async ({ email, password }: Account) => {
  const body = JSON.stringify({ email, password })
  const response = await fetch(`${base}.account/login/password/`, { method: 'POST', headers: json, body })
  expect(response.status).toBe(200)
  const { authorization } = (await response.json()) as { authorization: string }
  return {
    authorization: `CSS-Account-Token ${authorization}`,
    cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '',
  }
}

const controls = async (headers: Record<string, string>): Promise<Controls> => {
  const response = await fetch(`${base}.account/`, { headers: { accept: 'application/json', ...headers } })
  return ((await response.json()) as { controls: Controls }).controls
}

describe('all logins of an account end', () => {
  test('tokens that were given, credentials, cookies; and those who are left sign in again', async () => {
    const account = await newAccount(base, 'bob')
    const card = `${account.pod}settings/privateTypeIndex.ttl`
    const { authorization, cookie } = await signInToAccount(account)
    const { logins } = (await controls({ authorization })).account
    expect((await account.fetch(card)).status).toBe(200)
    const ended = await fetch(logins, { method: 'DELETE', headers: { accept, authorization } })
    expect([ended.status, await ended.json()]).toMatchObject([200, {}])
    expect((await account.fetch(card)).status).toBe(401)
    await expect(signIn(base, account.clientId, account.clientSecret)).rejects.toThrow('invalid_client')
    for (const former of [{ authorization }, { cookie }])
      expect((await controls(former)).account.logins).toBeUndefined()
    const again = await signInToAccount(account)
    const url = (await controls({ authorization: again.authorization })).account.clientCredentials
    const made = await fetch(url, {
      method: 'POST',
      headers: { ...json, authorization: again.authorization },
      body: JSON.stringify({ name: 'new', webId: account.webId }),
    })
    const { id, secret } = (await made.json()) as { id: string; secret: string }
    const session = await signIn(base, id, secret)
    expect((await session.fetch(card)).status).toBe(200)
  })

  test('of nobody else, and by nobody else', async () => {
    const [one, other] = [await newAccount(base, 'one'), await newAccount(base, 'other')]
    const own = await signInToAccount(one)
    const { logins } = (await controls({ authorization: own.authorization })).account
    const foreign = await signInToAccount(other)
    expect((await fetch(logins, { method: 'DELETE', headers: { accept } })).status).toBe(401)
    const headers = { accept, authorization: foreign.authorization }
    expect((await fetch(logins, { method: 'DELETE', headers })).status).toBe(403)
    expect((await one.fetch(`${one.pod}profile/card`)).status).toBe(200)
    expect(
      (await fetch(logins, { method: 'DELETE', headers: { accept, authorization: own.authorization } })).status,
    ).toBe(200)
    expect((await other.fetch(`${other.pod}settings/privateTypeIndex.ttl`)).status).toBe(200)
  })

  test('not by the cookie, from a page of another origin', async () => {
    const { authorization, cookie } = await signInToAccount(alice)
    const { logins } = (await controls({ authorization })).account
    const headers = { accept, cookie, origin: 'http://localhost:1', 'sec-fetch-site': 'same-site' }
    expect((await fetch(logins, { method: 'DELETE', headers })).status).toBe(401)
    expect((await alice.fetch(`${alice.pod}settings/privateTypeIndex.ttl`)).status).toBe(200)
  })
})
