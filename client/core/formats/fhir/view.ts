/**
 * Reads of a parsed resource that expect a type and note where another is found, so that an odd file gives named
 * problems instead of a crash or a silent gap.
 */
import { Decimal } from './json.ts'
import type { Raw } from './json.ts'

export class View {
  private readonly members: Map<string, Raw>
  readonly path: string
  private readonly wrong: Set<string>

  /** `wrong` collects the paths where a value was not of the type asked for. */
  constructor(members: Map<string, Raw>, path: string, wrong: Set<string>) {
    this.members = members
    this.path = path
    this.wrong = wrong
  }

  private read<T>(name: string, convert: (raw: Raw) => T | undefined): T | undefined {
    const raw = this.members.get(name)
    if (raw === undefined || raw === null) return undefined
    const value = convert(raw)
    if (value === undefined) this.mark(name)
    return value
  }

  mark(name: string): void {
    this.wrong.add(`${this.path}.${name}`)
  }

  has(name: string): boolean {
    return this.members.has(name)
  }

  text(name: string): string | undefined {
    return this.read(name, raw => (typeof raw === 'string' ? raw : undefined))
  }

  flag(name: string): boolean | undefined {
    return this.read(name, raw => (typeof raw === 'boolean' ? raw : undefined))
  }

  /** A number as it was written. */
  decimal(name: string): string | undefined {
    return this.read(name, raw => (raw instanceof Decimal ? raw.text : undefined))
  }

  object(name: string): View | undefined {
    return this.read(name, raw => (raw instanceof Map ? new View(raw, `${this.path}.${name}`, this.wrong) : undefined))
  }

  private list<T>(name: string, convert: (raw: Raw, path: string) => T | undefined): T[] {
    const raws = this.read(name, raw => (Array.isArray(raw) ? raw : undefined)) ?? []
    return raws.flatMap((raw, index) => {
      const path = `${name}[${index}]`
      const value = raw === null ? undefined : convert(raw, `${this.path}.${path}`)
      if (value === undefined && raw !== null) this.mark(path)
      return value === undefined ? [] : [value]
    })
  }

  objects(name: string): View[] {
    return this.list(name, (raw, path) => (raw instanceof Map ? new View(raw, path, this.wrong) : undefined))
  }

  texts(name: string): string[] {
    return this.list(name, raw => (typeof raw === 'string' ? raw : undefined))
  }
}
