/**
 * The main story, told by two people in two browsers: an account and a vault, papers, a circle, sharing until a date, and
 * taking it back. Every page is checked on the way: its policy, its console, its requests, its accessibility.
 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { problems } from '../../client/core/formats/problems.ts'
import { en } from '../../client/web/locales/en.ts'
import {
  becomeMember,
  createAccount,
  createVault,
  drop,
  dropFiles,
  goTo,
  keepKit,
  pickFiles,
  somebody,
} from './acts.ts'
import { cutShort, healthRecord, note, picture } from './papers.ts'
import { openSite, type OpenSite } from './site.ts'
import { visit, type Visitor } from './visitor.ts'

const t = en

describe('two people and a circle', () => {
  const [rose, paul] = [somebody('Rose'), somebody('Paul')]
  let site: OpenSite
  let hers: Visitor
  let his: Visitor
  let kit: string[]
  let link: string

  beforeAll(async () => {
    site = await openSite(inject('pod'))
    hers = await visit(site.browser, site)
    his = await visit(site.browser, site)
  })
  afterAll(() => site.close())

  it('creates an account and a vault, and shows the kit once', async () => {
    await hers.at(t.welcome.title)
    await hers.inspect('welcome')
    await createAccount(hers, rose)
    await hers.inspect('create-vault')
    kit = await createVault(hers, rose)
    expect(kit).toHaveLength(24)
    await hers.inspect('kit')
    await keepKit(hers)
    await hers.at(t.home.title(rose.name))
    await hers.inspect('home-first')
  })

  it('adds files by the picker and by drop', async () => {
    await goTo(hers, 'add')
    await pickFiles(hers, [healthRecord, picture()])
    await dropFiles(hers, [note])
    await hers.inspect('add')
  })

  it('says which file could not be added, and why', async () => {
    const { page } = hers
    await drop(hers, [cutShort])
    const entry = page.locator('li[data-step="failed"]')
    await entry.waitFor()
    expect(await entry.innerText()).toContain(problems['cut-short'].en)
    await hers.inspect('add-failed')
  })

  it('shows them by kind and by folder, finds them by words, and opens one', async () => {
    const { page } = hers
    await goTo(hers, 'vault')
    await page.getByRole('link', { name: /Tetanus vaccine/ }).waitFor()
    await hers.inspect('vault')
    await page.getByRole('button', { name: t.add.defaultFolder }).click()
    await page.getByLabel(t.vault.search).fill('PEANUT')
    await expect.poll(() => page.locator('main a[href^="/item/"]').count()).toBe(1)
    await page.getByRole('link', { name: /Peanut allergy/ }).click()
    await hers.at('Peanut allergy')
    await page.getByRole('button', { name: t.item.showSource }).click()
    expect(await page.locator('pre').innerText()).toContain('AllergyIntolerance')
    await hers.inspect('item')
  })

  it('shows a picture through a blob: address', async () => {
    const { page } = hers
    await goTo(hers, 'vault')
    await page.getByRole('link', { name: /hive\.png/ }).click()
    const image = page.getByRole('img', { name: t.item.picture('hive.png') })
    await image.waitFor()
    expect(await image.evaluate(element => (element as HTMLImageElement).naturalWidth)).toBe(64)
    expect(await image.getAttribute('src')).toMatch(/^blob:/)
    await hers.inspect('item-picture')
  })

  it('keeps the session and the open vault over a reload', async () => {
    await hers.page.goto(site.url)
    await hers.at(t.home.title(rose.name))
    await hers.page.getByRole('link', { name: /Tetanus vaccine/ }).waitFor()
    await hers.inspect('home')
  })

  it('tests the kit', async () => {
    const { page } = hers
    await page.getByRole('link', { name: t.home.kitLink }).click()
    await page.getByLabel(t.kit.testWords).fill(kit.toReversed().join(' '))
    await page.getByRole('button', { name: t.kit.check }).click()
    await page.getByRole('alert').waitFor()
    await hers.inspect('kit-test')
    await page.getByLabel(t.kit.testWords).fill(kit.join(' '))
    await page.getByRole('button', { name: t.kit.check }).click()
    await page.getByText(t.kit.right).waitFor()
  })

  it('founds a circle and makes an invitation link', async () => {
    const { page } = hers
    await goTo(hers, 'circles')
    await page.getByLabel(t.circles.name).fill('The Martins')
    await page.getByRole('button', { name: t.circles.create }).click()
    await hers.at('The Martins')
    await page.getByRole('button', { name: t.circle.makeLink }).click()
    link = await page.getByLabel(t.circles.link).inputValue()
    expect(new URL(link).origin).toBe(new URL(site.url).origin)
    await page.getByRole('button', { name: t.circle.copy }).click()
    await page.getByText(t.circle.copied, { exact: true }).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link)
    await hers.inspect('circle-new')
    await goTo(hers, 'circles')
    await page.getByRole('link', { name: /The Martins/ }).waitFor()
    await hers.inspect('circles')
  })

  it('lets a second person follow the link, create a vault and ask to join', async () => {
    const { page } = his
    await page.goto(link)
    await page.getByText(t.welcome.invited).waitFor()
    await becomeMember(his, paul)
    await his.at(t.join.title)
    await his.inspect('join')
    await page.getByRole('button', { name: t.join.ask }).click()
    await page.getByText(t.join.done).waitFor()
    expect(new URL(page.url()).hash).toBe('')
  })

  it('admits him', async () => {
    const { page } = hers
    await goTo(hers, 'home')
    await page.getByText(t.home.request(paul.name, 'The Martins')).waitFor()
    await hers.inspect('home-request')
    await page.getByRole('link', { name: t.home.requestLink }).click()
    await page.getByRole('button', { name: t.circle.admit(paul.name) }).click()
    await page.getByRole('button', { name: t.circle.remove(paul.name) }).waitFor()
    await hers.inspect('circle')
  })

  it('shares with the circle, sensitive parts left out, until a date that is shown', async () => {
    const { page } = hers
    await page.getByRole('link', { name: t.circle.share }).click()
    await hers.at(t.share.title)
    await page.getByLabel(/Vaccinations/).waitFor()
    await page.getByText(t.share.summaryTitle).waitFor()
    await page.getByLabel(t.share.week).check()
    await hers.inspect('share')
    await page.getByRole('button', { name: t.share.go, exact: true }).click()
    await hers.at(t.shares.title)
    await page.locator('li[data-state="live"]').filter({ hasText: 'The Martins' }).waitFor()
    await hers.inspect('sharing')
  })

  it('lets the other browse the shared view, with whose and until when', async () => {
    const { page } = his
    await goTo(his, 'circles')
    await page.getByRole('link', { name: /The Martins/ }).click()
    await page.getByRole('link', { name: t.circle.see }).click()
    await his.at(t.view.title('The Martins'))
    const row = page.getByRole('row').filter({ hasText: 'Tetanus vaccine' })
    await row.waitFor()
    expect(await row.innerText()).toContain(rose.name)
    await his.inspect('shared')
    await page.getByRole('link', { name: 'Tetanus vaccine' }).click()
    await his.at('Tetanus vaccine')
    await his.inspect('shared-item')
  })

  it('gives it another end', async () => {
    const { page } = hers
    const running = page.locator('li[data-state="live"]')
    const old = await running.innerText()
    await page.getByRole('button', { name: t.shares.extendFor('The Martins') }).click()
    await page.getByRole('dialog').getByLabel(t.share.quarter).check()
    await hers.inspect('extend')
    await page.getByRole('dialog').getByRole('button', { name: t.shares.extendYes, exact: true }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect.poll(() => running.innerText()).not.toBe(old)
  })

  it('removes the access, and it is gone', async () => {
    const { page } = hers
    await page.getByRole('button', { name: t.shares.removeFor('The Martins') }).click()
    await page.getByRole('dialog').waitFor()
    await hers.inspect('remove')
    await page.getByRole('dialog').getByRole('button', { name: t.shares.remove, exact: true }).click()
    await page.locator('li[data-state="ended"]').waitFor()
    await hers.inspect('sharing-ended')
    await his.page.goBack()
    await his.page.getByText(t.view.none).waitFor()
    expect(await his.page.getByText('Tetanus vaccine').count()).toBe(0)
  })

  it('shares one part with him alone, until the end of a day', async () => {
    const { page } = hers
    await goTo(hers, 'sharing')
    await page.getByRole('link', { name: t.shares.new }).click()
    await page.getByLabel(t.share.who).selectOption({ label: t.share.person(paul.name, 'The Martins') })
    for (const part of [/Vaccinations/, /Health summary/, /The image/]) await page.getByLabel(part).uncheck()
    await page.getByLabel(t.share.date, { exact: true }).check()
    const day = new Date(Date.now() + 3 * 24 * 3600_000).toISOString().slice(0, 10)
    await page.getByLabel(t.share.pickDate).fill(day)
    await hers.inspect('share-person')
    await page.getByRole('button', { name: t.share.go, exact: true }).click()
    await page.locator('li[data-state="live"]').filter({ hasText: paul.name }).waitFor()
    await goTo(his, 'sharing')
    await his.page.getByRole('link', { name: t.shares.of(rose.name) }).click()
    await his.page.getByRole('link', { name: 'Peanut allergy' }).waitFor()
    expect(await his.page.getByText('Tetanus vaccine').count()).toBe(0)
    await his.inspect('shared-person')
    await goTo(his, 'circles')
    await his.page.getByRole('link', { name: /The Martins/ }).click()
    await his.page.getByRole('link', { name: t.circle.see }).click()
    await his.at(t.view.title('The Martins'))
  })

  it('stops everything, and says how far that has come', async () => {
    const { page } = hers
    await page.getByRole('button', { name: t.shares.stop, exact: true }).click()
    await page.getByRole('dialog').getByText(t.shares.stopKept).waitFor()
    await hers.inspect('stop')
    await page.getByRole('dialog').getByRole('button', { name: t.shares.stop, exact: true }).click()
    await page.locator('li[data-state="live"]').waitFor({ state: 'detached' })
    const cut = page.getByRole('listitem').filter({ hasText: t.shares.progress.cut }).filter({ hasText: paul.name })
    await cut.getByRole('button', { name: t.shares.rotate }).click()
    await page
      .getByRole('listitem')
      .filter({ hasText: t.shares.progress.rotated })
      .filter({ hasText: paul.name })
      .waitFor()
    await hers.inspect('stopped')
  })

  it('removes him from the circle', async () => {
    const { page } = hers
    await goTo(hers, 'circles')
    await page.getByRole('link', { name: /The Martins/ }).click()
    await page.getByRole('button', { name: t.circle.remove(paul.name) }).click()
    await page.getByRole('dialog').getByRole('button', { name: t.circle.removeYes }).click()
    await page.getByRole('button', { name: t.circle.remove(paul.name) }).waitFor({ state: 'detached' })
    await his.page.reload()
    await his.page.getByText(t.view.removed).waitFor()
    await his.inspect('shared-removed')
  })

  it('locks, and opens again by the password', async () => {
    const { page } = hers
    await page.getByRole('button', { name: t.nav.lock }).click()
    await hers.at(t.unlock.title(rose.name))
    await page.getByLabel(t.unlock.password, { exact: true }).fill('not the one')
    await page.getByRole('button', { name: t.unlock.open }).click()
    await page.getByRole('alert').waitFor()
    await hers.inspect('unlock')
    await page.getByLabel(t.unlock.password, { exact: true }).fill(rose.unlock)
    await page.getByRole('button', { name: t.unlock.open }).click()
    await hers.at(/./)
    await page.getByRole('link', { name: t.nav.settings }).click()
    await hers.at(t.settings.title)
    await hers.inspect('settings')
  })

  it('broke no policy, asked no third party, logged no error and passed every accessibility check', () => {
    expect([...hers.complaints, ...his.complaints]).toEqual([])
  })
})
