/** A TCP relay that holds each direction of all its connections together to a rate, by a token bucket. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'

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

export interface Relay {
  port: number
  close(): Promise<void>
}

export async function startRelay(target: number, bitsPerSecond: number): Promise<Relay> {
  const [up, down] = [bucket(bitsPerSecond / 8), bucket(bitsPerSecond / 8)]
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, client => {
    const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true })
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    }
    const both = [pump(client, upstream, up), pump(upstream, client, down)]
    Promise.all(both).catch(() => [client, upstream].forEach(socket => socket.destroy()))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      sockets.forEach(socket => socket.destroy())
      await closed
    },
  }
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
