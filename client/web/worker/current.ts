/** The one open vault of this worker, and who is told when something changes. */
import type { Notifications, Vault } from '#core'
import { AlveoleError } from '../../../crypto/errors.ts'
import type { Session, Standing, State } from './api.ts'

let vault: Vault | null = null
let stop: () => void = () => undefined
let wake: () => void = () => undefined
let listener: (state: State) => void = () => undefined
let state: State = { session: { step: 'starting' }, version: 0, standing: { offline: false, waiting: [] } }
let settling: ReturnType<typeof setTimeout> | undefined
let tidying: ReturnType<typeof setTimeout> | undefined

/** Quiet for this long, the account's checkpoint is written. */
const IDLE = 4000
/** Open for this long, what crashes left behind is looked for: at most once a day. */
const TIDY = 60_000

const standing = (): Standing => ({ offline: vault?.isOffline ?? false, waiting: vault?.outbox.list() ?? [] })

function publish(change: Partial<Omit<State, 'standing'>>): void {
  state = { ...state, ...change, standing: standing() }
  listener(state)
}

export function listen(to: (state: State) => void): void {
  listener = to
  publish({})
}

export const session = (): Session => state.session
export const enter = (session: Session): void => publish({ session, version: state.version + 1 })

export function openedVault(): Vault {
  if (!vault) throw new AlveoleError('locked')
  return vault
}

/** A failed checkpoint is written by the next one: the commits themselves are already safe. */
const settle = (): void => void vault?.settle().catch(() => undefined)

export function hold(opened: Vault, notifications: Notifications): void {
  vault = opened
  const follower = opened.follow({ notifications })
  wake = () => follower.wake()
  tidying = setTimeout(() => void opened.tidy().catch(() => undefined), TIDY) // the next opening tries again
  stop = opened.subscribe(() => {
    publish({ version: state.version + 1 })
    clearTimeout(settling)
    settling = setTimeout(settle, IDLE)
  })
}

addEventListener('online', () => wake())

export async function release(): Promise<void> {
  const closing = vault
  vault = null
  wake = () => undefined
  stop()
  stop = () => undefined // or it would keep the vault
  clearTimeout(settling)
  clearTimeout(tidying)
  await closing?.lock()
}
