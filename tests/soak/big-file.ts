/**
 * `npm run soak:file -- [--gigabytes N] [--browser-gigabytes N]`: one file of 10 GB, or of so many, up to a real pod server and down
 * again, and one of 1 GB out of and into a browser; each in 64 MB of memory above idle. Ends with 1 where it took more. 0 leaves one out.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { withServer } from '../bench/server.ts'
import { bigFileInBrowser } from './big-file-browser.ts'

const BOUND = 64 * 1024 * 1024

const { values } = parseArgs({
  options: {
    gigabytes: { type: 'string', default: '10' },
    'browser-gigabytes': { type: 'string', default: '1' },
  },
})
const sizeOf = (gigabytes: string): number => Number(gigabytes) * 1e9
const client = fileURLToPath(new URL('big-file-client.ts', import.meta.url))
const most: number[] = []

await withServer(async ({ url }) => {
  const [program, browser] = [sizeOf(values.gigabytes), sizeOf(values['browser-gigabytes'])]
  if (program) {
    const child = spawn(process.execPath, [client, url, String(program)], { stdio: ['ignore', 'pipe', 'inherit'] })
    const out = await text(child.stdout)
    console.log(out.trim())
    const { up, down } = JSON.parse(out) as Record<'up' | 'down', { rss: number }>
    most.push(up.rss, down.rss)
  }
  if (browser) {
    const figures = await bigFileInBrowser(url, browser)
    console.log(JSON.stringify(figures))
    most.push(figures.up.renderers, figures.down.renderers)
  }
})
process.exit(Math.max(...most) > BOUND ? 1 : 0)
