/** A browser that is removed from another one, with its sign-in; and two people who compare their words, each in their language. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { en } from '../../client/web/locales/en.ts'
import { fr } from '../../client/web/locales/fr.ts'
import { becomeMember, somebody } from './acts.ts'
import { openSite, type OpenSite } from './site.ts'
import { visit, type Visitor } from './visitor.ts'

let site: OpenSite
beforeAll(async () => void (site = await openSite(inject('pod'))), 300_000)
afterAll(() => site.close())

async function settings({ page, at }: Visitor, t = en): Promise<void> {
  await page.getByRole('link', { name: t.nav.settings }).click()
  await at(t.settings.title)
}

async function unlock({ page, at }: Visitor, { name, unlock: password }: ReturnType<typeof somebody>): Promise<void> {
  await at(en.unlock.title(name))
  await page.getByLabel(en.unlock.password, { exact: true }).fill(password)
  await page.getByRole('button', { name: en.unlock.open }).click()
  await page.getByRole('button', { name: en.nav.lock, exact: true }).waitFor()
}

test('a browser is removed by another one, and with the account’s password signed out', async () => {
  const alice = somebody('Alice')
  const [here, there] = [await visit(site.browser, site), await visit(site.browser, site)]
  await becomeMember(here, alice)
  await there.page.getByRole('link', { name: en.welcome.signIn }).click()
  await there.page.getByLabel(en.signIn.email).fill(alice.email)
  await there.page.getByLabel(en.signIn.password).fill(alice.password)
  await there.page.getByRole('button', { name: en.signIn.enter }).click()
  await unlock(there, alice)

  await settings(here)
  const rows = here.page.getByRole('listitem').filter({ has: here.page.getByRole('button', { name: /^Remove/ }) })
  await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(2)
  await here.inspect('settings-devices')
  await rows.last().getByRole('button').click()
  const dialog = here.page.getByRole('dialog')
  await dialog.getByText(en.devices.removeWarning).waitFor()
  await here.inspect('device-remove')
  await dialog.getByLabel(en.devices.email).fill(alice.email)
  await dialog.getByLabel(en.devices.password).fill(alice.password)
  await dialog.getByRole('button', { name: en.devices.removeYes }).click()

  await unlock(here, alice)
  await settings(here)
  await expect.poll(() => rows.count(), { timeout: 30_000 }).toBe(1)
  await there.page.reload()
  await there.at(en.welcome.title)
  expect(here.complaints).toEqual([])
  await here.close()
  await there.close()
}, 300_000)

test('two people compare the same words, each in their language, and say so', async () => {
  const [rose, paul] = [somebody('Rose'), somebody('Paul')]
  const [hers, his] = [await visit(site.browser, site), await visit(site.browser, site, 'fr')]
  await becomeMember(hers, rose)
  await becomeMember(his, paul, fr)
  const webIdOf = async (visitor: Visitor, t = en): Promise<string> => {
    await settings(visitor, t)
    await visitor.page.getByText(t.settings.advanced).click()
    return visitor.page.locator('dd code').first().innerText()
  }
  const [roses, pauls] = [await webIdOf(hers), await webIdOf(his, fr)]
  const look = async ({ page, at }: Visitor, webId: string, { name }: typeof rose): Promise<string[]> => {
    await page.goto(`${site.url}person?of=${encodeURIComponent(webId)}`)
    await at(name)
    return page.locator('[data-word]').allInnerTexts()
  }
  const [mine, theirs] = [await look(hers, pauls, paul), await look(his, roses, rose)]
  expect(mine).toHaveLength(12)
  expect(mine.map(line => /^(\S+) \((\S+)\)$/.exec(line)!.slice(1))).toEqual(
    theirs.map(line => /^(\S+) \((\S+)\)$/.exec(line)!.slice(1).toReversed()),
  )
  await hers.page.getByText(en.person.state.seen).waitFor()
  await hers.inspect('person')
  await hers.page.getByRole('button', { name: en.person.match }).click()
  await hers.page.getByText(en.person.state.confirmed).waitFor()
  await his.page.getByText(fr.person.state.seen).waitFor()
  expect([...hers.complaints, ...his.complaints]).toEqual([])
  await hers.close()
  await his.close()
}, 300_000)
