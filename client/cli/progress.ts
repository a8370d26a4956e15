/** How far a long command is, on standard error: a bar that redraws itself on a terminal, now and then a line elsewhere. */
import type { Language, Localised } from '#vocab'

export interface Progress {
  /** `done` from 0 to 1, or null where the end is not known. */
  show(words: Localised, done: number | null): void
  /** Leaves a clean line behind. */
  end(): void
}

const REDRAW = 100
const LINE = 10_000
const WIDTH = 24
/** Where a terminal does not tell its width. */
const NARROW = 80

export function progressOn(stream: NodeJS.WriteStream, language: Language, isJson: boolean): Progress {
  if (stream.isTTY) return bar(stream, language)
  return isJson ? { show: () => undefined, end: () => undefined } : lines(stream, language)
}

const percent = (done: number | null): string => (done === null ? '' : `${Math.floor(done * 100)} %`)

function bar(stream: NodeJS.WriteStream, language: Language): Progress {
  let drawn = 0
  const draw = (text: string) => stream.write(`\r\u001B[K${text}`)
  return {
    show: (words, done) => {
      if (Date.now() - drawn < REDRAW) return
      drawn = Date.now()
      const filled = Math.round((done ?? 0) * WIDTH)
      const gauge = done === null ? '' : `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} `
      const head = `${gauge}${percent(done).padStart(5)} `
      draw(head + words[language].slice(0, Math.max(0, (stream.columns || NARROW) - head.length - 1)))
    },
    end: () => {
      if (drawn) draw('')
      drawn = 0
    },
  }
}

function lines(stream: NodeJS.WriteStream, language: Language): Progress {
  let told = Date.now()
  return {
    show: (words, done) => {
      if (Date.now() - told < LINE) return
      told = Date.now()
      stream.write(`${words[language]} ${percent(done)}\n`)
    },
    end: () => undefined,
  }
}
