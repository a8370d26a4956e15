/**
 * A new account with its pod, made through the pod server's account API without a cookie, and the authenticated fetch
 * of its owner (DPoP, client credentials). Names get a random tail, so that tests never meet.
 */
import { randomUUID } from 'node:crypto'
import { Session } from '@inrupt/solid-client-authn-node'

export type Account = {
  webId: string
  pod: string
  email: string
  password: string
  /** Client credentials: valid until the account is deleted; the session's token lasts 600 s. */
  clientId: string
  clientSecret: string
  fetch: typeof fetch
}

type Controls = {
  account: { create: string; pod: string; clientCredentials: string }
  password: { create: string }
}
type Reply = { controls: Controls; authorization: string; pod: string; webId: string; id: string; secret: string }

const call = async (url: string, token?: string, body?: object): Promise<Reply> => {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: {
      accept: 'application/json',
      ...(token && { authorization: `CSS-Account-Token ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Reply
}

export const newAccount = async (podUrl: string, name: string): Promise<Account> => {
  const id = randomUUID()
  const email = `${id}@example.org`
  const password = randomUUID()
  const index = `${podUrl}.account/`
  const { authorization } = await call((await call(index)).controls.account.create, undefined, {})
  const { controls } = await call(index, authorization)
  await call(controls.password.create, authorization, { email, password })
  const { pod, webId } = await call(controls.account.pod, authorization, {
    name: `${name}-${id.slice(0, 8)}`,
    settings: { name },
  })
  const client = await call(controls.account.clientCredentials, authorization, { name: 'tests', webId })
  const session = await signIn(podUrl, client.id, client.secret)
  return { webId, pod, email, password, clientId: client.id, clientSecret: client.secret, fetch: session.fetch }
}

/** A session that is not renewed: the tests of one file end well before its token. */
export const signIn = async (podUrl: string, clientId: string, clientSecret: string): Promise<Session> => {
  const session = new Session({ keepAlive: false })
  await session.login({ oidcIssuer: podUrl, clientId, clientSecret, tokenType: 'DPoP' })
  if (!session.info.isLoggedIn) throw new Error(`Not signed in at ${podUrl}`)
  return session
}
