/** Loaded before the program: what it asks for goes, a line a request, to the file that ALVEOLE_TEST_REQUESTS names. */
import { appendFileSync } from 'node:fs'

const real = globalThis.fetch
globalThis.fetch = (input, init) => {
  const url = input instanceof Request ? input.url : String(input)
  appendFileSync(process.env['ALVEOLE_TEST_REQUESTS']!, `${init?.method ?? 'GET'} ${url}\n`)
  return real(input, init)
}
