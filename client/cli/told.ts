/** An error with its own words in both languages, where the general words of its code would say too little. */
import { AlveoleError, type ErrorCode } from '#crypto'
import type { Localised } from '#vocab'

export class Told extends AlveoleError {
  readonly words: Localised

  constructor(code: ErrorCode, words: Localised, options: { cause?: unknown } = {}) {
    super(code, words.en, options)
    this.words = words
  }
}

export const usage = (fr: string, en: string): Told => new Told('usage', { fr, en })
export const absent = (fr: string, en: string): Told => new Told('not-granted', { fr, en })
