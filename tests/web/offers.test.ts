/** A circle asks, and its members answer in two browsers: in part, no, again when it changed its mind; with a receipt to print. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { euEhds } from '#vocab'
import { en } from '../../client/web/locales/en.ts'
import { fr } from '../../client/web/locales/fr.ts'
import { becomeMember, goTo, pickFiles, somebody } from './acts.ts'
import { healthRecord } from './papers.ts'
import { openSite, type OpenSite } from './site.ts'
import { visit, type Visitor } from './visitor.ts'

const t = en
const form = t.offers.form

describe('what a circle asks', () => {
  const [coop, paul] = [somebody('Coop'), somebody('Paul')]
  let site: OpenSite
  let theirs: Visitor
  let his: Visitor

  beforeAll(async () => {
    site = await openSite(inject('pod'))
    theirs = await visit(site.browser, site)
    his = await visit(site.browser, site)
    await becomeMember(theirs, coop)
    const { page } = theirs
    await goTo(theirs, 'circles')
    await page.getByLabel(t.circles.name).fill('The Coop')
    await page.getByRole('button', { name: t.circles.create }).click()
    await page.getByRole('button', { name: t.circle.makeLink }).click()
    await his.page.goto(await page.getByLabel(t.circles.link).inputValue())
    await becomeMember(his, paul)
    await his.page.getByRole('button', { name: t.join.ask }).click()
    await his.page.getByText(t.join.done).waitFor()
    await page.getByRole('button', { name: t.circle.admit(paul.name) }).click()
  })
  afterAll(() => site.close())

  const open = async (visitor: Visitor): Promise<void> => {
    await goTo(visitor, 'circles')
    await visitor.page.getByRole('link', { name: /The Coop/ }).click()
    await visitor.at('The Coop')
  }
  const viewed = async (): Promise<void> => {
    await open(theirs)
    await theirs.page.getByRole('link', { name: t.circle.see }).click()
    await theirs.at(t.view.title('The Coop'))
  }

  it('is for who has something to give', async () => {
    await goTo(his, 'add')
    await pickFiles(his, [healthRecord])
  })

  it('is filled in by a steward, nothing about health for money', async () => {
    const { page } = theirs
    await page.getByRole('link', { name: t.offers.newFor }).click()
    await theirs.at(t.offers.newFor)
    await page.getByLabel(form.titleFr).fill('Étude')
    await page.getByLabel(form.titleEn).fill('Study')
    await page.getByLabel(form.termsFr).fill('Nous comptons.')
    await page.getByLabel(form.termsEn).fill('We count.')
    await page.getByLabel(form.who).fill('The Coop')
    await page.getByLabel(form.contact).fill('dpo@coop.example')
    await page
      .locator('summary')
      .filter({ hasText: /^Health$/ })
      .click()
    for (const part of [/Vaccinations/, /Mental health/]) await page.getByLabel(part).check()
    await page.getByLabel(form.purpose).selectOption(euEhds.HealthcareScientificResearch)
    await page.getByLabel(form.paid).check()
    await theirs.inspect('ask')
    await page.getByRole('button', { name: form.go }).click()
    await page.getByRole('alert').filter({ hasText: 'in return for money' }).waitFor()
    await page.getByLabel(form.paid).uncheck()
    await page.getByRole('button', { name: form.go }).click()
    await theirs.at('The Coop')
    await page.locator('li[data-state="open"]').filter({ hasText: 'Study' }).waitFor()
  })

  it('is read in everyday words, sensitive parts unticked, and refused', async () => {
    const { page } = his
    await open(his)
    const asked = page.locator('li[data-state="open"]')
    await asked.waitFor()
    for (const words of ['The Coop (dpo@coop.example) asks to read:', 'Health research', 'No money is involved.'])
      expect(await asked.innerText()).toContain(words)
    expect(await page.getByLabel(/Vaccinations/).isChecked()).toBe(true)
    expect(await page.getByLabel(/Mental health/).isChecked()).toBe(false)
    await his.inspect('offer')
    await page.getByRole('button', { name: t.offers.refuse }).click()
    await page.locator('li[data-state="refused"]').waitFor()
    await viewed()
    await theirs.page.getByText(t.view.none).waitFor()
  })

  it('is accepted in part, and the circle sees that part', async () => {
    const { page } = his
    await page.getByRole('button', { name: t.offers.accept }).click()
    await page.locator('li[data-state="narrowed"]').waitFor()
    await theirs.page.getByRole('row').filter({ hasText: 'Tetanus vaccine' }).waitFor()
    expect(await theirs.page.getByText('Peanut allergy').count()).toBe(0)
  })

  it('leaves a receipt in both languages, on one page when printed', async () => {
    const { page } = his
    await page.getByRole('link', { name: t.offers.receipt }).click()
    await his.at(t.offers.sheet)
    for (const [language, words] of [
      ['fr', fr.offers.sheet],
      ['en', en.offers.sheet],
    ] as const)
      await page.locator(`section[lang="${language}"]`).filter({ hasText: words }).waitFor()
    await his.inspect('receipt')
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1')
    expect(pdf.match(/\/Type\s*\/Page\b/g)?.length).toBe(1)
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByRole('button', { name: t.offers.print }).isVisible()).toBe(false)
    await page.emulateMedia({ media: 'screen' })
  })

  it('is withdrawn from by one press, and nothing is seen any more', async () => {
    await open(his)
    await his.page.getByRole('button', { name: t.offers.withdraw }).click()
    await his.page.locator('li[data-state="withdrawn"]').waitFor()
    await theirs.page.getByText(t.view.none).waitFor()
  })

  it('is asked no more', async () => {
    await open(theirs)
    await theirs.page.getByRole('button', { name: t.offers.remove('Study') }).click()
    await theirs.page.getByText(t.offers.none).waitFor()
    await his.page.getByText(t.offers.none).waitFor()
  })

  it('broke no policy, asked no third party, logged no error and passed every accessibility check', () => {
    expect([...theirs.complaints, ...his.complaints]).toEqual([])
  })
})
