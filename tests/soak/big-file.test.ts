/** A file of 256 MB, up and down through a program of its own: all there, in bounded memory. `npm run soak:file` does it with 10 GB. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, inject, test } from 'vitest'

const MIB = 1024 * 1024
const client = fileURLToPath(new URL('big-file-client.ts', import.meta.url))

test('of 256 MB takes less than a third of that', { timeout: 600_000 }, async () => {
  const child = spawn(process.execPath, [client, inject('pod'), String(256 * MIB)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { bytes, up, down } = JSON.parse(await text(child.stdout)) as {
    bytes: number
    up: { live: number }
    down: { live: number }
  }
  expect(bytes).toBe(256 * MIB)
  // 64 on a machine that keeps up; where everything waits, more of what is read outlives the looks of the collector
  expect(Math.max(up.live, down.live)).toBeLessThan(80 * MIB)
})
