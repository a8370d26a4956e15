/**
 * Logs to standard error: standard output belongs to the program. One line of JSON per message, nothing below the level, and
 * nothing of persons: addresses, WebIDs, e-mails and paths are taken out of what CSS has to say.
 */
import type { Logger, LoggerFactory, LogLevel } from '@solid/community-server'
import { css } from '../css.ts'

const TAKEN_OUT: [RegExp, string][] = [
  [/\b(?:https?|wss?):\/\/[^\s"'<>,;)\]}]+/g, '<address>'],
  [/[^\s"'<>@]+@[^\s"'<>@]+\.[^\s"'<>@]+/g, '<e-mail>'],
  [/(?<![\w<])(?:[A-Za-z]:)?(?:[/\\][^\s"'<>/\\,;:)\]}]+){2,}[/\\]?/g, '<path>'],
]

export const withoutPersons = (message: string): string =>
  TAKEN_OUT.reduce((text, [pattern, word]) => text.replaceAll(pattern, word), message)

class StderrLogger extends css.BaseLogger {
  readonly #label: string
  readonly #worst: number

  constructor(label: string, level: LogLevel) {
    super()
    this.#label = label
    this.#worst = css.LOG_LEVELS.indexOf(level)
  }

  override log(level: LogLevel, message: string): Logger {
    if (css.LOG_LEVELS.indexOf(level) <= this.#worst) {
      const line = { time: new Date().toISOString(), level, part: this.#label, message: withoutPersons(message) }
      process.stderr.write(`${JSON.stringify(line)}\n`)
    }
    return this
  }
}

export class StderrLoggerFactory implements LoggerFactory {
  readonly #level: LogLevel

  constructor(level: LogLevel) {
    this.#level = level
  }

  createLogger(label: string): Logger {
    return new StderrLogger(label, this.#level)
  }
}
