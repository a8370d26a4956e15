#!/usr/bin/env node
/** `alveole`: the vault from a terminal or a script. The manual is README.md. */
import { collectBuffersEarly } from '../node/buffers.ts'
import { keepNurserySmall } from '../node/nursery.ts'
import { exitCode } from './exit-codes.ts'
import { run } from './run.ts'

collectBuffersEarly()
keepNurserySmall()

// A reader that has seen enough (`alveole list | head`) is no error
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : exitCode(error)))

const interruption = new AbortController()
const CANCELLED = 130
process.on('SIGINT', () => {
  if (interruption.signal.aborted) process.exit(CANCELLED)
  interruption.abort()
})

// Sockets that are kept alive must not hold the process
process.exit(await run(process.argv.slice(2), process.env, interruption.signal))
