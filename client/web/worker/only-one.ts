/**
 * One open vault per browser: two would write with the same device's counters. The lock is the browser's (Web Locks),
 * so that a closed tab frees it; the person may take it over in the tab in front of them.
 */
const NAME = 'alveole-vault'

/** True once held. `lost` is called when another tab takes over. */
export function holdVault(takeOver: boolean, lost: () => void): Promise<boolean> {
  return new Promise(resolve => {
    let held = false
    const hold = (lock: Lock | null): Promise<void> | void => {
      if (lock === null) return
      held = true
      resolve(true)
      return new Promise(() => undefined)
    }
    // A page being reloaded gives its lock back a moment after the new one starts.
    const options = takeOver ? { steal: true } : { signal: AbortSignal.timeout(2000) }
    navigator.locks.request(NAME, options, hold).catch(() => (held ? lost() : resolve(false)))
  })
}
