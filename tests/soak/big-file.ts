/**
 * `npm run soak:file -- [--gigabytes N]`: one file of 10 GB, or of so many, up to a real pod server and down again, in 64 MB of memory
 * above idle. Ends with 1 where it took more.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { withServer } from '../bench/server.ts'

const BOUND = 64 * 1024 * 1024

const { values } = parseArgs({ options: { gigabytes: { type: 'string', default: '10' } } })
const size = Number(values.gigabytes) * 1e9
const client = fileURLToPath(new URL('big-file-client.ts', import.meta.url))

const out = await withServer(async ({ url }) => {
  const child = spawn(process.execPath, [client, url, String(size)], { stdio: ['ignore', 'pipe', 'inherit'] })
  return text(child.stdout)
})
console.log(out.trim())
const { up, down } = JSON.parse(out) as Record<'up' | 'down', { rss: number }>
process.exit(Math.max(up.rss, down.rss) > BOUND ? 1 : 0)
