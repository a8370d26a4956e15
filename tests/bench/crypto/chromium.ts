/** The same measurements in Chromium, in a process of its own. */
import { onBundledPage } from '../../bundled-page.ts'
import type { Figures, Inputs } from './figures.ts'

export const figuresInChromium = (inputs: Inputs): Promise<Figures & { browser: string }> =>
  onBundledPage(new URL('figures.ts', import.meta.url), inputs, async (page, browser) => {
    const measured = await page.evaluate(async (): Promise<Figures> => {
      const { bundled } = globalThis as unknown as { bundled: typeof import('./figures.ts') }
      return bundled.figures((await (await fetch('/data.json')).json()) as Inputs)
    })
    return { ...measured, browser: `Chromium ${browser.version()}` }
  })
