/**
 * How an agent comes to sign in: by client credentials of its own, which the account API of a Community Solid Server makes and ends, or
 * which its owner got elsewhere. They act as the owner's WebID: writing access lists takes `acl:Control`, and WAC has no way to let a
 * program have that without being its owner.
 */
import { solidPod } from '#core'
import { AlveoleError, random, toHex } from '#crypto'
import { collectionsUrl } from '../core/paths.ts'
import { endCredentials, serverCredentials } from '../core/server-account.ts'
import { authenticatedFetch } from '../node/session.ts'
import type { Place } from './place.ts'

export interface AgentSession {
  webId: string
  /** Root of the storage, ending in a slash. */
  pod: string
  oidcIssuer: string
  clientId: string
  clientSecret: string
}

export interface Credentials {
  /** What the credentials are called on the server: kept before they are made, so that those of a setup that was cut short are found. */
  label: string
  /** Whose account API made them; null: given. */
  account: { server: string; email: string } | null
  /** null: the setup was cut short. */
  session: AgentSession | null
}

export interface Login {
  server: string
  email: string
  password: string
}

const drawLabel = (): string => `alveole-agent-${toHex(random(4))}`

/** New credentials; those that this agent had before end. Throws as `serverCredentials`, and `taken` where they are another account's. */
export async function setUpHere(place: Place, { server, email, password }: Login): Promise<AgentSession> {
  const known = await place.credentials()
  checkSameAccount(known, email, server)
  const kept = { label: known?.label ?? drawLabel(), account: { server, email } }
  await place.keep({ ...kept, session: known?.session ?? null })
  const { webId, pod, ...made } = await serverCredentials(server, { email, password }, undefined, kept.label)
  const session = await located({ webId, ...made }, pod)
  await place.keep({ ...kept, session })
  await endCredentials(server, { email, password }, { name: kept.label, but: made.clientId })
  return session
}

function checkSameAccount(known: Credentials | null, email: string, server: string): void {
  if (!known?.account || (known.account.email === email && known.account.server === server)) return
  throw new AlveoleError('taken', 'an agent of another account is set up in this profile')
}

/** What its owner got from another server; tried once before it is kept. */
export async function setUpWith(place: Place, given: unknown): Promise<AgentSession> {
  const { pod, ...session } = checked(given)
  const found = await located(session, pod)
  const { webId, pod: storage } = found
  const reached = await solidPod({ webId, storage, fetch: authenticatedFetch(found) })
  await reached.list(collectionsUrl(storage))
  await place.keep({ label: (await place.credentials())?.label ?? drawLabel(), account: null, session: found })
  return found
}

const FIELDS = ['webId', 'oidcIssuer', 'clientId', 'clientSecret'] as const

function checked(given: unknown): Omit<AgentSession, 'pod'> & { pod?: string } {
  const { webId, oidcIssuer, clientId, clientSecret, pod } = Object(given) as Partial<AgentSession>
  const isWhole = FIELDS.every(field => typeof (Object(given) as Record<string, unknown>)[field] === 'string')
  if (!isWhole || (pod !== undefined && !(URL.canParse(pod) && pod.endsWith('/'))))
    throw new AlveoleError('bad-file', 'not the credentials of an agent')
  const session = { webId: webId!, oidcIssuer: oidcIssuer!, clientId: clientId!, clientSecret: clientSecret! }
  return pod === undefined ? session : { ...session, pod }
}

/** The storage is where the profile says, which may be another server by now. */
async function located(session: Omit<AgentSession, 'pod'>, pod?: string): Promise<AgentSession> {
  const { webId } = session
  const at = await solidPod({ webId, ...(pod !== undefined && { storage: pod }), fetch: authenticatedFetch(session) })
  return { ...session, pod: (await at.profile(webId))?.storage ?? at.storage }
}

/** Ends the credentials on the server that made them, then forgets them, and the keys of the vault. */
export async function takeAway(place: Place, password: string | null): Promise<void> {
  const known = await place.credentials()
  if (known?.account) {
    if (password === null) throw new AlveoleError('usage', 'the password of the account is needed')
    const { server, email } = known.account
    await endCredentials(server, { email, password }, { name: known.label })
  }
  await place.forgetKeys()
  if (known) await place.keep(null)
}
