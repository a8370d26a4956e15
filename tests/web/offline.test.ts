/**
 * A browser that loses its pod: it goes on reading, keeps what is changed, survives a reload meanwhile, and sends it once the pod
 * answers; and hears of what another device does without being looked at.
 */
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { en } from '../../client/web/locales/en.ts'
import { becomeMember, dropFiles, goTo, somebody } from './acts.ts'
import { openSite, type OpenSite } from './site.ts'
import { visit, type Visitor } from './visitor.ts'

let site: OpenSite
beforeAll(async () => void (site = await openSite(inject('pod'))), 300_000)
afterAll(() => site.close())

const paper = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(`the text of ${name}`) })
/** That the line is down is what Chromium says here; anything else is a complaint. */
const isLine = (text: string): boolean => /ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket connection to/.test(text)

async function remove({ page, at }: Visitor, name: string): Promise<void> {
  await page.getByRole('link', { name }).click()
  await at(name)
  await page.getByRole('button', { name: en.item.remove }).click()
  await page.getByRole('dialog').getByRole('button', { name: en.item.removeYes }).click()
  await at(en.vault.title)
}

test('what is changed without a network is there after a reload, and on the pod once it is back', async () => {
  const visitor = await visit(site.browser, site)
  const { page, context } = visitor
  const alice = somebody('Alice')
  await becomeMember(visitor, alice)
  await goTo(visitor, 'add')
  await dropFiles(visitor, [paper('one.txt'), paper('two.txt'), paper('three.txt')])
  await goTo(visitor, 'vault')
  await page.getByText(en.vault.count(3)).waitFor()

  await context.setOffline(true)
  await remove(visitor, 'one.txt')
  await page.getByText(en.vault.count(2)).waitFor()
  await page.getByText(en.standing.offline).waitFor()
  await page.getByText(en.standing.waiting(1)).waitFor()
  await visitor.inspect('offline')
  await context.setOffline(false)

  // The page's own server answers, the pod does not: as with a vault on a server of its own
  const silence = `${new URL(site.pod).origin}/**`
  await context.route(silence, route => route.abort('internetdisconnected'))
  await page.reload()
  await page.getByRole('button', { name: en.nav.lock }).waitFor()
  await goTo(visitor, 'vault')
  await page.getByText(en.vault.count(2)).waitFor()
  await page.getByText(en.standing.waiting(1)).waitFor()
  await page.getByRole('button', { name: en.nav.lock }).click()
  await unlocked(visitor, alice)
  await goTo(visitor, 'vault')
  await remove(visitor, 'two.txt')
  await page.getByText(en.standing.waiting(2)).waitFor()

  await context.unroute(silence)
  await page.getByText(en.standing.waiting(2)).waitFor({ state: 'detached' })
  await page.getByText(en.standing.offline).waitFor({ state: 'detached' })
  const other = await anotherBrowser(alice)
  await other.page.getByText(en.vault.count(1)).waitFor()
  expect([...visitor.complaints, ...other.complaints].filter(text => !isLine(text))).toEqual([])
  await visitor.close()
  await other.close()
}, 300_000)

test('a browser hears of what another one adds, and shows it by itself', async () => {
  const alice = somebody('Alice')
  const here = await visit(site.browser, site)
  await becomeMember(here, alice)
  await goTo(here, 'add')
  await dropFiles(here, [paper('one.txt')])
  await goTo(here, 'vault')
  await here.page.getByText(en.vault.count(1)).waitFor()
  const there = await anotherBrowser(alice)
  await goTo(there, 'add')
  await dropFiles(there, [paper('two.txt')])
  await here.page.getByRole('link', { name: 'two.txt' }).waitFor()
  expect([...here.complaints, ...there.complaints]).toEqual([])
  await here.close()
  await there.close()
}, 300_000)

async function unlocked({ page, at }: Visitor, { name, unlock }: ReturnType<typeof somebody>): Promise<void> {
  await at(en.unlock.title(name))
  await page.getByLabel(en.unlock.password, { exact: true }).fill(unlock)
  await page.getByRole('button', { name: en.unlock.open }).click()
  await page.getByRole('button', { name: en.nav.lock }).waitFor()
}

async function anotherBrowser(person: ReturnType<typeof somebody>): Promise<Visitor> {
  const visitor = await visit(site.browser, site)
  const { page } = visitor
  await page.getByRole('link', { name: en.welcome.signIn }).click()
  await page.getByLabel(en.signIn.email).fill(person.email)
  await page.getByLabel(en.signIn.password).fill(person.password)
  await page.getByRole('button', { name: en.signIn.enter }).click()
  await unlocked(visitor, person)
  await goTo(visitor, 'vault')
  return visitor
}
