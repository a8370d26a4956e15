/**
 * Memory of the processes that Chromium draws its pages in, workers of theirs among them: asked of Chromium (CDP) which these are, and
 * of Linux what each holds that is no file's.
 */
import { readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'

/** Milliseconds. */
const SAMPLE = 50

/** Bytes. */
export async function rendererMemory(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const renderers = processInfo.filter(({ type }) => type === 'renderer')
  const each = await Promise.all(renderers.map(({ id }) => anonymous(id)))
  return each.reduce((sum, bytes) => sum + bytes, 0)
}

/** 0 where the process has ended meanwhile. */
async function anonymous(id: number): Promise<number> {
  const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '')
  return 1024 * Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1] ?? 0)
}

async function mostUntil(over: AbortSignal, browser: Browser): Promise<number> {
  let most = 0
  while (!over.aborted) {
    most = Math.max(most, await rendererMemory(browser))
    await setTimeout(SAMPLE)
  }
  return most
}

/** The most that the work took above `idle`, in bytes. */
export async function mostWhile(browser: Browser, idle: number, work: () => Promise<void>): Promise<number> {
  const over = new AbortController()
  const watched = mostUntil(over.signal, browser)
  await work().finally(() => over.abort())
  return (await watched) - idle
}

/** In the page and in its workers, so that what their start left behind does not count as room that they may take. */
export async function collectGarbage(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const message = JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' })
  const collected: Promise<unknown>[] = [session.send('HeapProfiler.collectGarbage')]
  session.on('Target.attachedToTarget', ({ sessionId }) => {
    collected.push(session.send('Target.sendMessageToTarget', { sessionId, message }))
  })
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false })
  await setTimeout(2000)
  await Promise.all(collected)
  await session.detach()
}
