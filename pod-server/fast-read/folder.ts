/**
 * The names of a folder that decide how CSS reads a resource in it. CSS keeps a resource under its own name, or with
 * `$.` and the extension of its type behind it, and takes the first such name that the folder lists.
 */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { FreshFiles } from './fresh-files.ts'

/** More than this many rules and variants in one folder are not kept in memory. */
const LARGEST = 5_000

/** `'unusual'`: under another name, under two, or, where case does not matter, perhaps under this one. */
export type Presence = 'absent' | 'present' | 'unusual'

/** By the name of the resource in lower case. Only variants, rules and metadata; the rest is found by opening it. */
type Names = ReadonlyMap<string, readonly string[]>

const namesIn = async (folder: string): Promise<Names> => {
  const names = new Map<string, string[]>()
  for (const name of await readdir(folder)) {
    const lower = name.toLowerCase()
    const [resource = ''] = lower.split('$.', 1)
    if (resource === lower && !/\.(?:acl|meta)$/.test(lower)) continue
    names.set(resource, [...(names.get(resource) ?? []), name])
  }
  if (names.size > LARGEST) throw new Error(`${folder} is too large to be kept`)
  return names
}

/** The folder, with its last slash, and the name in it, of what stands at `path` below `root`. */
export const placeOf = (root: string, path: string): { folder: string; name: string } => {
  const end = path.lastIndexOf('/') + 1
  return { folder: join(root, '/', path.slice(0, end)), name: path.slice(end) }
}

export class Folders {
  readonly #kept = new FreshFiles<Names>(500)

  /** Of an `.acl` or `.meta`; of anything else `'absent'` says only that it has no variant. */
  async presence(folder: string, name: string): Promise<Presence> {
    const names = await this.#names(folder, name)
    if (!names) return 'absent'
    return names.length === 1 && names[0] === name ? 'present' : 'unusual'
  }

  /** The name of the file of a resource that is neither rules nor metadata, if it stands there. Throws when there may be two. */
  async fileName(folder: string, name: string): Promise<string> {
    const [variant, second] = (await this.#names(folder, name)) ?? []
    if (variant === undefined) return name
    if (second !== undefined || !variant.startsWith(`${name}$.`) || existsSync(folder + name))
      throw new Error('two files')
    return variant
  }

  async #names(folder: string, name: string): Promise<readonly string[] | undefined> {
    return (await this.#kept.get(folder, folder, () => namesIn(folder))).get(name.toLowerCase())
  }
}
