/**
 * A member's program with one large file: up, then down, every byte compared; and the most memory that it took above what it has when
 * nothing happens. In a process of its own, so that the server's memory is not in it:
 *
 *   node tests/soak/big-file-client.ts SERVER BYTES   → {bytes, up, down}, each {seconds, rss, live} with memory in bytes above idle
 */
import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createVault, memoryStore, solidPod } from '#core'
import { FLOOR } from '#crypto'
import { collectBuffersEarly } from '../../client/node/buffers.ts'
import { authenticatedFetch } from '../../client/node/session.ts'
import { newAccount } from '../accounts.ts'
import { generated, generatedBlob } from './generated.ts'

/** Milliseconds. */
const SAMPLE = 25

interface Figures {
  seconds: number
  /** Of the process, garbage that was not collected yet included. */
  rss: number
  /** Heap and buffers. */
  live: number
}

const memory = (): { rss: number; live: number } => {
  const { rss, heapUsed, external } = process.memoryUsage()
  return { rss, live: heapUsed + external }
}

async function watched(idle: { rss: number; live: number }, work: () => Promise<void>): Promise<Figures> {
  const most = memory()
  const timer = setInterval(() => {
    const now = memory()
    most.rss = Math.max(most.rss, now.rss)
    most.live = Math.max(most.live, now.live)
  }, SAMPLE)
  const start = performance.now()
  await work()
  clearInterval(timer)
  const seconds = (performance.now() - start) / 1000
  return { seconds, rss: most.rss - idle.rss, live: most.live - idle.live }
}

/** Once, for what the program has when nothing happens: else what its start left behind counts as room that it may take. */
function collect(): void {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
}

collectBuffersEarly() // as the command line does
const [server = '', bytes = ''] = process.argv.slice(2)
const size = Number(bytes)
const { webId, pod: storage, clientId, clientSecret } = await newAccount(server, 'soak')
const fetch = authenticatedFetch({ oidcIssuer: server, clientId, clientSecret })
const { vault } = await createVault(
  { pod: await solidPod({ webId, storage, fetch }), store: memoryStore() },
  { password: 'a password of the soak', passwordCost: FLOOR },
)
const { id: collection } = await vault.collections.create('Films')
const warm = await vault.blobs.put(generatedBlob(1), { collection, name: 'a', mediaType: 'video/mp4' })
await new Response(await vault.blobs.open(warm, collection)).arrayBuffer()

let ref = warm
await setTimeout(500)
collect()
await setTimeout(500)
const idle = memory()
const up = await watched(idle, async () => {
  ref = await vault.blobs.put(generatedBlob(size), { collection, name: 'film', mediaType: 'video/mp4' })
})
const down = await watched(idle, async () => {
  let at = 0
  for await (const chunk of await vault.blobs.open(ref, collection)) {
    if (Buffer.compare(chunk, generated(at, at + chunk.length))) throw new Error(`other bytes after ${at}`)
    at += chunk.length
  }
  if (at !== size) throw new Error(`${at} bytes instead of ${size}`)
})
console.log(JSON.stringify({ bytes: size, up, down }))
process.exit(0) // sessions keep a timer
