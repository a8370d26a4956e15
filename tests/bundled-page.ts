/** A module of ours, bundled, on an empty page of its own in Chromium. */
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { rolldown } from 'rolldown'
import { launchChromium } from './chromium.ts'

const ORIGIN = 'https://page.example'
const HTML = `<!doctype html><script type="module">import * as it from '/entry.js'; globalThis.bundled = it</script>`

/** By path. */
export async function bundled(entry: URL): Promise<Map<string, string>> {
  const build = await rolldown({ input: fileURLToPath(entry), platform: 'browser' })
  const { output } = await build.generate({ format: 'es', entryFileNames: 'entry.js' })
  return new Map(output.flatMap(file => (file.type === 'chunk' ? [[`/${file.fileName}`, file.code] as const] : [])))
}

/** `globalThis.bundled` is the module, `/data.json` the data. */
export async function onBundledPage<T>(
  module: URL,
  data: unknown,
  work: (page: Page, browser: Browser) => Promise<T>,
): Promise<T> {
  const files = await bundled(module)
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    await page.route(`${ORIGIN}/**`, route => {
      const { pathname } = new URL(route.request().url())
      if (pathname === '/data.json') return route.fulfill({ json: data })
      const code = files.get(pathname)
      return route.fulfill(
        code ? { body: code, contentType: 'text/javascript' } : { body: HTML, contentType: 'text/html' },
      )
    })
    await page.goto(ORIGIN)
    return await work(page, browser)
  } finally {
    await browser.close()
  }
}
