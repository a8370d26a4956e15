/** Replays the frozen vectors of tests/vectors, valid and invalid. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isCode } from '#crypto'
import { replay } from '../vectors/replay.ts'
import { inputOf, type VectorFile } from '../vectors/vector.ts'

const folder = new URL('../vectors/', import.meta.url)
const files = readdirSync(folder)
  .filter(name => name.endsWith('.json'))
  .map(name => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as VectorFile)
const rules = new Set(
  readFileSync(new URL('../../crypto/SPEC.md', import.meta.url), 'utf8').match(/(?<=\*\*)[A-Z]\d+(?=\*\*)/g),
)

it('has vectors of every format, and a replay for every vector', () => {
  expect(files.map(({ format }) => format).toSorted()).toEqual(Object.keys(replay).toSorted())
})

describe.each(files)('$format', file => {
  const run = replay[file.format]!

  it.each(file.valid)('is read: $name', async ({ input, output }) => expect(await run(input)).toEqual(output))

  it.each(file.invalid)('[$rule] is refused: $name', async vector => {
    expect(rules).toContain(vector.rule)
    try {
      await run(inputOf(file, vector))
    } catch (error) {
      if (!isCode(error, vector.code as 'tampered')) throw error
      return
    }
    expect.unreachable('it was read')
  })
})
