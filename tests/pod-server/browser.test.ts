/** [A36] In a real browser: an account made on the server's own pages, in French; a page of another port sees nothing of it. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchChromium } from '../chromium.ts'

const base = inject('pod')
let browser: Browser
let foreign: Server

beforeAll(async () => {
  browser = await launchChromium()
  foreign = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Another port</h1>')
  }).listen(0)
  await once(foreign, 'listening')
})

afterAll(async () => {
  await browser.close()
  foreign.close()
})

/** What the account API shows of the account that the browser's cookie stands for. */
const controls = async (url: string): Promise<string[]> => {
  const response = await fetch(`${url}.account/`, { credentials: 'include', headers: { accept: 'application/json' } })
  const { controls: shown } = (await response.json()) as { controls: { account: object } }
  return Object.keys(shown.account)
}

test('whoever is signed in is so on these pages only', async () => {
  const context = await browser.newContext({ locale: 'fr-FR' })
  const page = await context.newPage()
  await page.goto(`${base}.account/login/password/register/`)
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Créer un compte')
  await page.fill('#email', `${Math.random()}@example.org`)
  await page.fill('#password', 'a long password')
  await page.fill('#confirmPassword', 'a long password')
  await page.click('button[type=submit]')
  await page.getByRole('heading', { name: 'Votre compte' }).waitFor()
  expect(await page.evaluate(controls, base)).toContain('logins')
  const other = await context.newPage()
  await other.goto(`http://localhost:${(foreign.address() as AddressInfo).port}/`)
  expect(await other.evaluate(controls, base)).toEqual(['create'])
  await context.close()
})

test('and in English for everybody else', async () => {
  const context = await browser.newContext({ locale: 'de-DE' })
  const page = await context.newPage()
  await page.goto(`${base}.account/login/password/register/`)
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Create account')
  await context.close()
})
