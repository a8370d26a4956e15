/**
 * JSON read by position (RFC 8259), because `JSON.parse` forgets two things we keep: the exact text of each resource
 * and how numbers were written (1.50). The scanner walks one level at a time without recursion, so that a file cut
 * short gives all that came before the cut, and nesting of any depth costs no stack.
 */
export type JsonFault = 'cut-short' | 'syntax' | 'too-deep' | 'wrong-type'

export class JsonError extends Error {
  readonly fault: JsonFault
  readonly at: number

  constructor(fault: JsonFault, at: number) {
    super(`${fault} at ${at}`)
    this.name = 'JsonError'
    this.fault = fault
    this.at = at
  }
}

/** A number as it was written. */
export class Decimal {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Raw = null | boolean | string | Decimal | Raw[] | Map<string, Raw>

const SPACE = /[ \t\n\r]*/y
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
/** Deeper than any resource there is; keeps the recursive parser within its stack. */
const MAX_DEPTH = 200

export class Scanner {
  readonly text: string
  at: number

  constructor(text: string, at = 0) {
    this.text = text
    this.at = at
  }

  /** The next character that is not white space; throws `cut-short` at the end. */
  peek(): string {
    SPACE.lastIndex = this.at
    SPACE.test(this.text)
    this.at = SPACE.lastIndex
    const char = this.text[this.at]
    if (char === undefined) throw new JsonError('cut-short', this.at)
    return char
  }

  atEnd(): boolean {
    SPACE.lastIndex = this.at
    SPACE.test(this.text)
    this.at = SPACE.lastIndex
    return this.at >= this.text.length
  }

  private expect(...chars: string[]): string {
    const char = this.peek()
    if (!chars.includes(char)) throw new JsonError('syntax', this.at)
    this.at += 1
    return char
  }

  private skipString(): void {
    const start = this.at
    for (let at = start + 1; ; at += 1) {
      at = this.text.indexOf('"', at)
      if (at < 0) throw new JsonError('cut-short', start)
      let slashes = at - 1
      while (this.text[slashes] === '\\') slashes -= 1
      if ((at - slashes) % 2 === 0) continue
      this.at = at + 1
      return
    }
  }

  string(): string {
    if (this.peek() !== '"') throw new JsonError('syntax', this.at)
    const start = this.at
    this.skipString()
    try {
      return JSON.parse(this.text.slice(start, this.at)) as string
    } catch {
      throw new JsonError('syntax', start)
    }
  }

  private scalar(): string {
    SCALAR.lastIndex = this.at
    const found = SCALAR.exec(this.text)?.[0]
    if (found) {
      this.at += found.length
      return found
    }
    const rest = this.text.slice(this.at, this.at + 8)
    const cut = rest.length < 6 && ['true', 'false', 'null', '-'].some(word => word.startsWith(rest))
    throw new JsonError(cut ? 'cut-short' : 'syntax', this.at)
  }

  /** Steps over one value of any depth: brackets are matched, what is between them is checked when it is parsed. */
  skip(): void {
    const open: string[] = []
    do {
      const char = this.peek()
      if (char === '"') this.skipString()
      else if (char === '{' || char === '[') {
        open.push(char === '{' ? '}' : ']')
        this.at += 1
      } else if (char === '}' || char === ']') {
        if (open.pop() !== char) throw new JsonError('syntax', this.at)
        this.at += 1
      } else if (open.length > 0 && (char === ',' || char === ':')) this.at += 1
      else this.scalar()
    } while (open.length > 0)
  }

  /** Keys of the object here. The caller reads each value, or leaves it to be skipped. */
  *members(): Generator<string> {
    this.expect('{')
    if (this.peek() === '}') {
      this.at += 1
      return
    }
    do {
      const key = this.string()
      this.expect(':')
      this.peek()
      const start = this.at
      yield key
      if (this.at === start) this.skip()
    } while (this.expect(',', '}') === ',')
  }

  /** Indexes of the array here, in the same manner. */
  *items(): Generator<number> {
    this.expect('[')
    if (this.peek() === ']') {
      this.at += 1
      return
    }
    let index = 0
    do {
      this.peek()
      const start = this.at
      yield index
      if (this.at === start) this.skip()
      index += 1
    } while (this.expect(',', ']') === ',')
  }

  parse(depth = 0): Raw {
    if (depth > MAX_DEPTH) throw new JsonError('too-deep', this.at)
    const char = this.peek()
    if (char === '"') return this.string()
    if (char === '{') {
      const object = new Map<string, Raw>()
      for (const key of this.members()) object.set(key, this.parse(depth + 1))
      return object
    }
    if (char === '[') {
      const list: Raw[] = []
      for (const index of this.items()) list[index] = this.parse(depth + 1)
      return list
    }
    const word = this.scalar()
    if (word === 'null') return null
    return word === 'true' || word === 'false' ? word === 'true' : new Decimal(word)
  }
}

/** One text for one content: keys sorted, no white space, numbers as written. */
export function canonical(raw: Raw): string {
  if (raw instanceof Decimal) return raw.text
  if (Array.isArray(raw)) return `[${raw.map(canonical).join(',')}]`
  if (!(raw instanceof Map)) return JSON.stringify(raw)
  const members = [...raw].sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, value]) => `${JSON.stringify(key)}:${canonical(value)}`).join(',')}}`
}
