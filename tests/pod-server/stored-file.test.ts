/** Buffers are shared between answers: whatever a client does on its connection, each gets its own bytes, or none. */
import { once } from 'node:events'
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { StoredFile } from '../../pod-server/fast-read/stored-file.ts'

/** Together more than the kernel takes from a connection that nobody reads. */
const FILES = 60
const SIZE = 400_000

/** Each file is one byte over and over; none of them is in the end of an answer's head. */
const MARK = 0x40
const END = '\r\n\r\n'

let folder: string
let server: Server

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alveole-stored-'))
  for (let at = 0; at < FILES; at += 1) await writeFile(join(folder, `${at}`), Buffer.alloc(SIZE, MARK + at))
  server = createServer((request, response) => {
    void StoredFile.open(join(folder, request.url ?? ''))
      .then(async file => (await file.begin())(response.setHeader('content-length', file.size)))
      .catch((error: Error) => response.writeHead(500).end(error.message))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

/** All asked for on one connection, before the first answer is read */
const askAll = async (): Promise<Socket> => {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.pause()
  for (let at = 0; at < FILES; at += 1) {
    socket.write(`GET /${at} HTTP/1.1\r\nhost: x\r\n\r\n`)
    // In groups: the later ones are read while the earlier ones wait.
    if (at % 10 === 9) await wait(60)
  }
  return socket
}

/** The bodies of answers that follow one another, each of which says its length. */
const bodies = async (socket: Socket): Promise<Buffer[]> => {
  const found: Buffer[] = []
  let rest = Buffer.alloc(0)
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk])
    for (let start = rest.indexOf(END); start >= 0 && rest.length >= start + 4 + SIZE; start = rest.indexOf(END)) {
      found.push(rest.subarray(start + 4, start + 4 + SIZE))
      rest = rest.subarray(start + 4 + SIZE)
    }
    if (found.length === FILES) break
  }
  return found
}

test('answers that wait behind one another keep their bytes', async () => {
  const found = await bodies(await askAll())
  for (const [at, body] of found.entries()) expect([at, body.equals(Buffer.alloc(SIZE, MARK + at))]).toEqual([at, true])
})

const openFiles = async (): Promise<string[]> => {
  const numbers = await readdir('/proc/self/fd').catch(() => [])
  const paths = await Promise.all(numbers.map(number => readlink(`/proc/self/fd/${number}`).catch(() => '')))
  return paths.filter(path => path.startsWith(folder))
}

test('a connection that ends closes the files of all its answers', async () => {
  const socket = await askAll()
  expect((await openFiles()).length).toBeGreaterThan(1)
  socket.destroy()
  for (let tries = 0; (await openFiles()).length > 0; tries += 1) {
    if (tries > 100) throw new Error('still open')
    await wait(50)
  }
})
