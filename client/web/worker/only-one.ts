/**
 * One open vault per browser: two would write with the same device's counters. The lock is the browser's (Web Locks),
 * so that a closed tab frees it; the person may take it over in the tab in front of them.
 */
const NAME = 'alveole-vault'

/** Resolves once it is held; `lost` is called when another tab takes it over. */
export function holdVault(takeOver: boolean, lost: () => void): Promise<void> {
  return new Promise(held => {
    const keep = (): Promise<never> => {
      held()
      return new Promise(() => undefined)
    }
    navigator.locks.request(NAME, { steal: takeOver }, keep).catch(lost)
  })
}
