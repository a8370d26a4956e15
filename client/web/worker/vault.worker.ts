/**
 * The worker that holds the vault. The core is large and waits for its crypto library, so it is loaded after a listener
 * is in place: messages that arrive meanwhile are kept and answered then.
 */
import { expose } from 'comlink'
import './errors.ts'

const early: MessageEvent[] = []
const keep = (event: MessageEvent): void => {
  early.push(event)
}
addEventListener('message', keep)

const { service } = await import('./service.ts')
removeEventListener('message', keep)
expose(service)
for (const { data } of early.splice(0)) dispatchEvent(new MessageEvent('message', { data }))
