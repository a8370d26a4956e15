/** Small pictures of papers and films, made on the device and locked with them; and the pages of a PDF where it is opened. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { en } from '../../client/web/locales/en.ts'
import { startPod } from '../../pod-server/pod.ts'
import { becomeMember, goTo, pickFiles, somebody } from './acts.ts'
import { makeFilm } from './film.ts'
import { endless, paper } from './pdfs.ts'
import { openSite, type OpenSite } from './site.ts'
import { visit, type Visitor } from './visitor.ts'

const t = en
/** Milliseconds. */
const PATIENCE = { timeout: 30_000 }
const WORDS = ['Haemoglobin of Rose', 'Second page']

let data: string
let pod: Awaited<ReturnType<typeof startPod>>
let site: OpenSite
let hers: Visitor

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'alveole-previews-'))
  pod = await startPod({ port: 0, data, quiet: true })
  site = await openSite(pod.url)
  hers = await visit(site.browser, site)
  await becomeMember(hers, somebody('Rose'))
}, 300_000)
afterAll(async () => {
  await site.close()
  await pod.stop()
  await rm(data, { recursive: true })
})

const thumbnail = (name: string) => hers.page.getByRole('img', { name: t.item.picture(name) })

/** Colour at a place of a picture or canvas, in parts of its width and height. */
const colourAt = (selector: string, x: number, y: number): Promise<number[]> =>
  hers.page.locator(selector).evaluate(
    (element: HTMLImageElement | HTMLCanvasElement, [x, y]) => {
      const canvas = new OffscreenCanvas(1, 1)
      const context = canvas.getContext('2d')!
      context.drawImage(element, x! * element.width, y! * element.height, 1, 1, 0, 0, 1, 1)
      return [...context.getImageData(0, 0, 1, 1).data]
    },
    [x, y],
  )

test('a PDF and a film have their picture in the list; a hostile PDF has none, and is stored all the same', async () => {
  const film = await makeFilm(hers.page, 1000)
  await goTo(hers, 'add')
  await pickFiles(hers, [
    paper('results.pdf', WORDS),
    { name: 'film.webm', mimeType: 'video/webm', buffer: film },
    endless('endless.pdf'),
    { name: 'broken.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\nnothing that follows') },
  ])
  const drawing = () => hers.page.workers().filter(worker => worker.url().includes('pdf.worker')).length
  await expect.poll(drawing, PATIENCE).toBe(0)
  await goTo(hers, 'vault')
  for (const name of ['results.pdf', 'film.webm']) {
    await hers.page.getByRole('link', { name }).scrollIntoViewIfNeeded() // unlocked where it is looked at
    await thumbnail(name).waitFor()
  }
  await hers.inspect('vault-thumbnails')
  expect(await thumbnail('endless.pdf').count()).toBe(0)
  expect(await thumbnail('broken.pdf').count()).toBe(0)
  expect(hers.complaints).toEqual([])
}, 240_000)

test('the pod holds neither the paper nor its picture in clear', async () => {
  const files = (await readdir(data, { recursive: true, withFileTypes: true })).filter(entry => entry.isFile())
  const all = Buffer.concat(await Promise.all(files.map(file => readFile(join(file.parentPath, file.name)))))
  expect(all.length).toBeGreaterThan(10_000)
  for (const clear of ['%PDF-', ...WORDS, 'results.pdf', 'JFIF', '/9j/4AAQ', '\xff\xd8\xff\xe0'])
    expect(all.includes(Buffer.from(clear, 'latin1'))).toBe(false)
})

test('its pages are drawn one by one where it is opened, by the keyboard alone', async () => {
  const { page } = hers
  await page.getByRole('link', { name: 'results.pdf' }).click()
  await hers.at('results.pdf')
  await page.locator('canvas[data-page="1"]').waitFor()
  expect(await colourAt('canvas', 0.5, 0.12)).toEqual([0, 0, 255, 255])
  const next = page.getByRole('button', { name: t.item.nextPage })
  await next.focus()
  await page.keyboard.press('Enter')
  await page.locator('canvas[data-page="2"]').waitFor()
  expect(await colourAt('canvas', 0.5, 0.12)).toEqual([0, 255, 255, 255])
  await page.getByRole('img', { name: t.item.page(2, 2, 'results.pdf') }).waitFor()
  await hers.inspect('item-pdf')
  await goTo(hers, 'vault')
  await page.getByRole('link', { name: 'broken.pdf' }).click()
  await page.getByText(t.item.unshowable).waitFor(PATIENCE)
  await page.getByRole('button', { name: t.item.download('broken.pdf') }).waitFor()
  expect(hers.complaints).toEqual([])
})
