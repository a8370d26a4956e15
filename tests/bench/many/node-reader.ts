/** The reader in a process of its own, set up as the command line is: a device as JSON on stdin, memory after each step on stdout. */
import { json } from 'node:stream/consumers'
import { keepNurserySmall } from '../../../client/node/nursery.ts'
import type { Memory } from './memory.ts'
import { STEPS, type Device } from './reader.ts'

const memory = (step: string, found: number): Memory => ({
  step,
  found,
  peak: process.resourceUsage().maxRSS * 1024,
  rss: process.memoryUsage().rss,
})

keepNurserySmall()
const device = (await json(process.stdin)) as Device
const all: Memory[] = []
for (const [name, step] of Object.entries(STEPS)) {
  const found = await step(device)
  all.push(memory(name, found))
}
console.log(JSON.stringify(all))
process.exit(0)
