/**
 * One person in a browser of their own, watched all along: violations of the policy, errors on the console, requests to
 * anything but the page's server and the pods.
 */
import { mkdir } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'

export interface Site {
  /** Of the web client. */
  url: string
  /** Of the pod server. */
  pod: string
}

export const artifacts = join(import.meta.dirname, '.artifacts')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  id: string
  help: string
  nodes: { html: string; failureSummary?: string }[]
}

/** The pod answering "not there" or "somebody was first" is part of the protocol; Chromium logs it as an error. */
const isAnswerOfPod = (text: string, url: string, pod: string): boolean =>
  text.startsWith('Failed to load resource') && url.startsWith(pod)

export interface Visitor {
  page: Page
  context: BrowserContext
  /** What must stay empty. */
  complaints: string[]
  /** Goes on once the heading of the page reads so. */
  at(title: string | RegExp): Promise<void>
  /** A screenshot and an accessibility check of what is shown, in light and dark, wide and narrow. */
  inspect(name: string): Promise<void>
  close(): Promise<void>
}

export async function visit(browser: Browser, site: Site, locale: 'en' | 'fr' = 'en'): Promise<Visitor> {
  const context = await browser.newContext({
    locale,
    timezoneId: 'Europe/Paris',
    viewport: { width: 1180, height: 860 },
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  const complaints: string[] = []
  const origins = [site.url, site.pod].map(url => new URL(url).origin)
  context.on('request', request => {
    const { origin, protocol } = new URL(request.url())
    if (protocol !== 'blob:' && protocol !== 'data:' && !origins.includes(origin))
      complaints.push(`third party: ${request.url()}`)
  })
  context.on('console', message => {
    const url = message.location().url
    if (message.type() === 'error' && !isAnswerOfPod(message.text(), url, site.pod))
      complaints.push(`console: ${message.text()} (${url})`)
  })
  context.on('weberror', error => complaints.push(`error: ${error.error().message}`))
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', event =>
      console.error('policy', event.violatedDirective, event.blockedURI, event.sample),
    )
  })
  const visitor: Visitor = {
    page,
    context,
    complaints,
    at: async title => page.getByRole('heading', { level: 1, name: title }).waitFor(),
    inspect: name => inspect(page, complaints, name),
    close: () => context.close(),
  }
  await page.goto(site.url)
  return visitor
}

async function inspect(page: Page, complaints: string[], name: string): Promise<void> {
  await mkdir(artifacts, { recursive: true })
  await page.evaluate(() => scrollTo(0, 0))
  const shoot = (look: string): Promise<unknown> =>
    page.screenshot({ path: join(artifacts, `${name}-${look}.png`), fullPage: true })
  await check(page, complaints, `${name} light`)
  await shoot('wide')
  await page.emulateMedia({ colorScheme: 'dark' })
  await check(page, complaints, `${name} dark`)
  await page.setViewportSize({ width: 390, height: 780 })
  await shoot('phone-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await check(page, complaints, `${name} phone`)
  await shoot('phone')
  await page.setViewportSize({ width: 320, height: 640 })
  const spill = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (spill > 0) complaints.push(`${name}: ${spill} pixels wider than a screen of 320`)
  await page.setViewportSize({ width: 1180, height: 860 })
}

async function check(page: Page, complaints: string[], name: string): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe)
  const violations = await page.evaluate(async () => {
    const runner = (window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe
    return (await runner.run()).violations
  })
  for (const { id, help, nodes } of violations) {
    complaints.push(
      `${name}: ${id}, ${help}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join(' | ')}`,
    )
  }
}
