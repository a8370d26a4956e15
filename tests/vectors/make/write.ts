/** Writes one vector file; every vector is replayed before it is kept. */
import { isCode } from '#crypto'
import { writeFileSync } from 'node:fs'
import { replay } from '../replay.ts'
import { type Input, inputOf, type Invalid, type Json, toJson, type Valid, type VectorFile } from '../vector.ts'

export const flip = (field: string, at: number) => ({ field, at, remove: 1, insert: 'ee' })
export const cut = (field: string, at: number) => ({ field, at, remove: 1 << 30, insert: '' })
export const more = (field: string) => ({ field, at: 1 << 30, remove: 0, insert: '00' })
type Bad = Omit<Invalid, 'code' | 'from'> & { code?: string; from?: string }

export async function write(format: string, valid: { name: string; input: object }[], invalid: Bad[]): Promise<void> {
  const run = replay[format]!
  const file: VectorFile = { format, valid: [], invalid: [] }
  for (const { name, input } of valid) {
    const json = toJson(input) as Input
    file.valid.push({ name, input: json, output: await run(json) } satisfies Valid)
  }
  for (const bad of invalid) {
    const whole: Invalid = { code: 'tampered', ...bad, from: bad.from ?? valid[0]!.name }
    file.invalid.push({ ...whole, ...(whole.set ? { set: toJson(whole.set) as Input } : {}) })
    await mustFail(file, file.invalid.at(-1)!)
  }
  writeFileSync(new URL(`../${format}.json`, import.meta.url), `${JSON.stringify(file, null, 1)}\n`)
}

async function mustFail(file: VectorFile, vector: Invalid): Promise<void> {
  let output: Json
  try {
    output = await replay[file.format]!(inputOf(file, vector))
  } catch (error) {
    if (isCode(error, vector.code as 'tampered')) return
    throw error
  }
  throw new Error(`${file.format}: ${vector.name} was read as ${JSON.stringify(output)}`)
}
