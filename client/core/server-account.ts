/**
 * Accounts of a Community Solid Server, by its account API without a cookie: the reply to account creation or login
 * carries a token, sent as `CSS-Account-Token`. Addresses come from the API's own `controls`.
 */
import { AlveoleError, isCode } from '#crypto'
import { bytesOf, reading } from './answer.ts'
import { podName } from './pod-name.ts'

export interface ServerCredentials {
  webId: string
  pod: string
  oidcIssuer: string
  clientId: string
  clientSecret: string
}

type Control =
  | [group: 'account', name: 'create' | 'pod' | 'webId' | 'clientCredentials' | 'logins', account?: string]
  | [group: 'password', name: 'create' | 'login', account?: string]

/** Bytes of an answer. */
const LARGEST = 1024 * 1024

/** What the API answers, each call its own part of it; what a server really sends may be of other types. */
type Reply = Partial<{
  controls: Partial<Record<string, Partial<Record<string, string>>>>
  authorization: string
  pods: Record<string, string>
  webIdLinks: Record<string, string>
  clientCredentials: Record<string, string>
  pod: string
  webId: string
  id: string
  secret: string
  message: unknown
}>

/**
 * Account, password, pod and client credentials. Done again after it was cut short, with the same e-mail and password,
 * it goes on where it stood. Throws `taken` (detail `field`: email or name), `refused`, `offline`, `server`, `busy`.
 */
export async function createServerAccount(
  server: string,
  { email, password, name }: { email: string; password: string; name: string },
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<ServerCredentials> {
  const api = new AccountApi(server, fetch)
  const fresh = await api.open(await api.control('account', 'create'), {}, 'name')
  const account = await addPassword(api, fresh, { email, password })
  const made = await api.post(
    await api.control('account', 'pod', account),
    account,
    { name: podName(name), settings: { name } },
    'name',
  )
  return credentials(api, account, text(made.pod), text(made.webId))
}

/**
 * New client credentials of an existing account, their name on the server beginning with `name`. Throws `wrong-unlock` (detail `field`:
 * account), `not-granted` without a pod.
 */
export async function serverCredentials(
  server: string,
  login: { email: string; password: string },
  fetch: typeof globalThis.fetch = globalThis.fetch,
  name = 'alveole',
): Promise<ServerCredentials> {
  const api = new AccountApi(server, fetch)
  const account = await api.open(await api.control('password', 'login'), login, 'account')
  const pods = Object.keys((await api.get(await api.control('account', 'pod', account), account)).pods ?? {})
  const webIds = Object.keys((await api.get(await api.control('account', 'webId', account), account)).webIdLinks ?? {})
  const pod = pods.find(candidate => webIds.some(webId => webId.startsWith(candidate))) ?? pods[0]
  const webId = webIds.find(candidate => pod && candidate.startsWith(pod)) ?? webIds[0]
  if (!pod || !webId) throw new AlveoleError('not-granted', 'this account has no pod', { detail: { field: 'pod' } })
  return credentials(api, account, pod, webId, name)
}

/** Ends the client credentials whose name begins with `name`, but for the one that stays; tells how many it ended. Throws as above. */
export async function endCredentials(
  server: string,
  login: { email: string; password: string },
  { name, but }: { name: string; but?: string },
): Promise<number> {
  const api = new AccountApi(server, globalThis.fetch)
  const account = await api.open(await api.control('password', 'login'), login, 'account')
  const address = await api.control('account', 'clientCredentials', account)
  const known = Object.entries((await api.get(address, account)).clientCredentials ?? {})
  const ended = known.filter(([id]) => id.startsWith(`${name}_`) && id !== but) // as CSS names them
  for (const [, url] of ended) await api.delete(text(url), account)
  return ended.length
}

/**
 * Ends every login of the account, and gives this device new credentials: for the day a device is removed. null: the server has no such
 * thing, and what was given goes on for as long as it was given. Throws as `serverCredentials` does.
 */
export async function endLogins(
  server: string,
  login: { email: string; password: string },
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<ServerCredentials | null> {
  const api = new AccountApi(server, fetch)
  const account = await api.open(await api.control('password', 'login'), login, 'account')
  const logins = await api.offered('account', 'logins', account)
  if (!logins) return null
  await api.delete(logins, account)
  return serverCredentials(server, login, fetch)
}

/**
 * A pod on this server for somebody whose WebID stands elsewhere; gives its address. With an e-mail that has an account here, that
 * account's. Throws as `createServerAccount` does.
 */
export async function createServerPod(
  server: string,
  { email, password, name, webId }: { email: string; password: string; name: string; webId: string },
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<string> {
  const api = new AccountApi(server, fetch)
  const known = await signedIn(api, { email, password })
  const account =
    known ??
    (await addPassword(api, await api.open(await api.control('account', 'create'), {}, 'name'), { email, password }))
  const address = await api.control('account', 'pod', account)
  const [pod] = Object.keys((await api.get(address, account)).pods ?? {})
  if (pod) return pod // of an earlier attempt
  const made = await api.post(address, account, { name: podName(name), settings: { name, webId } }, 'name')
  return text(made.pod)
}

/** null: no such account, or another password. */
async function signedIn(api: AccountApi, login: { email: string; password: string }): Promise<string | null> {
  try {
    return await api.open(await api.control('password', 'login'), login, 'account')
  } catch (error) {
    if (isCode(error, 'wrong-unlock')) return null
    throw error
  }
}

async function credentials(
  api: AccountApi,
  account: string,
  pod: string,
  webId: string,
  name = 'alveole',
): Promise<ServerCredentials> {
  const address = await api.control('account', 'clientCredentials', account)
  const { id, secret } = await api.post(address, account, { name, webId }, 'account')
  return { webId, pod, oidcIssuer: api.server, clientId: text(id), clientSecret: text(secret) }
}

/** The account that the password now opens: the fresh one, or the one that an earlier attempt left without a pod. */
async function addPassword(
  api: AccountApi,
  fresh: string,
  login: { email: string; password: string },
): Promise<string> {
  try {
    await api.post(await api.control('password', 'create', fresh), fresh, login, 'email')
    return fresh
  } catch (error) {
    if (!isCode(error, 'taken')) throw error
    const earlier = await unfinished(api, login)
    if (earlier) return earlier
    throw error
  }
}

async function unfinished(api: AccountApi, login: { email: string; password: string }): Promise<string | null> {
  const account = await signedIn(api, login)
  if (!account) return null // somebody else's
  const { pods = {} } = await api.get(await api.control('account', 'pod', account), account)
  return Object.keys(pods).length ? null : account
}

/** One field of a request, which a refusal is about. */
type Field = 'email' | 'name' | 'account'

class AccountApi {
  readonly server: string
  readonly #fetch: typeof globalThis.fetch

  constructor(server: string, fetch: typeof globalThis.fetch) {
    if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol)) {
      throw new AlveoleError('usage', 'not the address of a server', { detail: { server } })
    }
    this.server = new URL(server.endsWith('/') ? server : `${server}/`).href
    this.#fetch = fetch
  }

  /** The address of one thing that the API does; most are told to a known account only. */
  async control(...which: Control): Promise<string> {
    return text(await this.offered(...which))
  }

  /** undefined: this server does no such thing. */
  async offered(...[group, name, account]: Control): Promise<string | undefined> {
    const { controls } = await this.get(new URL('.account/', this.server).href, account)
    return controls?.[group]?.[name]
  }

  get(url: string, account?: string): Promise<Reply> {
    return this.#call(url, account, null, 'account')
  }

  post(url: string, account: string, body: object, field: Field): Promise<Reply> {
    return this.#call(url, account, body, field)
  }

  async delete(url: string, account: string): Promise<void> {
    await this.#call(url, account, null, 'account', 'DELETE')
  }

  /** Creates or opens an account; gives its token. */
  async open(url: string, body: object, field: Field): Promise<string> {
    return text((await this.#call(url, undefined, body, field)).authorization)
  }

  async #call(
    url: string,
    account: string | undefined,
    body: object | null,
    field: Field,
    method = body ? 'POST' : 'GET',
  ): Promise<Reply> {
    const headers = {
      accept: 'application/json',
      ...(account && { authorization: `CSS-Account-Token ${account}` }),
      ...(body && { 'content-type': 'application/json' }),
    }
    const request: RequestInit = {
      method,
      headers,
      credentials: 'omit',
      ...(body && { body: JSON.stringify(body) }),
    }
    const response = await this.#fetch(url, request).catch((cause: unknown) => {
      throw new AlveoleError('offline', 'the server does not answer', { cause, detail: { server: this.server } })
    })
    const reply = replyIn(await reading(bytesOf(response, LARGEST)))
    if (response.ok) return reply
    throw refusal(response.status, typeof reply.message === 'string' ? reply.message : '', field)
  }
}

/** What is no object says nothing: then some part that must be there is not. */
function replyIn(json: Uint8Array): Reply {
  try {
    return Object(JSON.parse(new TextDecoder().decode(json))) as Reply
  } catch {
    return {}
  }
}

function refusal(status: number, reason: string, field: Field): AlveoleError {
  const detail = { field, status, reason }
  if (status === 429 || status === 503) return new AlveoleError('busy', reason, { detail })
  if (status >= 500 || status === 404) return new AlveoleError('server', reason, { detail })
  // CSS answers 409 to a pod that exists and 400 to an e-mail that does; the words alone tell it from a bad e-mail
  if (status === 409 || /already/i.test(reason)) return new AlveoleError('taken', reason, { detail })
  if ((status === 401 || status === 403) && field === 'account')
    return new AlveoleError('wrong-unlock', reason, { detail })
  return new AlveoleError('refused', reason, { detail })
}

/** A part of the answer that must be there: else the address is not that of such a server. */
function text(value: unknown): string {
  if (typeof value === 'string') return value
  throw new AlveoleError('server', 'not an account server that this version knows')
}
