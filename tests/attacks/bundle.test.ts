/**
 * [A22] The web client, altered where it is served. Its page names by hash what it loads itself; what its modules load later, and the
 * worker, have none yet, nor are hashes published.
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { buildWeb, webFolder } from '../../client/web/build.ts'
import { serveWeb } from '../../client/web/serve.ts'
import { launchChromium } from '../chromium.ts'

let folder: string
let browser: Browser
beforeAll(async () => {
  await buildWeb()
  folder = await mkdtemp(join(tmpdir(), 'alveole-bundle-'))
  await cp(webFolder, folder, { recursive: true })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await rm(folder, { recursive: true })
})

/** What the page itself loads. */
async function named(what: 'script' | 'stylesheet'): Promise<string> {
  const html = await readFile(join(folder, 'index.html'), 'utf8')
  const tag =
    what === 'script' ? /<script[^>]*src="\/(assets\/[^"]+)"/ : /<link rel="stylesheet"[^>]*href="\/(assets\/[^"]+)"/
  return tag.exec(html)![1]!
}

/** The page as somebody gets it, and what the browser says of it. */
async function visited(look: (page: Page, refused: Promise<string>) => Promise<void>): Promise<void> {
  const { url, server } = await serveWeb({ folder, port: 0, podUrl: inject('pod') })
  const page = await browser.newPage()
  const refused = page
    .waitForEvent('console', message => /integrity/i.test(message.text()))
    .then(message => message.text())
  refused.catch(() => undefined)
  try {
    await page.goto(url)
    await look(page, refused)
  } finally {
    await page.close()
    server.close()
  }
}

test('[A22] as it was built, it runs', () =>
  visited(async page => {
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await page.evaluate(() => document.styleSheets.length)).toBeGreaterThan(0)
  }))

test.each(['script', 'stylesheet'] as const)(
  '[A22] with one octet more in its %s, the browser takes none of it',
  async what => {
    const path = await named(what)
    const honest = await readFile(join(folder, path))
    await writeFile(join(folder, path), Buffer.concat([honest, Buffer.from('\n')]))
    await visited(async (page, refused) => {
      expect(await refused).toContain(path)
      if (what === 'script') expect(await page.getByRole('heading').count()).toBe(0)
      else
        expect(await page.evaluate(() => [...document.styleSheets].map(({ href }) => href).join())).not.toContain(path)
    })
    await writeFile(join(folder, path), honest)
  },
)

test('[A22] no page loads a script or style without its hash', async () => {
  const pages = (await readdir(folder)).filter(name => name.endsWith('.html'))
  for (const name of pages) {
    const html = await readFile(join(folder, name), 'utf8')
    expect(html.match(/<(script|link)[^>]*(?:src|href)="\/assets[^>]*>/g)).toEqual(
      html.match(/<(script|link)[^>]*(?:src|href)="\/assets[^>]*integrity="sha384-[^>]*>/g),
    )
  }
})
