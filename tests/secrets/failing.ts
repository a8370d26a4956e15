/** Fails in every way, and tells all that there is to tell of it: `node --import ./record.ts failing.ts`. */
import { inspect } from 'node:util'
import { failures } from './failures.ts'

for (const work of Object.values(await failures()))
  await work().catch((error: unknown) => console.log(JSON.stringify(error), inspect(error, { depth: 10 })))
