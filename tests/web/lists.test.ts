/** A vault of ten thousand items: its list stands at once, scrolls to its end with few rows in the page, and is narrowed down. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createVault, memoryStore, solidPod } from '#core'
import { newAccount } from '../accounts.ts'
import { vaccination } from '../bench/vaccinations.ts'
import { en } from '../../client/web/locales/en.ts'
import { goTo } from './acts.ts'
import { openSite, type OpenSite } from './site.ts'
import { visit, type Visitor } from './visitor.ts'

const t = en
const MANY = 10_000
/** Rows in the page, whatever the length of the list: some screens of them. */
const FEW = 60
const unlock = 'a quiet hive of ten thousand'

let site: OpenSite
let hers: Visitor

/** A day each, back from the end of 2025: the newest is number 0. */
const day = (index: number): string => new Date(Date.UTC(2025, 11, 31) - index * 86_400_000).toISOString().slice(0, 10)

beforeAll(async () => {
  const { email, password, fetch, webId } = await newAccount(inject('pod'), 'many')
  const around = { pod: await solidPod({ webId, fetch }), store: memoryStore() }
  const { vault } = await createVault(around, { password: unlock })
  const { id: collection } = await vault.collections.create('Vaccines')
  const people = ['Rose', 'Amadou'].map(text => ({ kind: 'Patient', value: { text, birthDate: '1950-01-01' } }))
  const [rose = ''] = await vault.records.putAll(people, collection)
  const records = Array.from({ length: MANY }, (_, index) => ({
    kind: 'Immunization',
    value: {
      ...vaccination(index),
      text: `Vaccine ${index}`,
      date: day(index),
      ...(index % 1000 === 0 && { subject: { ref: rose } }),
    },
  }))
  for (let at = 0; at < MANY; at += 2000) await vault.records.putAll(records.slice(at, at + 2000), collection)
  await vault.lock()
  site = await openSite(inject('pod'))
  hers = await visit(site.browser, site)
  const { page } = hers
  await page.getByRole('link', { name: t.welcome.signIn }).click()
  await page.getByLabel(t.signIn.email).fill(email)
  await page.getByLabel(t.signIn.password).fill(password)
  await page.getByRole('button', { name: t.signIn.enter }).click()
  await page.getByLabel(t.unlock.password, { exact: true }).fill(unlock)
  await page.getByRole('button', { name: t.unlock.open }).click()
  await page.getByRole('button', { name: t.nav.lock }).waitFor()
}, 300_000)
afterAll(() => site.close())

const rows = () => hers.page.locator('li[aria-setsize]')
const row = (name: string) => hers.page.getByRole('link', { name: new RegExp(`^${name} `) })

test('scrolls from the newest to the oldest, and holds a bounded number of rows all the way', async () => {
  const { page } = hers
  await goTo(hers, 'vault')
  await row('Vaccine 0').waitFor()
  await page.getByText(t.vault.count(MANY + 2)).waitFor()
  expect(await rows().first().getAttribute('aria-setsize')).toBe(String(MANY + 2))
  expect(await rows().count()).toBeLessThan(FEW)
  for (const part of [0.25, 0.5, 0.75, 1]) {
    await page.evaluate(to => scrollTo(0, to * document.documentElement.scrollHeight), part)
    await expect.poll(() => rows().nth(5).innerText(), { timeout: 30_000 }).toMatch(/Vaccine \d+/)
    expect(await rows().count()).toBeLessThan(FEW)
  }
  await row(`Vaccine ${MANY - 1}`).waitFor()
  expect(await row('Vaccine 0').count()).toBe(0)
})

test('goes on by the keyboard beyond what was in the page', async () => {
  const { page } = hers
  await page.evaluate(() => scrollTo(0, 0))
  await row('Vaccine 3').focus()
  for (let step = 0; step < FEW; step++) {
    await page.keyboard.press('Tab')
    // Nobody presses a key faster than the page is drawn twice
    await page.evaluate(() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn))))
  }
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toMatch(`Vaccine ${3 + FEW}`)
})

test('is narrowed down by dates, person, part, kind and words, which the address keeps', async () => {
  const { page } = hers
  const counted = (count: number) => page.getByRole('status').getByText(t.vault.count(count), { exact: true }).waitFor()
  await page.evaluate(() => scrollTo(0, 0))
  await page.getByText(t.vault.filters).click()
  await page.getByLabel(t.vault.from).fill(day(999))
  await counted(1000)
  await page.getByLabel(t.vault.to).fill(day(500))
  await counted(500)
  await row('Vaccine 500').waitFor()
  await page.getByRole('button', { name: t.vault.clear }).click()
  await counted(MANY + 2)
  await page.getByLabel(t.vault.person, { exact: true }).selectOption({ label: 'Rose' })
  await counted(11)
  await page.reload()
  await page.getByLabel(t.unlock.password, { exact: true }).fill(unlock)
  await page.getByRole('button', { name: t.unlock.open }).click()
  await counted(11)
  await page.getByLabel(t.vault.part).selectOption('health/immunizations')
  await counted(10)
  await hers.inspect('vault-filters')
  await page.getByLabel(t.vault.search).fill('vaccine 9000')
  await counted(1)
  await page.getByRole('button', { name: t.vault.clear }).click()
  await page.getByLabel(t.vault.search).fill('')
  await page.getByRole('button', { name: /^Patients/ }).click()
  await counted(2)
  await hers.inspect('vault-people')
  expect(hers.complaints).toEqual([])
})
