/** The reader in a process of its own: a device as JSON on stdin, memory after each step on stdout. */
import { json } from 'node:stream/consumers'
import type { Memory } from './memory.ts'
import { STEPS, type Device } from './reader.ts'

const memory = (step: string, found: number): Memory => ({
  step,
  found,
  peak: process.resourceUsage().maxRSS * 1024,
  rss: process.memoryUsage().rss,
})

const device = (await json(process.stdin)) as Device
const all: Memory[] = []
for (const [name, step] of Object.entries(STEPS)) {
  const found = await step(device)
  globalThis.gc?.()
  if (process.env['LIVE']) console.error(name, process.memoryUsage())
  all.push(memory(name, found))
}
console.log(JSON.stringify(all))
process.exit(0)
