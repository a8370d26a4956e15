/**
 * A TCP relay that holds each direction of all its connections together to a rate, by a token bucket. In a thread of its
 * own, so that neither end of it waits for the other's work.
 */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'

export interface RelayOptions {
  /** Port on loopback. */
  target: number
  bitsPerSecond: number
}

/** Bytes that may pass at once after a pause. */
const BURST = 64 * 1024
const PIECE = 16 * 1024

/** Resolves when `bytes` may pass. */
type Bucket = (bytes: number) => Promise<void>

function bucket(bytesPerSecond: number): Bucket {
  /** When all that was let through so far will have passed. */
  let free = 0
  return async bytes => {
    const now = performance.now()
    free = Math.max(free, now - (BURST / bytesPerSecond) * 1000) + (bytes / bytesPerSecond) * 1000
    if (free > now) await wait(free - now)
  }
}

async function pump(from: Socket, to: Socket, pass: Bucket): Promise<void> {
  await pipeline(
    from,
    async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        for (let at = 0; at < chunk.length; at += PIECE) {
          const piece = chunk.subarray(at, at + PIECE)
          await pass(piece.length)
          yield piece
        }
      }
    },
    to,
  )
}

const { target, bitsPerSecond } = workerData as RelayOptions
const [up, down] = [bucket(bitsPerSecond / 8), bucket(bitsPerSecond / 8)]
const server = createServer({ noDelay: true }, client => {
  const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true })
  const both = [pump(client, upstream, up), pump(upstream, client, down)]
  Promise.all(both).catch(() => [client, upstream].forEach(socket => socket.destroy()))
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
parentPort?.postMessage((server.address() as AddressInfo).port)
