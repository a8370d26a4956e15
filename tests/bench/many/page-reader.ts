/**
 * The reader in a worker of a page, as the web client has its vault: a step asked for by a message is answered by how much it found. It
 * says first that it listens: libsodium loads meanwhile, and what comes before is lost.
 */
import { STEPS, type Device } from './reader.ts'

if (!('document' in globalThis)) {
  addEventListener('message', async ({ data: { step, device } }: MessageEvent<{ step: string; device: Device }>) =>
    postMessage(await STEPS[step]!(device)),
  )
  postMessage(0)
}
