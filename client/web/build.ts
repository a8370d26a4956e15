/** Builds the web client into dist/web when anything it is made of has changed since the last build. */
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
export const webFolder = join(root, 'dist/web')
const mark = join(webFolder, '.sources')

const sources = ['client/web', 'client/core', 'crypto', 'vocab']

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(root, 'package.json')))
  for (const folder of sources) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
    const files = entries.filter(entry => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
    for (const file of files.toSorted()) hash.update(file.slice(root.length)).update(await readFile(file))
  }
  return hash.digest('hex')
}

/** True when a build was needed. Vite is loaded only then. */
export async function buildWeb(): Promise<boolean> {
  const hash = await hashOfSources()
  const built = await readFile(mark, 'utf8').catch(() => '')
  if (built === hash) return false
  const { build } = await import('vite')
  await build({ configFile: join(root, 'client/web/vite.config.ts') })
  await writeFile(mark, hash)
  return true
}
