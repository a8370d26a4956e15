/** A file of 64 MB, up and down, against the plain PUT and GET of its bytes: on loopback, and on a link held at 100 Mbit/s. */
import { randomBytes } from 'node:crypto'
import type { BlobRef } from '#core'
import { newPerson, type Person } from './person.ts'
import { freePort, startRelay } from './relay.ts'
import { withServer, type Server } from './server.ts'
import { atLeast, rate, type Bench, type Row } from './table.ts'
import { takeTurns } from './timing.ts'

const BYTES = 64_000_000
const LINK = 100_000_000

async function drain(stream: ReadableStream<Uint8Array> | null): Promise<void> {
  let read = 0
  for await (const chunk of stream ?? []) read += chunk.length
  if (read !== BYTES) throw new Error(`${read} bytes`)
}

async function upload({ fetch, storage }: Person, body: Uint8Array<ArrayBuffer>): Promise<void> {
  const headers = { 'content-type': 'application/octet-stream' }
  const response = await fetch(`${storage}plain.bin`, { method: 'PUT', headers, body })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
}

async function measure(server: Server, where: string, least: number, rounds: number): Promise<Row[]> {
  const person = await newPerson(server, 'blob')
  const { blobs, collections } = person.vault
  const { id: collection } = await collections.create('folder')
  const bytes = new Uint8Array(randomBytes(BYTES))
  const blob = new Blob([bytes])
  let ref!: BlobRef
  const put = async () => {
    ref = await blobs.put(blob, { collection, name: 'video', mediaType: 'video/mp4' })
  }
  const up = { baseline: () => upload(person, bytes), alveole: put }
  const down = {
    baseline: async () => drain((await person.fetch(`${person.storage}plain.bin`)).body),
    alveole: async () => drain(await blobs.open(ref, collection)),
  }
  const row = async (action: string, pair: typeof up): Promise<Row> => {
    await takeTurns(pair, { rounds: 1 })
    const { baseline, alveole, ratio } = await takeTurns(pair, { rounds })
    return {
      action: `64 MB file, ${action}, ${where}`,
      baseline: rate(BYTES, baseline),
      alveole: rate(BYTES, alveole),
      ...atLeast(ratio, least),
    }
  }
  return [await row('upload', up), await row('download', down)]
}

async function onLink(): Promise<Row[]> {
  const port = await freePort()
  const relay = await startRelay({ target: port, bitsPerSecond: LINK })
  try {
    const baseUrl = `http://localhost:${relay.port}/`
    return await withServer(server => measure(server, '100 Mbit/s', 0.95, 3), { port, baseUrl })
  } finally {
    await relay.close()
  }
}

export const blob = async (): Promise<Bench> => ({
  about:
    'blob: random bytes, whole and in order, not decoded; the link is a relay that holds each direction at 100 Mbit/s. Medians of 9 on loopback, of 3 on the link.',
  rows: [...(await withServer(server => measure(server, 'loopback', 0.4, 9))), ...(await onLink())],
})
