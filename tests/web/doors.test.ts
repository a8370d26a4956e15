/**
 * Ways in: another browser by e-mail and rescue kit, an identity provider, a second tab, the demonstration's doors; in
 * French, and with words that do not fit.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Page } from 'playwright-core'
import { en } from '../../client/web/locales/en.ts'
import { fr } from '../../client/web/locales/fr.ts'
import { becomeMember, createAccount, dropFiles, goTo, somebody } from './acts.ts'
import { note } from './papers.ts'
import { openSite, type OpenSite } from './site.ts'
import { visit, type Visitor } from './visitor.ts'

describe('ways in', () => {
  const amadou = somebody('Amadou')
  const visitors: Visitor[] = []
  const complaints: string[] = []
  let site: OpenSite
  let folder: string
  let kit: string[]

  const arrive = async (locale: 'en' | 'fr' = 'en'): Promise<Visitor> => {
    const visitor = await visit(site.browser, site, locale)
    visitors.push(visitor)
    return visitor
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'alveole-doors-'))
    const { name, email, password, unlock } = amadou
    const role = { fr: 'qui prend soin de la coopérative', en: 'the cooperative’s steward' }
    await writeFile(join(folder, 'demo.json'), JSON.stringify([{ id: 'amadou', name, role, email, password, unlock }]))
    site = await openSite(inject('pod'), { demoFile: join(folder, 'demo.json') })
  })
  afterEach(async () => {
    complaints.push(...visitors.flatMap(visitor => visitor.complaints))
    await Promise.all(visitors.splice(0).map(visitor => visitor.close()))
  })
  afterAll(async () => {
    await site.close()
    await rm(folder, { recursive: true })
  })

  it('tells the whole of it in French', async () => {
    const his = await arrive('fr')
    await his.at(fr.welcome.title)
    expect(await his.page.locator('html').getAttribute('lang')).toBe('fr')
    await his.inspect('fr-welcome')
    kit = await becomeMember(his, amadou, fr)
    await his.at(fr.home.title(amadou.name))
    await goTo(his, 'add', fr)
    await dropFiles(his, [note], fr)
    await goTo(his, 'vault', fr)
    await his.page.getByRole('link', { name: /recipe\.txt/ }).waitFor()
    await his.inspect('fr-vault')
    await goTo(his, 'circles', fr)
    await his.at(fr.circles.title)
    await his.inspect('fr-circles')
    await goTo(his, 'sharing', fr)
    await his.at(fr.shares.title)
    await his.inspect('fr-sharing')
    await his.page.getByRole('link', { name: fr.nav.settings }).click()
    await his.page.getByLabel(fr.settings.language).selectOption('en')
    await his.at(en.settings.title)
  })

  it('opens the vault in another browser by e-mail and rescue kit', async () => {
    const there = await arrive()
    const { page } = there
    await page.getByRole('link', { name: en.welcome.signIn }).click()
    await page.getByLabel(en.signIn.email).fill(amadou.email)
    await page.getByLabel(en.signIn.password).fill('a wrong one')
    await page.getByRole('button', { name: en.signIn.enter }).click()
    await page.getByRole('alert').waitFor()
    await there.inspect('sign-in')
    await page.getByLabel(en.signIn.password).fill(amadou.password)
    await page.getByRole('button', { name: en.signIn.enter }).click()
    await there.at(en.unlock.title(amadou.name))
    await page.getByRole('button', { name: en.unlock.withKit }).click()
    await page.getByLabel(en.unlock.words).fill(kit.join(' '))
    await page.getByLabel(en.unlock.newPassword).fill('another device here')
    await there.inspect('unlock-kit')
    await page.getByRole('button', { name: en.unlock.open }).click()
    await page.getByRole('link', { name: /recipe\.txt/ }).waitFor()
    // Not kept open: a reload asks for the password of this device.
    await page.reload()
    await there.at(en.unlock.title(amadou.name))
    await page.getByLabel(en.unlock.password, { exact: true }).fill('another device here')
    await page.getByRole('button', { name: en.unlock.open }).click()
    await page.getByRole('link', { name: /recipe\.txt/ }).waitFor()
  })

  it('signs in through an identity provider, by its address and by WebID, and stays over a reload without leaving', async () => {
    const there = await arrive()
    const { page } = there
    await page.getByRole('link', { name: en.welcome.signIn }).click()
    await page.getByLabel(en.signIn.provider, { exact: true }).fill(site.pod)
    await page.getByRole('button', { name: en.signIn.visit }).click()
    await consent(page, amadou)
    await there.at(en.unlock.title(amadou.name))
    expect(new URL(page.url()).search).toBe('')
    await page.getByLabel(en.unlock.password, { exact: true }).fill(amadou.unlock)
    await page.getByLabel(en.create.keep).check()
    await page.getByRole('button', { name: en.unlock.open }).click()
    await page.getByRole('link', { name: /recipe\.txt/ }).waitFor()
    const left: string[] = []
    page.on('framenavigated', frame => left.push(frame.url()))
    await page.reload()
    await page.getByRole('link', { name: /recipe\.txt/ }).waitFor()
    expect(left.filter(url => !url.startsWith(site.url))).toEqual([])
    await page.getByRole('link', { name: en.nav.settings }).click()
    await page.getByText(en.settings.advanced).click()
    const webId = await page.locator('dd code').first().innerText()
    await page.getByRole('button', { name: en.settings.signOut }).click()
    await page.getByRole('link', { name: en.welcome.signIn }).click()
    await page.getByLabel(en.signIn.provider, { exact: true }).fill(webId)
    await page.getByRole('button', { name: en.signIn.visit }).click()
    await page.waitForURL(url => url.href.startsWith(site.pod))
  })

  it('steps through a door of the demonstration in one click', async () => {
    const there = await arrive()
    await there.page.getByText(en.welcome.doors).waitFor()
    await there.inspect('welcome-doors')
    await there.page.getByRole('button', { name: en.welcome.enterAs(amadou.name) }).click()
    await there.page.getByRole('link', { name: /recipe\.txt/ }).waitFor()
  })

  it('opens the vault in one tab at a time, and takes it over when asked', async () => {
    const there = await arrive()
    await there.page.getByRole('button', { name: en.welcome.enterAs(amadou.name) }).click()
    await there.page.getByRole('link', { name: /recipe\.txt/ }).waitFor()
    const second = await there.context.newPage()
    await second.goto(site.url)
    await second.getByRole('heading', { name: en.elsewhere.title }).waitFor()
    await second.getByRole('button', { name: en.elsewhere.here }).click()
    await second.getByRole('link', { name: /recipe\.txt/ }).waitFor()
    await there.at(en.elsewhere.title)
    await there.inspect('elsewhere')
  })

  it('says in plain words what does not fit', async () => {
    const there = await arrive()
    const { page } = there
    await page.getByRole('link', { name: en.welcome.create }).click()
    await page.getByLabel(en.create.name).fill('Somebody')
    await page.getByLabel(en.create.email).fill(amadou.email)
    await page.getByLabel(en.create.password).fill('short')
    await page.getByRole('button', { name: en.create.next }).click()
    await page.getByText(en.create.tooShort(8), { exact: true }).waitFor()
    await there.inspect('create')
    await page.getByLabel(en.create.password).fill('long enough now')
    await page.getByRole('button', { name: en.create.next }).click()
    await page.getByRole('alert').waitFor()
    await there.inspect('create-taken')
    await page.goto(`${site.url}no-such-page`)
    await there.at(/./)
  })

  it('keeps a signed-in person without a vault on the way to one', async () => {
    const there = await arrive()
    const lea = somebody('Lea')
    await createAccount(there, lea)
    await there.page.reload()
    await there.at(en.create.vaultTitle)
    await there.page.getByRole('button', { name: en.create.suggest }).click()
    const suggested = await there.page.locator('strong').innerText()
    expect(suggested).toMatch(/^([a-z2-9]{4}-){6}[a-z2-9]{4}$/)
  })

  it('broke no policy, asked no third party, logged no error and passed every accessibility check', () => {
    expect(complaints).toEqual([])
  })
})

/** The provider's own pages: sign in, then allow. They ask their server what they may do before their forms work. */
async function consent(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.locator('input[type=password]').waitFor()
  await page.waitForLoadState('networkidle')
  await page.locator('input[type=email], input[name=email]').fill(email)
  await page.locator('input[type=password]').fill(password)
  await page.getByRole('button', { name: /log in/i }).click()
  await page.getByRole('button', { name: /authorize/i }).waitFor()
  await page.waitForLoadState('networkidle')
  await page.getByRole('button', { name: /authorize/i }).click()
}
