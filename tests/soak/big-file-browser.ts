/**
 * A member's browser with one large file: picked from the disk and stored, then downloaded, every byte compared; and the most memory that
 * the page and its workers took above what they have when nothing happens.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import { en } from '../../client/web/locales/en.ts'
import { becomeMember, goTo, somebody } from '../web/acts.ts'
import { openSite } from '../web/site.ts'
import { visit, type Visitor } from '../web/visitor.ts'
import { generated } from './generated.ts'
import { collectGarbage, mostWhile, rendererMemory } from './processes.ts'

const STEP = 1024 * 1024
/** Milliseconds: as long as the slowest machine may take. */
const PATIENCE = { timeout: 2 * 3600_000 }

export interface BrowserFigures {
  bytes: number
  up: { seconds: number; renderers: number }
  down: { seconds: number; renderers: number }
}

function* blocks(size: number): Generator<Uint8Array> {
  for (let at = 0; at < size; at += STEP) yield generated(at, Math.min(size, at + STEP))
}

async function add({ page }: Visitor, path: string, name: string): Promise<void> {
  await goTo({ page } as Visitor, 'add')
  const button = page.getByRole('button', { name: en.add.pick })
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button.click()])
  await chooser.setFiles(path)
  await page.locator('li[data-step=stored]').filter({ hasText: name }).waitFor(PATIENCE)
}

async function download({ page }: Visitor, name: string, to: string): Promise<void> {
  const button = page.getByRole('button', { name: en.item.download(name) })
  const [file] = await Promise.all([page.waitForEvent('download', PATIENCE), button.click()])
  await file.saveAs(to)
}

async function isAsItWas(path: string, size: number): Promise<boolean> {
  let at = 0
  for await (const chunk of createReadStream(path, { highWaterMark: STEP }) as AsyncIterable<Buffer>) {
    if (Buffer.compare(chunk, generated(at, at + chunk.length))) return false
    at += chunk.length
  }
  return at === size
}

export async function bigFileInBrowser(pod: string, size: number): Promise<BrowserFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'alveole-soak-'))
  const [small, large, back] = ['small.bin', 'film.bin', 'back.bin'].map(name => join(folder, name)) as [
    string,
    string,
    string,
  ]
  await writeFile(small, generated(0, 100))
  await pipeline(Readable.from(blocks(size)), createWriteStream(large))
  const site = await openSite(pod)
  try {
    const visitor = await visit(site.browser, site)
    const measured = async (work: () => Promise<void>) => {
      await collectGarbage(visitor.page)
      await setTimeout(2000)
      const [idle, start] = [await rendererMemory(site.browser), performance.now()]
      const renderers = await mostWhile(site.browser, idle, work)
      return { seconds: (performance.now() - start) / 1000, renderers }
    }
    await becomeMember(visitor, somebody('Rose'))
    await add(visitor, small, 'small.bin')
    const up = await measured(() => add(visitor, large, 'film.bin'))
    await goTo(visitor, 'vault')
    await visitor.page.getByRole('link', { name: 'film.bin' }).click()
    await visitor.at('film.bin')
    const down = await measured(() => download(visitor, 'film.bin', back))
    if (!(await isAsItWas(back, size))) throw new Error('other bytes came back')
    return { bytes: size, up, down }
  } finally {
    await site.close()
    await rm(folder, { recursive: true })
  }
}
