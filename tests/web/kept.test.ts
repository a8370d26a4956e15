/** Who deletes an item, or erases it, is told of the copies that stay: of those shared as they were, given by another of their programs. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { en } from '../../client/web/locales/en.ts'
import { member, run } from '../cli/alveole.ts'
import { becomeMember, dropFiles, goTo, somebody, type Person } from './acts.ts'
import { note } from './papers.ts'
import { openSite, type OpenSite } from './site.ts'
import { visit } from './visitor.ts'

let site: OpenSite
let folder: string
beforeAll(async () => {
  site = await openSite(inject('pod'))
  folder = await mkdtemp(join(tmpdir(), 'alveole-kept-'))
}, 300_000)
afterAll(async () => {
  await site.close()
  await rm(folder, { recursive: true })
})

/** Signed in to the same vault. */
async function commandLine({ email, password, unlock }: Person): Promise<(...args: string[]) => Promise<unknown>> {
  const secrets = { password: join(folder, 'password'), unlock: join(folder, 'unlock') }
  await writeFile(secrets.password, `${password}\n`)
  await writeFile(secrets.unlock, `${unlock}\n`)
  const common = ['--profile', join(folder, 'profile'), '--unlock-file', secrets.unlock, '--json']
  const alveole = async (...args: string[]): Promise<unknown> => {
    const ended = await run([...args, ...common])
    expect([ended.code, ended.stderr]).toEqual([0, ''])
    return ended.json
  }
  await alveole('login', '--server', inject('pod'), '--email', email, '--password-file', secrets.password)
  return alveole
}

test('an item of which a copy is shared as it was is not said to be gone from there', async () => {
  const visitor = await visit(site.browser, site)
  const { page, at } = visitor
  const [alice, ben] = [somebody('Alice'), await member(inject('pod'), 'ben')]
  await becomeMember(visitor, alice)
  await goTo(visitor, 'add')
  await dropFiles(visitor, [note])
  await goTo(visitor, 'vault')
  await page.getByRole('link', { name: note.name }).click()
  await at(note.name)
  const ask = async (): Promise<number> => {
    await page.getByRole('button', { name: en.item.erase }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(en.item.eraseWarning).waitFor()
    const told = await dialog.getByText(en.item.keptIn(1)).count()
    await dialog.getByRole('button', { name: en.app.cancel }).click()
    await dialog.waitFor({ state: 'detached' })
    return told
  }
  expect(await ask()).toBe(0)
  const alveole = await commandLine(alice)
  const [{ id } = { id: '' }] = (await alveole('list', '--kind', 'File')) as { id: string }[]
  const terms = ['--until', '24h', '--purpose', 'dpv:HealthcareManagement', '--facet', 'papers']
  const { grant } = (await alveole('grant', '--to', ben.webId, '--record', id, '--snapshot', ...terms)) as {
    grant: string
  }
  await expect.poll(ask, { timeout: 60_000 }).toBe(1)
  await page.getByRole('button', { name: en.item.remove, exact: true }).click()
  await page.getByRole('dialog').getByText(en.item.keptIn(1)).waitFor()
  await visitor.inspect('item-remove-kept')
  await page.getByRole('dialog').getByRole('button', { name: en.item.removeYes, exact: true }).click()
  await at(en.vault.title)
  expect(await alveole('shares')).toMatchObject([{ grant, state: 'live', follows: false }])
  expect(visitor.complaints).toEqual([])
}, 300_000)
