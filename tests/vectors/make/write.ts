/** Keeps one vector file; every vector is replayed before. */
import { readFileSync, writeFileSync } from 'node:fs'
import { isCode } from '#crypto'
import { replay } from '../replay.ts'
import { type Input, inputOf, type Invalid, type Json, toJson, type Valid, type VectorFile } from '../vector.ts'

export const flip = (field: string, at: number) => ({ field, at, remove: 1, insert: 'ee' })
export const cut = (field: string, at: number) => ({ field, at, remove: 1 << 30, insert: '' })
export const more = (field: string) => ({ field, at: 1 << 30, remove: 0, insert: '00' })
/** `set` takes bytes as they are. */
type Bad = Omit<Invalid, 'code' | 'from' | 'set'> & { code?: string; from?: string; set?: object }
type Good = Omit<Valid, 'input' | 'output'> & { input: object }

const checking = process.argv.includes('--check')

export async function write(format: string, valid: Good[], invalid: Bad[]): Promise<void> {
  const run = replay[format]!
  const file: VectorFile = { format, valid: [], invalid: [] }
  for (const { input, ...good } of valid) {
    const json = toJson(input) as Input
    file.valid.push({ ...good, input: json, output: await run(json) })
  }
  for (const { set, ...bad } of invalid) {
    const from = bad.from ?? valid[0]!.name
    file.invalid.push({ code: 'tampered', ...bad, from, ...(set && { set: toJson(set) as Input }) })
    await mustFail(file, file.invalid.at(-1)!)
  }
  keep(new URL(`../${format}.json`, import.meta.url), `${JSON.stringify(file, null, 1)}\n`)
}

function keep(url: URL, text: string): void {
  if (!checking) writeFileSync(url, text)
  else if (readFileSync(url, 'utf8') !== text) throw new Error(`${url.pathname} is not what is made today`)
}

async function mustFail(file: VectorFile, vector: Invalid): Promise<void> {
  let output: Json
  try {
    output = await replay[file.format]!(inputOf(file, vector))
  } catch (error) {
    if (isCode(error, vector.code as 'tampered')) return
    throw new Error(`${file.format}: ${vector.name}`, { cause: error })
  }
  throw new Error(`${file.format}: ${vector.name} was read as ${JSON.stringify(output)}`)
}
