/** The relay of relay.worker.ts, started and stopped; and a free port for what stands behind it. */
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { Worker } from 'node:worker_threads'
import type { RelayOptions } from './relay.worker.ts'

export interface Relay {
  port: number
  close(): Promise<unknown>
}

export async function startRelay(options: RelayOptions): Promise<Relay> {
  const worker = new Worker(new URL('./relay.worker.ts', import.meta.url), { workerData: options })
  const [port] = (await once(worker, 'message')) as [number]
  return { port, close: () => worker.terminate() }
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
