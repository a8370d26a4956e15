/** Objects kept in IndexedDB, against the port's acceptance suite, in Chromium; then what only a browser does. */
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ObjectStore } from '../../client/core/object-store.ts'
import { launchChromium } from '../chromium.ts'
import { objectStoreContract } from '../object-store-contract.ts'
import type * as InPage from './idb-page.ts'

const ORIGIN = 'https://objects.example'
const PAGE = `<!doctype html><script type="module">import * as all from '/idb-page.js'; window.inPage = all</script>`
let browser: Browser
let page: Page

beforeAll(async () => {
  const input = fileURLToPath(new URL('idb-page.ts', import.meta.url))
  const { output } = await (await rolldown({ input, platform: 'browser' })).generate({ format: 'es' })
  browser = await launchChromium()
  page = await browser.newPage()
  await page.route(`${ORIGIN}/**`, route =>
    route.request().url().endsWith('.js')
      ? route.fulfill({ body: output[0].code, contentType: 'text/javascript' })
      : route.fulfill({ body: PAGE, contentType: 'text/html' }),
  )
})
afterAll(() => browser.close())

/** Calls one of idb-page.ts's in the page. */
function call<N extends keyof typeof InPage>(
  name: N,
  ...args: Parameters<(typeof InPage)[N]>
): Promise<Awaited<ReturnType<(typeof InPage)[N]>>> {
  return page.evaluate(
    ({ name, args }) => {
      const { inPage } = window as unknown as { inPage: Record<string, (...args: unknown[]) => unknown> }
      return inPage[name]!(...args)
    },
    { name, args },
  ) as Promise<Awaited<ReturnType<(typeof InPage)[N]>>>
}

async function load(): Promise<void> {
  await page.goto(ORIGIN)
  await page.waitForFunction(() => 'inPage' in window)
}

async function opened(person: string, options: { limit?: number; now?: () => number } = {}): Promise<ObjectStore> {
  const at = await call('open', person, options.limit)
  const tick = async (): Promise<void> => call('setNow', options.now?.() ?? 0)
  return {
    limit: await call('limit', at),
    async has(url) {
      await tick()
      return call('has', at, url)
    },
    async get(url) {
      await tick()
      const found = await call('get', at, url)
      return found && new Uint8Array(found)
    },
    async put(url, bytes) {
      await tick()
      await call('put', at, url, [...bytes])
    },
    delete: url => call('remove', at, url),
    size: () => call('size', at),
  }
}

/** A place of its own. The page is loaded anew at each opening: as a browser that was closed in between. */
const place = async () => {
  await load()
  await page.evaluate(() => new Promise(done => (indexedDB.deleteDatabase('alveole-objects').onsuccess = done)))
  const person = `https://pod.example/${randomUUID()}`
  return {
    open: async (options?: { limit?: number; now?: () => number }) => {
      await load()
      return opened(person, options)
    },
  }
}

objectStoreContract('IndexedDB', place)

test('two persons of one browser do not see each other’s', async () => {
  await (await place()).open()
  const [alice, bob] = [await opened('https://pod.example/alice'), await opened('https://pod.example/bob')]
  await alice.put('a', new Uint8Array(3))
  expect(await bob.get('a')).toBe(null)
})

test('where the browser gives no more room, older ones go and the new one is kept', async () => {
  const store = await (await place()).open()
  for (const one of ['a', 'b', 'c', 'd']) await store.put(one, new Uint8Array(100))
  await call('refuse', 1)
  await store.put('e', new Uint8Array(100))
  expect(await store.get('e')).toEqual(new Uint8Array(100))
  expect(await store.size()).toEqual({ objects: 3, bytes: 300 })
})

test('where it gives none at all, nothing fails', async () => {
  const store = await (await place()).open()
  await store.put('a', new Uint8Array(100))
  await call('refuse', 2)
  await store.put('b', new Uint8Array(100))
  expect(await store.get('b')).toBe(null)
})
