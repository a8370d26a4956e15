/** What the reader takes, step by step: in a process of its own, and in a worker of a page of Chromium. */
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../../chromium.ts'
import { memoryOf, type Memory } from './process-memory.ts'
import { STEPS, type Device } from './reader.ts'

export async function memoryInNode(device: Device): Promise<Memory[]> {
  const main = fileURLToPath(new URL('node-reader.ts', import.meta.url))
  const child = spawn(process.execPath, [main], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(device))
  return (await json(child.stdout)) as Memory[]
}

/** `device.prefix` serves the page, and its code as `/entry.js`. */
export async function memoryInChromium(device: Device): Promise<Memory[]> {
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    await page.goto(device.prefix)
    await page.evaluate(async () => {
      const worker = new Worker('/entry.js', { type: 'module' })
      const answer = (): Promise<number> =>
        new Promise((resolve, reject) => {
          worker.addEventListener('message', ({ data }: MessageEvent<number>) => resolve(data), { once: true })
          worker.addEventListener('error', ({ message }) => reject(new Error(message)), { once: true })
        })
      await answer()
      const ask = (message: unknown): Promise<number> => {
        worker.postMessage(message)
        return answer()
      }
      Object.assign(globalThis, { ask })
    })
    const ask = (step: string): Promise<number> =>
      page.evaluate(message => (globalThis as unknown as { ask(message: unknown): Promise<number> }).ask(message), {
        step,
        device,
      })
    await ask('idle')
    const renderers = await renderersOf(browser)
    for (const pid of renderers) await writeFile(`/proc/${pid}/clear_refs`, '5') // the most so far counts from here on
    const all = [{ step: 'idle', found: 0, ...(await memoryOf(renderers)) }]
    for (const step of Object.keys(STEPS).filter(name => name !== 'idle'))
      all.push({ step, found: await ask(step), ...(await memoryOf(renderers)) })
    return all
  } finally {
    await browser.close()
  }
}

/** One has the page, others wait for another. */
async function renderersOf(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
}
