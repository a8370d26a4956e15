/**
 * Files up and down, against the plain PUT and GET of their bytes: 64 MB and 1 GB on loopback, 64 MB on a link held at 100 Mbit/s.
 */
import { randomBytes } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { appendFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobRef } from '#core'
import { newPerson, type Person } from './person.ts'
import { freePort, startRelay } from './relay.ts'
import { withServer, type Server } from './server.ts'
import { atLeast, rate, type Bench, type Row } from './table.ts'
import { takeTurns } from './timing.ts'

const MEGABYTE = 1_000_000
const LINK = 100_000_000

interface Plan {
  where: string
  megabytes: number
  rounds: number
  /** Of the baseline's speed. */
  least: { upload: number; download: number }
}

async function drain(stream: ReadableStream<Uint8Array> | null, size: number): Promise<void> {
  let read = 0
  for await (const chunk of stream ?? []) read += chunk.length
  if (read !== size) throw new Error(`${read} bytes`)
}

async function upload({ fetch, storage }: Person, body: Blob): Promise<void> {
  const headers = { 'content-type': 'application/octet-stream' }
  const response = await fetch(`${storage}plain.bin`, { method: 'PUT', headers, body })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
}

/** On the disk, as what people add is. */
async function onDisk<T>({ folder }: Server, megabytes: number, use: (file: Blob) => Promise<T>): Promise<T> {
  const path = join(folder, '.internal', `random-${megabytes}`)
  const block = randomBytes(16 * MEGABYTE)
  for (let left = megabytes; left > 0; left -= 16) await appendFile(path, block.subarray(0, left * MEGABYTE))
  return use(await openAsBlob(path)).finally(() => rm(path))
}

const measure = (server: Server, { where, megabytes, rounds, least }: Plan): Promise<Row[]> =>
  onDisk(server, megabytes, async file => {
    const person = await newPerson(server, 'blob')
    const { blobs, collections } = person.vault
    const { id: collection } = await collections.create('folder')
    let ref!: BlobRef
    const put = async () => {
      ref = await blobs.put(file, { collection, name: 'video', mediaType: 'video/mp4' })
    }
    const up = { baseline: () => upload(person, file), alveole: put }
    const down = {
      baseline: async () => drain((await person.fetch(`${person.storage}plain.bin`)).body, file.size),
      alveole: async () => drain(await blobs.open(ref, collection), file.size),
    }
    const row = async (action: 'upload' | 'download', pair: typeof up): Promise<Row> => {
      await takeTurns(pair, { rounds: 1 })
      const { baseline, alveole, ratio } = await takeTurns(pair, { rounds })
      return {
        action: `${megabytes} MB file, ${action}, ${where}`,
        baseline: rate(file.size, baseline),
        alveole: rate(file.size, alveole),
        ...atLeast(ratio, least[action]),
      }
    }
    return [await row('upload', up), await row('download', down)]
  })

async function onLink(plan: Plan): Promise<Row[]> {
  const port = await freePort()
  const relay = await startRelay({ target: port, bitsPerSecond: LINK })
  try {
    const baseUrl = `http://localhost:${relay.port}/`
    return await withServer(server => measure(server, plan), { port, baseUrl })
  } finally {
    await relay.close()
  }
}

const both = (ratio: number): Plan['least'] => ({ upload: ratio, download: ratio })

export const blob = async (): Promise<Bench> => ({
  about:
    'blob: random bytes out of a file, whole and in order, not decoded; the link is a relay that holds each direction at 100 Mbit/s. Medians of 9 for 64 MB and of 3 for 1 GB on loopback, of 3 on the link.',
  rows: [
    ...(await withServer(server => measure(server, { where: 'loopback', megabytes: 64, rounds: 9, least: both(0.4) }))),
    ...(await withServer(server =>
      measure(server, { where: 'loopback', megabytes: 1000, rounds: 3, least: both(0.7) }),
    )),
    ...(await onLink({ where: '100 Mbit/s', megabytes: 64, rounds: 3, least: both(0.97) })),
  ],
})
