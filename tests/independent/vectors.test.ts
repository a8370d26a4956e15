/** The vectors, read and refused by a decoder that shares no code with the product. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inputOf, type VectorFile } from '../vectors/vector.ts'
import { Refused } from './cbor.ts'
import { replay } from './replay.ts'

const folder = new URL('../vectors/', import.meta.url)
const files = readdirSync(folder)
  .filter(name => name.endsWith('.json'))
  .map(name => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as VectorFile)

it('reads every format that has vectors', () => {
  expect(Object.keys(replay).toSorted()).toEqual(files.map(({ format }) => format).toSorted())
})

it('shares no code with the product', () => {
  const own = readdirSync(new URL('.', import.meta.url)).filter(name => !name.endsWith('.test.ts'))
  const imported = own.flatMap(name => {
    const source = readFileSync(new URL(name, import.meta.url), 'utf8')
    return [...source.matchAll(/from '([^']+)'/g)].map(([, from]) => from!)
  })
  expect(imported.length).toBeGreaterThan(40)
  const foreign = new Set(imported.filter(from => !/^(\.\/[a-z]+\.ts|node:[a-z]+|libsodium-wrappers-sumo)$/.test(from)))
  expect([...foreign].filter(from => !from.startsWith('@scure/bip39/wordlists/'))).toEqual([])
})

describe.each(files)('$format', ({ format, ...file }) => {
  const run = replay[format]!

  it.each(file.valid)('is read: $name', ({ input, output }) => expect(run(input)).toEqual(output))

  it.each(file.invalid)('[$rule] is refused: $name', vector => {
    try {
      run(inputOf({ format, ...file }, vector))
    } catch (error) {
      expect(error).toBeInstanceOf(Refused)
      expect((error as Refused).code).toBe(vector.code)
      return
    }
    expect.unreachable('it was read')
  })
})
