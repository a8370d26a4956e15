/**
 * Passwords and kits, by prompt without echo, from a file, or from standard input (`-`, a line each); never from
 * arguments or environment, which other processes can read.
 */
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Language, Localised } from '#vocab'
import { Told, usage } from './told.ts'

export interface Wanted {
  /** The option that names its file, as people type it. */
  option: string
  prompt: Localised
  /** A new secret: typed twice at the prompt. */
  twice?: boolean
  /** Several lines: takes all that is left of standard input. */
  many?: boolean
}

export class Secrets {
  readonly #language: Language
  #lines: string[] | null = null

  constructor(language: Language) {
    this.#language = language
  }

  get canAsk(): boolean {
    return process.stdin.isTTY && process.stderr.isTTY
  }

  async read(file: string | undefined, wanted: Wanted): Promise<string> {
    const secret = await this.#from(file, wanted)
    if (secret === '')
      throw usage(`${wanted.prompt.fr} : rien n’a été donné.`, `${wanted.prompt.en}: nothing was given.`)
    return secret
  }

  async #from(file: string | undefined, wanted: Wanted): Promise<string> {
    if (file === '-') return this.#fromInput(wanted)
    if (file !== undefined) return withoutNewline(await readSecret(file))
    if (this.canAsk) return this.#ask(wanted)
    throw usage(
      `Il manque ${wanted.option} FICHIER (- : entrée standard).`,
      `${wanted.option} FILE is missing (-: standard input).`,
    )
  }

  async #fromInput({ many }: Wanted): Promise<string> {
    this.#lines ??= withoutNewline(await text(process.stdin)).split(/\r?\n/)
    return this.#lines.splice(0, many ? this.#lines.length : 1).join('\n')
  }

  async #ask({ prompt, twice }: Wanted): Promise<string> {
    const ask = (words: Localised): Promise<string> =>
      askUnseen(this.#language === 'fr' ? `${words.fr} : ` : `${words.en}: `)
    const secret = await ask(prompt)
    const again = { fr: 'Encore une fois', en: 'Once more' }
    if (twice && secret !== (await ask(again))) {
      throw usage('Les deux saisies diffèrent.', 'The two entries differ.')
    }
    return secret
  }
}

const withoutNewline = (content: string): string => content.replace(/\r?\n$/, '')

async function readSecret(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new Told('usage', { fr: `Impossible de lire ${file}.`, en: `${file} cannot be read.` }, { cause })
  }
}

/** Line editing without a trace on the screen. Ctrl-C is `cancelled`, as everywhere. */
async function askUnseen(prompt: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const line = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  const cancelled = new Promise<never>((_resolve, reject) => {
    const stop = () => reject(new Told('cancelled', { fr: 'Annulé.', en: 'Cancelled.' }))
    line.once('SIGINT', stop).once('close', stop)
  })
  process.stderr.write(prompt)
  try {
    return await Promise.race([line.question(''), cancelled])
  } finally {
    line.close()
    process.stderr.write('\n')
  }
}
