/** The real build on the real pod server, and a browser to visit it with. */
import type { Browser } from 'playwright-core'
import { buildWeb, webFolder } from '../../client/web/build.ts'
import { serveWeb } from '../../client/web/serve.ts'
import { launchChromium } from '../chromium.ts'
import type { Site } from './visitor.ts'

export interface OpenSite extends Site {
  browser: Browser
  close(): Promise<void>
}

export async function openSite(pod: string, options: { demoFile?: string } = {}): Promise<OpenSite> {
  await buildWeb()
  const { url, server } = await serveWeb({ folder: webFolder, port: 0, podUrl: pod, ...options })
  const browser = await launchChromium()
  const close = async (): Promise<void> => {
    await browser.close()
    server.close()
  }
  return { url, pod, browser, close }
}
