/** Answers on standard output, errors on standard error; JSON exactly as the contract has it, or words. */
import { once } from 'node:events'
import { debuglog } from 'node:util'
import { errorText } from '../core/messages.ts'
import { AlveoleError } from '#crypto'
import type { Language } from '#vocab'
import type { Result } from './command.ts'
import { printable } from './table.ts'
import { Told } from './told.ts'

export function printResult({ json, text }: Result, isJson: boolean): Promise<void> {
  const words = isJson ? JSON.stringify(json, null, process.stdout.isTTY ? 2 : 0) : text()
  return words ? write(`${words}\n`) : Promise.resolve()
}

/** Resolves when the reader keeps up: a slow pipe holds the whole chain. */
export async function write(bytes: Uint8Array | string): Promise<void> {
  if (!process.stdout.write(bytes)) await once(process.stdout, 'drain')
}

/** `NODE_DEBUG=alveole` shows where an error comes from, for whoever looks for its cause. */
const debug = debuglog('alveole')

export function printError(error: unknown, language: Language, isJson: boolean): void {
  debug('%o', error)
  const message = wordsOf(error, language)
  const code = error instanceof AlveoleError ? error.code : 'unexpected'
  process.stderr.write(
    isJson ? `${JSON.stringify({ error: { code, message } })}\n` : `alveole: ${printable(message)}\n`,
  )
}

function wordsOf(error: unknown, language: Language): string {
  return error instanceof Told ? error.words[language] : errorText(error, language)
}
