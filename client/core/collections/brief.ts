/** What an index says of a cell: enough to list, date and find its record without reading it (SPEC §9). */
import type { Brief, Cell } from '#crypto'
import { kind as kindOf, type PropertyType } from '#vocab'
import { blobsIn } from '../blob-refs.ts'
import { fold } from '../search.ts'

/** What people search by what they see of it: not how a source spells it, nor keys and hashes. */
const UNSEEN: ReadonlySet<PropertyType> = new Set(['source', 'origin', 'flag', 'thumbnail'])

/** null: a tombstone. */
export function briefOf({ kind, properties }: Pick<Cell, 'kind' | 'properties'>): Brief | null {
  if (!properties) return null
  const known = kindOf(kind)
  const said: Brief['said'] = {}
  for (const name of known?.said ?? []) if (Object.hasOwn(properties, name)) said[name] = properties[name]
  const seen: string[] = []
  for (const name of Object.keys(properties)) {
    const type = known?.properties[name]?.type
    if (!type || !UNSEEN.has(type)) collect(type, properties[name], seen)
  }
  let words = ''
  for (const text of seen) {
    const folded = fold(text)
    if (!words.includes(folded)) words += words ? ` ${folded}` : folded
  }
  return { said, words: words.toWellFormed() } // of a text cut inside a character
}

function collect(type: PropertyType | undefined, value: unknown, into: string[]): void {
  if (typeof value === 'string') into.push(value)
  else if (typeof value === 'number') into.push(String(value))
  else if (type === 'blob') into.push(...blobsIn(value).map(({ name }) => name))
  else if (typeof value === 'object' && value !== null) {
    for (const [name, child] of Object.entries(value))
      if (name === 'ref' && typeof child === 'string') into.push(refWord(child))
      else if (name !== 'system') collect(undefined, child, into)
  }
}

/** How a reference to another record is found: no word that people type begins so. Of Latin-1, in which engines keep text by the byte. */
export const refWord = (record: string): string => `\u00b6${record}`
