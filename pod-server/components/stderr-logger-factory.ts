/** Logs to standard error: standard output belongs to the program. One line per message, nothing below the level. */
import type { Logger, LoggerFactory, LogLevel } from '@solid/community-server'
import { css } from '../css.ts'

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
      process.stderr.write(`${new Date().toISOString()} ${level} [${this.#label}] ${message}\n`)
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
