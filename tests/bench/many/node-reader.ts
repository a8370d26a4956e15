/** The reader in a process of its own, set up as the command line is: a device as JSON on stdin, memory after each step on stdout. */
import { json } from 'node:stream/consumers'
import { keepNurserySmall } from '../../../client/node/nursery.ts'
import { memoryOf, type Memory } from './process-memory.ts'
import { STEPS, type Device } from './reader.ts'

keepNurserySmall()
const device = (await json(process.stdin)) as Device
const all: Memory[] = []
for (const [step, work] of Object.entries(STEPS))
  all.push({ step, found: await work(device), ...(await memoryOf([process.pid])) })
console.log(JSON.stringify(all))
process.exit(0)
