/** Signing in, creating and opening the vault, locking: the steps of api.ts's Session. */
import { createVault, hasVault, notifications, openVault, solidPod, type Notifications, type Vault } from '#core'
import { createServerAccount, serverCredentials, type ServerCredentials } from '../../core/server-account.ts'
import type { Surroundings, Unlock } from '../../core/types.ts'
import { AlveoleError, isCode } from '../../../crypto/errors.ts'
import type { SessionApi } from './api.ts'
import { enter, hold, listen, openedVault, release, session } from './current.ts'
import { database } from './database.ts'
import { deviceName } from './device-name.ts'
import { deviceSeal } from './device-seal.ts'
import { idbObjects } from './idb-objects.ts'
import { idbStore } from './idb-store.ts'
import { forgetMedia } from './media.ts'
import { beginSignIn, finishSignIn, oidcTokens } from './oidc.ts'
import { holdVault } from './only-one.ts'
import { sealSecret, secretTokens } from './secret-grant.ts'
import { authenticatedFetch, keptToken, type Token } from './token.ts'
import type { Saved, Who } from './saved.ts'

let server = ''
export const loginServer = (): string => server
interface Connection extends Surroundings {
  notifications: Notifications
}
let around: Connection | null = null

/** Whether the person asked this browser to spare the network; not every one says (Network Information API). */
const isMetered = (): boolean => (navigator as { connection?: { saveData?: boolean } }).connection?.saveData ?? false

/** Called as a method of something else, the browser's own refuses. */
export const plainFetch: typeof fetch = (input, init) => fetch(input, init)

const readSaved = async (): Promise<Saved | null> =>
  ((await (await database()).get('session', 'saved')) as Saved | undefined) ?? null
const save = async (saved: Saved): Promise<void> => void (await (await database()).put('session', saved, 'saved'))

async function change(changes: Partial<Saved>): Promise<Saved> {
  const saved = await readSaved()
  if (!saved) throw new AlveoleError('unauthorized')
  const next = { ...saved, ...changes }
  await save(next)
  return next
}

const fetchFor = ({ who, grant }: Saved, first?: Token): typeof fetch =>
  authenticatedFetch(keptToken(grant.how === 'oidc' ? oidcTokens() : secretTokens(who.webId, grant), first))

async function connect(saved: Saved, first?: Token): Promise<Connection> {
  const { webId, pod: storage } = saved.who
  const fetch = fetchFor(saved, first)
  const pod = await solidPod({ webId, ...(storage && { storage }), fetch })
  const hints = notifications({ storage: pod.storage, fetch, WebSocket })
  around = { pod, store: idbStore(webId), objects: idbObjects(webId), isMetered, notifications: hints }
  return around
}

function connected(): Connection {
  if (!around) throw new AlveoleError('unauthorized')
  return around
}

/** The name people gave, and the storage that the profile points to. */
async function settleWho(webId: string, { pod }: Surroundings): Promise<Who> {
  const profile = await pod.profile(webId)
  return { webId, name: profile?.name ?? new URL(webId).pathname.split('/')[1] ?? webId, pod: pod.storage }
}

async function arrive(saved: Saved, first?: Token): Promise<void> {
  const { pod, store } = await connect(saved, first)
  const who = await settleWho(saved.who.webId, { pod, store })
  await save({ ...saved, who })
  enter({ step: (await hasVault(pod)) ? 'locked' : 'no-vault', who })
}

const arriveWithSecret = async (
  issuer: string,
  account: { webId: string; pod: string; clientId: string; clientSecret: string },
): Promise<void> => {
  const { webId, pod } = account
  const grant = await sealSecret(webId, issuer, account)
  await arrive({ who: { webId, name: '', pod }, grant, kept: false, kitTested: null })
}

async function opened(vault: Vault, keep: boolean): Promise<void> {
  if (keep) await vault.keepUnlocked(deviceSeal(vault.owner))
  hold(vault, connected().notifications)
  const { who, kitTested } = await change({ kept: keep })
  enter({ step: 'open', who, kept: keep, kitTested })
}

async function open(unlock: Unlock, keep: boolean): Promise<void> {
  await opened(await openVault(connected(), unlock, { name: deviceName(), anew: true }), keep)
}

/** Kept open: opens by the device's key, and asks for the password where that no longer works. */
async function resume(): Promise<void> {
  const saved = await readSaved()
  if (!saved) return enter({ step: 'signed-out' })
  try {
    await connect(saved)
    if (!saved.kept) return await arrive(saved)
    const vault = await openVault(connected(), { seal: deviceSeal(saved.who.webId) }, { name: deviceName() })
    hold(vault, connected().notifications)
    enter({ step: 'open', who: saved.who, kept: true, kitTested: saved.kitTested })
  } catch (error) {
    if (isCode(error, 'unauthorized')) return enter({ step: 'signed-out' })
    enter({ step: 'locked', who: saved.who })
  }
}

/** Locked in any case, also where the browser's storage fails. */
async function shut(): Promise<void> {
  try {
    await openedVault().forget()
  } finally {
    forgetMedia()
    await release()
  }
}

/** The server ended all logins: this browser has another one, and the vault is to be opened again. */
export async function renewLogin(made: ServerCredentials): Promise<void> {
  const grant = await sealSecret(made.webId, made.oidcIssuer, made)
  const saved = await change({ grant, kept: false })
  await shut()
  await arrive(saved)
}

/** Whatever this worker would still write, it would write over what the other tab writes from now on. */
const lost = (): void => {
  enter({ step: 'elsewhere' })
  close()
}

/** A page being reloaded gives the vault back a moment after the new one starts. */
const PATIENCE = 2000

export const sessionApi: SessionApi = {
  async start(at, takeOver, listener) {
    server = at
    listen(listener)
    const late = setTimeout(() => enter({ step: 'elsewhere' }), PATIENCE)
    await holdVault(takeOver, lost)
    clearTimeout(late)
    await resume()
  },
  async signUp(account) {
    const made = await createServerAccount(server, account, plainFetch)
    await arriveWithSecret(made.oidcIssuer, made)
  },
  async signIn(email, password) {
    const account = await serverCredentials(server, { email, password }, plainFetch)
    await arriveWithSecret(account.oidcIssuer, account)
  },
  visitProvider: beginSignIn,
  async finishVisit(callback) {
    const { webId, grant, token } = await finishSignIn(callback)
    await arrive({ who: { webId, name: '', pod: '' }, grant, kept: false, kitTested: null }, token)
  },
  async signOut() {
    if (session().step === 'open') await shut()
    await (await database()).delete('session', 'saved')
    around = null
    enter({ step: 'signed-out' })
  },
  async createVault(password, keep, language) {
    const { vault, kit } = await createVault(connected(), { password, name: deviceName(), language })
    await opened(vault, keep)
    return kit
  },
  unlock: (password, keep) => open({ password }, keep),
  unlockByKit: (words, password, keep) => open({ words, password }, keep),
  async keep(on) {
    const vault = openedVault()
    if (on) await vault.keepUnlocked(deviceSeal(vault.owner))
    else await vault.forget()
    const { who, kitTested } = await change({ kept: on })
    enter({ step: 'open', who, kept: on, kitTested })
  },
  async lock() {
    const open = session()
    try {
      await shut()
      await change({ kept: false })
    } finally {
      if (open.step === 'open') enter({ step: 'locked', who: open.who })
    }
  },
  async testKit(words) {
    if (!(await openedVault().recovery.test(words))) return false
    const { who, kept, kitTested } = await change({ kitTested: new Date().toISOString() })
    enter({ step: 'open', who, kept, kitTested })
    return true
  },
}
