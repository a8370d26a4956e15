/**
 * A member's browser with one large file: picked from the disk and stored, then downloaded, every byte compared; and the most memory that
 * the page and its workers took above what they have when nothing happens.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { en } from '../../client/web/locales/en.ts'
import { buildWeb, webFolder } from '../../client/web/build.ts'
import { serveWeb } from '../../client/web/serve.ts'
import { becomeMember, goTo, somebody } from '../web/acts.ts'
import type { Visitor } from '../web/visitor.ts'
import { barePage, type BarePage } from './bare-chromium.ts'
import { generated } from './generated.ts'

const STEP = 1024 * 1024
/** Milliseconds. */
const SAMPLE = 50

export interface BrowserFigures {
  bytes: number
  up: { seconds: number; renderers: number }
  down: { seconds: number; renderers: number }
}

function* blocks(size: number): Generator<Uint8Array> {
  for (let at = 0; at < size; at += STEP) yield generated(at, Math.min(size, at + STEP))
}

/** A member in the page where files are added. */
const memberAt = (url: string) => async (page: Page) => {
  await page.goto(url)
  const at: Visitor['at'] = async title => page.getByRole('heading', { level: 1, name: title }).waitFor()
  const visitor = { page, at } as Visitor
  await becomeMember(visitor, somebody('Rose'))
  await goTo(visitor, 'add')
}

const button = (words: string): string =>
  `[...document.querySelectorAll('button')].find(one => one.textContent.includes(${JSON.stringify(words)}))`
const link = (words: string): string =>
  `[...document.querySelectorAll('a')].find(one => one.textContent.includes(${JSON.stringify(words)}))`

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await setTimeout(SAMPLE)
}
const shown = (page: BarePage, what: string): Promise<void> => until(() => page.evaluate<boolean>(`Boolean(${what})`))

async function add(page: BarePage, path: string, name: string): Promise<void> {
  await page.chooseFile(path, `${button(en.add.pick)}.click()`)
  const entry = `[...document.querySelectorAll('li[data-step]')].find(one => one.textContent.includes('${name}'))`
  await until(async () => {
    const step = await page.evaluate<string | null>(`${entry}?.dataset.step ?? null`)
    if (step === 'failed') throw new Error(await page.evaluate<string>(`${entry}.textContent`))
    return step === 'stored'
  })
}

/** Chromium gives it its name when it is whole. */
async function download(page: BarePage, folder: string, name: string): Promise<void> {
  await page.downloadTo(folder)
  await page.evaluate(`${button(en.item.download(name))}.click()`)
  await until(() =>
    stat(join(folder, name)).then(
      () => true,
      () => false,
    ),
  )
}

async function isAsItWas(path: string, size: number): Promise<boolean> {
  let at = 0
  for await (const chunk of createReadStream(path, { highWaterMark: STEP }) as AsyncIterable<Buffer>) {
    if (Buffer.compare(chunk, generated(at, at + chunk.length))) return false
    at += chunk.length
  }
  return at === size
}

/** The most above idle while the work is done, in bytes. */
async function measured(page: BarePage, work: () => Promise<void>): Promise<{ seconds: number; renderers: number }> {
  await page.collectGarbage()
  await setTimeout(2000)
  const [idle, start, over] = [await page.memory(), performance.now(), new AbortController()]
  let most = 0
  const watched = until(async () => {
    most = Math.max(most, await page.memory())
    return over.signal.aborted
  })
  await work().finally(() => over.abort())
  await watched
  return { seconds: (performance.now() - start) / 1000, renderers: most - idle }
}

async function throughBrowser(page: BarePage, folder: string, size: number): Promise<BrowserFigures> {
  const [small, large, back] = [join(folder, 'small.bin'), join(folder, 'film.bin'), join(folder, 'back')]
  await writeFile(small, generated(0, 100))
  await pipeline(Readable.from(blocks(size)), createWriteStream(large))
  await add(page, small, 'small.bin')
  const up = await measured(page, () => add(page, large, 'film.bin'))
  await page.evaluate(`${link(en.nav.vault)}.click()`)
  await shown(page, link('film.bin'))
  await page.evaluate(`${link('film.bin')}.click()`)
  await shown(page, button(en.item.download('film.bin')))
  const down = await measured(page, () => download(page, back, 'film.bin'))
  if (!(await isAsItWas(join(back, 'film.bin'), size))) throw new Error('other bytes came back')
  return { bytes: size, up, down }
}

export async function bigFileInBrowser(pod: string, size: number): Promise<BrowserFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'alveole-soak-'))
  await buildWeb()
  const { url, server } = await serveWeb({ folder: webFolder, port: 0, podUrl: pod })
  const page = await barePage(memberAt(url))
  try {
    return await throughBrowser(page, folder, size)
  } finally {
    await page.close()
    server.close()
    await rm(folder, { recursive: true })
  }
}
