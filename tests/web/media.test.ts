/** Video and sound play and seek in the browser, out of parts that are fetched as they are needed and opened on the device. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { en } from '../../client/web/locales/en.ts'
import { becomeMember, goTo, somebody } from './acts.ts'
import { makeFilm } from './film.ts'
import { picture } from './papers.ts'
import { openSite, type OpenSite } from './site.ts'
import { visit, type Visitor } from './visitor.ts'

const t = en
const MIB = 1024 * 1024
/** Milliseconds. */
const PATIENCE = { timeout: 20_000 }

/** A WAV file of silence with a beat, 8 kHz, 8 bits (RIFF WAVE, PCM). */
function sound(bytes: number): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + bytes, 4)
  header.write('WAVEfmt ', 8)
  for (const [value, size, at] of [
    [16, 4, 16],
    [1, 2, 20],
    [1, 2, 22],
    [8000, 4, 24],
    [8000, 4, 28],
    [1, 2, 32],
    [8, 2, 34],
  ] as const)
    header.writeUIntLE(value, at, size)
  header.write('data', 36)
  header.writeUInt32LE(bytes, 40)
  return Buffer.concat([header, Buffer.from(Uint8Array.from({ length: bytes }, (_, i) => (i % 4000 < 40 ? 160 : 128)))])
}

describe('a member with a film and a long recording', () => {
  let site: OpenSite
  let hers: Visitor
  let film: Buffer
  /** Parts of files. */
  const [sent, fetched]: [string[], string[]] = [[], []]

  beforeAll(async () => {
    site = await openSite(inject('pod'))
    hers = await visit(site.browser, site)
    await becomeMember(hers, somebody('Rose'))
  })
  afterAll(() => site.close())

  const openItem = async (name: string): Promise<void> => {
    await goTo(hers, 'vault')
    await hers.page.getByRole('link', { name }).click()
    await hers.at(name)
  }
  const at = (tag: 'video' | 'audio'): Promise<number> =>
    hers.page.locator(tag).evaluate((media: HTMLMediaElement) => media.currentTime)
  const play = (tag: 'video' | 'audio') =>
    hers.page.locator(tag).evaluate(async (media: HTMLMediaElement) => {
      media.muted = true
      await media.play()
    })
  const seek = (tag: 'video' | 'audio', to: number) =>
    hers.page.locator(tag).evaluate(
      (media: HTMLMediaElement, time) =>
        new Promise(resolve => {
          media.addEventListener('seeked', resolve, { once: true })
          media.currentTime = time
        }),
      to,
    )

  it('adds them, one after a pause', async () => {
    film = await makeFilm(hers.page, 4.2 * MIB)
    hers.context.on('request', request => {
      if (!/\/c\/[\w-]{22}\/[\w-]{22}\/[\w-]{22}\.alv$/.test(request.url())) return
      if (request.method() === 'PUT') sent.push(request.url())
      else if (request.method() === 'GET') fetched.push(request.url())
    })
    await goTo(hers, 'add')
    const folder = await mkdtemp(join(tmpdir(), 'alveole-media-'))
    const files = { 'film.webm': film, 'story.wav': sound(12 * MIB), 'hive.png': picture(300).buffer }
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes)
    const button = hers.page.getByRole('button', { name: t.add.pick })
    const [chooser] = await Promise.all([hers.page.waitForEvent('filechooser'), button.click()])
    await chooser.setFiles(Object.keys(files).map(name => join(folder, name)))
    const tray = (step: string) => hers.page.locator(`li[data-step=${step}]`)
    await expect.poll(() => sent.length, PATIENCE).toBeGreaterThan(1)
    await tray('sending').getByRole('button', { name: t.add.pause }).dispatchEvent('click')
    await tray('paused').filter({ hasText: 'film.webm' }).waitFor()
    await hers.inspect('add-paused')
    await expect.poll(() => tray('stored').count(), { timeout: 120_000 }).toBe(2)
    await tray('paused').getByRole('button', { name: t.add.resume }).click()
    await expect.poll(() => tray('stored').count(), { timeout: 120_000 }).toBe(3)
    await rm(folder, { recursive: true })
  }, 240_000)

  it('plays the film, wherever she seeks, and fetches what that takes', async () => {
    expect(film.length).toBeGreaterThan(30 * MIB)
    await openItem('film.webm')
    await hers.page.locator('video').waitFor()
    await expect
      .poll(() => hers.page.locator('video').evaluate((media: HTMLVideoElement) => media.readyState), PATIENCE)
      .toBeGreaterThan(0)
    const shown = await hers.page
      .locator('video')
      .evaluate((media: HTMLVideoElement) => [media.videoWidth, media.duration])
    expect(shown).toEqual([64, 600])
    await seek('video', 540.2)
    await play('video')
    await expect.poll(() => at('video'), PATIENCE).toBeGreaterThan(540.4)
    const parts = (sent.length * film.length) / (film.length + 12 * MIB)
    expect(new Set(fetched).size).toBeLessThan((2 / 3) * parts)
    await seek('video', 0)
    await play('video')
    await expect.poll(() => at('video'), PATIENCE).toBeGreaterThan(0.1)
    await hers.inspect('item-film')
    expect(hers.complaints).toEqual([])
  })

  it('plays the recording from its end by one or two parts more', async () => {
    fetched.length = 0
    await openItem('story.wav')
    await hers.page.locator('audio').waitFor()
    await expect
      .poll(() => hers.page.locator('audio').evaluate((media: HTMLAudioElement) => media.readyState), PATIENCE)
      .toBeGreaterThan(0)
    const length = await hers.page.locator('audio').evaluate((media: HTMLAudioElement) => media.duration)
    expect(length).toBeCloseTo((12 * MIB) / 8000, 0)
    const before = new Set(fetched).size
    await seek('audio', length - 3)
    await play('audio')
    await expect.poll(() => at('audio'), PATIENCE).toBeGreaterThan(length - 2.5)
    expect(new Set(fetched).size - before).toBeLessThanOrEqual(2)
    expect(hers.complaints).toEqual([])
  })

  it('shows a list of pictures without fetching any, and the picture itself where it is opened', async () => {
    fetched.length = 0
    await goTo(hers, 'vault')
    await hers.page.getByRole('button', { name: /^Photos/ }).click()
    const image = hers.page.getByRole('img', { name: t.item.picture('hive.png') })
    await image.waitFor()
    const width = () => image.evaluate((element: HTMLImageElement) => element.naturalWidth)
    await expect.poll(width, PATIENCE).toBe(256)
    expect(fetched).toEqual([])
    await hers.page.getByRole('link', { name: /hive\.png/ }).click()
    await expect.poll(width, PATIENCE).toBe(300)
    expect(fetched).toHaveLength(1)
    expect(hers.complaints).toEqual([])
  })

  it('gives it to players only, and to nobody once another page is shown or the vault is locked', async () => {
    const { page } = hers
    await openItem('film.webm')
    const address = (await page.locator('video').getAttribute('src')) ?? ''
    expect(address).toMatch(/^\/media\/[\w-]{22}$/)
    const ask = () => page.evaluate(url => fetch(url).then(({ status }) => status), address)
    const plays = (of: string) =>
      page.evaluate(
        url =>
          new Promise(resolve => {
            const media = new Audio(`${url}#${performance.now()}`) // a name of its own: players of one share what they have
            const end = (answer: boolean) => (): void => {
              resolve(answer)
              media.removeAttribute('src')
              media.load()
            }
            media.addEventListener('loadedmetadata', end(true))
            media.addEventListener('error', end(false))
          }),
        of,
      )
    expect(await plays(address)).toBe(true)
    expect(await ask()).toBe(404)
    const other = await hers.context.newPage()
    await expect(other.goto(new URL(address, site.url).href)).rejects.toThrow('HTTP_RESPONSE_CODE_FAILURE')
    await other.close()
    await goTo(hers, 'home')
    await expect.poll(() => plays(address), PATIENCE).toBe(false)
    await openItem('film.webm')
    const again = (await page.locator('video').getAttribute('src')) ?? ''
    expect(again).not.toBe(address)
    await page.getByRole('button', { name: t.nav.lock }).click()
    await page.getByRole('button', { name: t.nav.lock }).waitFor({ state: 'hidden' })
    await expect.poll(() => plays(again), PATIENCE).toBe(false)
  })
})
