/** Starts the vault's worker under the one Trusted Types policy of the page: scripts of this very origin only. */
import { proxy, wrap } from 'comlink'
import '../worker/errors.ts'
import url from '../worker/vault.worker.ts?worker&url'
import { observable } from './observable.ts'
import type { Api, State } from '../worker/api.ts'

const sameOrigin = (address: string): string => {
  const { href, origin } = new URL(address, location.origin)
  if (origin !== location.origin) throw new TypeError('A script of another origin')
  return href
}

const policy = window.trustedTypes?.createPolicy('alveole', { createScriptURL: sameOrigin })

/** lib.dom knows only strings where these go. */
export const trustedScript = (address: string): string =>
  (policy ? policy.createScriptURL(address) : sameOrigin(address)) as string

const worker = new Worker(trustedScript(url), { type: 'module', name: 'vault' })
export const vault = wrap<Api>(worker)

export const state = observable<State>({
  session: { step: 'starting' },
  version: 0,
  standing: { offline: false, waiting: [] },
})

const TAKE_OVER = 'alveole-take-over'

export function startWorker(server: string): Promise<void> {
  const takeOver = sessionStorage.getItem(TAKE_OVER) !== null
  sessionStorage.removeItem(TAKE_OVER)
  return vault.start(server, takeOver, proxy(state.set))
}

/** The vault opens in this tab instead of the other: with a new worker, since one that lost it has ended. */
export function takeOver(): void {
  sessionStorage.setItem(TAKE_OVER, '')
  location.reload()
}
