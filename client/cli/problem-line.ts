/** One line of a report: where, and what its code means. */
import { AlveoleError, type ErrorCode } from '#crypto'
import type { Language } from '#vocab'
import { errorText } from '../core/messages.ts'

export const problemLine = (where: string, code: string, language: Language): string =>
  `! ${where}: ${errorText(new AlveoleError(code as ErrorCode), language)}`
