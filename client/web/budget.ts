/**
 * Measures the build against what was promised: script of the first load, of each page, and the crypto kept out of both.
 * `node client/web/budget.ts` prints the figures and ends with 1 when one is over.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildWeb, webFolder } from './build.ts'

export const limits = { firstLoad: 120_000, page: 90_000 }

interface Chunk {
  file: string
  isEntry?: boolean
  imports?: string[]
  dynamicImports?: string[]
}
type Manifest = { [name: string]: Chunk }

export interface Figures {
  /** Gzip bytes of what the page loads before it shows anything: the entry and the welcome page. */
  firstLoad: number
  /** Gzip bytes that each page adds. */
  pages: { [name: string]: number }
  /** Scripts of the first load, by file. */
  files: string[]
}

function closure(manifest: Manifest, name: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[name]
  if (!chunk || seen.has(chunk.file)) return seen
  seen.add(chunk.file)
  for (const next of chunk.imports ?? []) closure(manifest, next, seen)
  return seen
}

const gzipped = async (file: string): Promise<number> =>
  gzipSync(await readFile(join(webFolder, file)), { level: 9 }).length

const sum = async (files: Iterable<string>): Promise<number> =>
  (await Promise.all([...files].map(gzipped))).reduce((total, size) => total + size, 0)

export async function measure(): Promise<Figures> {
  const manifest = JSON.parse(await readFile(join(webFolder, 'manifest.json'), 'utf8')) as Manifest
  const entry = Object.entries(manifest).find(([name, { isEntry }]) => isEntry && name === 'index.html')
  if (!entry) throw new Error('No entry in the manifest of the build')
  const always = closure(manifest, entry[0])
  const added = async (page: string): Promise<number> =>
    sum([...closure(manifest, page)].filter(file => !always.has(file)))
  const names = (entry[1].dynamicImports ?? []).filter(name => name.startsWith('pages/'))
  const pages = Object.fromEntries(await Promise.all(names.map(async name => [name, await added(name)] as const)))
  const first = new Set([...always, ...closure(manifest, 'pages/welcome.tsx')])
  return { firstLoad: await sum(first), pages, files: [...first] }
}

export const excesses = ({ firstLoad, pages }: Figures): string[] => [
  ...(firstLoad > limits.firstLoad ? [`first load: ${firstLoad} > ${limits.firstLoad}`] : []),
  ...Object.entries(pages)
    .filter(([, size]) => size > limits.page)
    .map(([name, size]) => `${name}: ${size} > ${limits.page}`),
]

if (import.meta.main) {
  await buildWeb()
  const figures = await measure()
  console.log(`first load ${figures.firstLoad}`)
  for (const [name, size] of Object.entries(figures.pages)) console.log(`${name} ${size}`)
  for (const excess of excesses(figures)) console.error(excess)
  process.exit(excesses(figures).length > 0 ? 1 : 0)
}
