/**
 * The randomness of the vectors: a stream per format, so that making them again gives the very same bytes. In place before
 * anything draws (generate.ts imports it first); nothing but this folder may.
 */
import { createHash } from 'node:crypto'

let [name, block] = ['', 0]
let rest = Buffer.alloc(0)

/** What is drawn from here on depends on `format` and on the order of the draws alone. */
export function drawsFor(format: string): void {
  ;[name, block, rest] = [format, 0, Buffer.alloc(0)]
}

function fill<T extends ArrayBufferView>(into: T): T {
  const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength)
  while (rest.length < bytes.length)
    rest = Buffer.concat([rest, createHash('sha512').update(`${name} ${block++}`).digest()])
  bytes.set(rest.subarray(0, bytes.length))
  rest = rest.subarray(bytes.length)
  return into
}

Object.defineProperty(globalThis.crypto, 'getRandomValues', { value: fill })
