/** The same measurements in Chromium: the module bundled, on a page of its own, in a process of its own. */
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { launchChromium } from '../../chromium.ts'
import type { Figures, Inputs } from './figures.ts'

const ORIGIN = 'https://bench.example'

async function bundled(): Promise<Map<string, string>> {
  const input = fileURLToPath(new URL('figures.ts', import.meta.url))
  const build = await rolldown({ input, platform: 'browser' })
  const { output } = await build.generate({ format: 'es' })
  return new Map(output.flatMap(file => (file.type === 'chunk' ? [[`/${file.fileName}`, file.code] as const] : [])))
}

export async function figuresInChromium(inputs: Inputs): Promise<Figures & { browser: string }> {
  const files = await bundled()
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    await page.route(`${ORIGIN}/**`, route => {
      const { pathname } = new URL(route.request().url())
      if (pathname === '/cells.json') return route.fulfill({ json: inputs })
      const code = files.get(pathname)
      return route.fulfill(
        code ? { body: code, contentType: 'text/javascript' } : { body: '<!doctype html>', contentType: 'text/html' },
      )
    })
    await page.goto(ORIGIN)
    const measured = await page.evaluate(async (): Promise<Figures> => {
      const entry = '/figures.js'
      const { figures } = (await import(entry)) as typeof import('./figures.ts')
      return figures((await (await fetch('/cells.json')).json()) as Inputs)
    })
    return { ...measured, browser: `Chromium ${browser.version()}` }
  } finally {
    await browser.close()
  }
}
