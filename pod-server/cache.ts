/** The way to build the server, compiled at the first start of a version and read back afterwards. */
import { randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compilationKey, compile, load } from './compile.ts'
import type { Build } from './compile.ts'
import { cache } from './css.ts'

export const buildFunction = async (): Promise<Build> => {
  if (!cache) return load(await compile())
  const path = join(cache, `${compilationKey()}.cjs`)
  const known = await readFile(path, 'utf8').catch(() => null)
  if (known !== null) return load(known)
  const code = await compile()
  const part = `${path}.${randomUUID()}`
  // A full disk costs the next start four seconds, not this one its success.
  await writeFile(part, code, { mode: 0o600 })
    .then(() => rename(part, path))
    .catch(() => {})
  return load(code)
}
