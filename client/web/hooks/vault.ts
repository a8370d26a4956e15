/** What components use of the vault: its state, a reading that follows changes, and an action with its outcome. */
import { useCallback, useEffect, useEffectEvent, useState } from 'react'
import { state } from './worker.ts'
import type { Session, Standing } from '../worker/api.ts'

export { vault } from './worker.ts'

export const useSession = (): Session => state.use().session

/** Whether the pod answers, and what waits here to be sent. */
export const useStanding = (): Standing => state.use().standing

/** What others do reaches the page when it is looked at again, and this often where `live`. */
const LIVE = 8000

function useMoment(live: boolean): number {
  const [moment, setMoment] = useState(0)
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === 'visible') setMoment(value => value + 1)
    }
    document.addEventListener('visibilitychange', look)
    const timer = live ? setInterval(look, LIVE) : undefined
    return () => {
      document.removeEventListener('visibilitychange', look)
      clearInterval(timer)
    }
  }, [live])
  return moment
}

export interface Reading<T> {
  value: T | undefined
  error: unknown
}

/** Reads anew when `key` or the vault changes; keeps showing what it has meanwhile. */
export function useReading<T>(key: string, read: () => Promise<T>, { live = false } = {}): Reading<T> {
  const { version } = state.use()
  const moment = useMoment(live)
  const [reading, setReading] = useState<Reading<T> & { key: string }>({ key, value: undefined, error: null })
  // `read` is a new function at each rendering; `key` says when it means something else.
  const readNow = useEffectEvent(() => read())
  useEffect(() => {
    let current = true
    readNow().then(
      value => current && setReading({ key, value, error: null }),
      (error: unknown) => current && setReading(before => ({ ...before, key, error })),
    )
    return () => {
      current = false
    }
  }, [key, version, moment])
  return reading.key === key ? reading : { value: undefined, error: null }
}

export interface Action<A extends unknown[]> {
  run(...args: A): Promise<boolean>
  busy: boolean
  error: unknown
}

/** `run` resolves to whether it worked; what went wrong is in `error` until the next try. */
export function useAction<A extends unknown[]>(act: (...args: A) => Promise<unknown>): Action<A> {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const run = useCallback(
    async (...args: A): Promise<boolean> => {
      setBusy(true)
      setError(null)
      try {
        await act(...args)
        return true
      } catch (cause) {
        setError(cause)
        return false
      } finally {
        setBusy(false)
      }
    },
    [act],
  )
  return { run, busy, error }
}
