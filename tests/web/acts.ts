/** What people do in the web client, by the words they see: the catalogues name every button and field. */
import { expect } from 'vitest'
import { en } from '../../client/web/locales/en.ts'
import type { Visitor } from './visitor.ts'

export interface Person {
  name: string
  email: string
  password: string
  unlock: string
}

let tail = 0
export const somebody = (name: string): Person => {
  const slug = `${name.toLowerCase().replaceAll(/\W/g, '')}-${Date.now().toString(36)}${tail++}`
  return {
    name: `${name} ${slug}`,
    email: `${slug}@example.org`,
    password: `account of ${slug}`,
    unlock: `four quiet bees ${slug}`,
  }
}

export async function createAccount({ page, at }: Visitor, { name, email, password }: Person, t = en): Promise<void> {
  await page.getByRole('link', { name: t.welcome.create }).click()
  await at(t.create.title)
  await page.getByLabel(t.create.name).fill(name)
  await page.getByLabel(t.create.email).fill(email)
  await page.getByLabel(t.create.password).fill(password)
  await page.getByRole('button', { name: t.create.next }).click()
  await at(t.create.vaultTitle)
}

/** The words of the kit. */
export async function createVault({ page, at }: Visitor, { unlock }: Person, t = en): Promise<string[]> {
  await page.getByLabel(t.create.unlock, { exact: true }).fill(unlock)
  await page.getByLabel(t.create.again, { exact: true }).fill(unlock)
  await page.getByRole('button', { name: t.create.build }).click()
  await at(t.kit.title)
  return page.locator('[data-word]').allInnerTexts()
}

export async function keepKit({ page, at }: Visitor, t = en): Promise<void> {
  await page.getByLabel(t.kit.saved).check()
  await page.getByRole('button', { name: t.kit.done }).click()
  await page.getByRole('button', { name: t.nav.lock }).waitFor()
  await at(/./)
}

export async function becomeMember(visitor: Visitor, person: Person, t = en): Promise<string[]> {
  await createAccount(visitor, person, t)
  const words = await createVault(visitor, person, t)
  await keepKit(visitor, t)
  return words
}

/** By the navigation. */
export async function goTo(
  { page }: Visitor,
  place: 'home' | 'vault' | 'add' | 'circles' | 'sharing',
  t = en,
): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: t.nav[place], exact: true }).click()
}

export interface Upload {
  name: string
  mimeType: string
  buffer: Buffer
}

export async function pickFiles({ page }: Visitor, files: Upload[], t = en): Promise<void> {
  const button = page.getByRole('button', { name: t.add.pick })
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button.click()])
  await chooser.setFiles(files)
  await stored(page, files, t)
}

/** As a drag from a folder ends; then waits until each is stored. */
export async function dropFiles(visitor: Visitor, files: Upload[], t = en): Promise<void> {
  await drop(visitor, files, t)
  await stored(visitor.page, files, t)
}

export async function drop({ page }: Visitor, files: Upload[], t = en): Promise<void> {
  const carried = await page.evaluateHandle(
    list => {
      const transfer = new DataTransfer()
      for (const { name, mimeType, bytes } of list)
        transfer.items.add(new File([new Uint8Array(bytes)], name, { type: mimeType }))
      return transfer
    },
    files.map(({ name, mimeType, buffer }) => ({ name, mimeType, bytes: [...buffer] })),
  )
  await page.getByText(t.add.drop).dispatchEvent('drop', { dataTransfer: carried })
}

async function stored(page: Visitor['page'], files: Upload[], t: typeof en): Promise<void> {
  for (const { name } of files) {
    const entry = page.locator('li[data-step]').filter({ hasText: name })
    await expect
      .poll(() => entry.getAttribute('data-step'), { timeout: 30_000, message: `${name} ${t.add.step.stored}` })
      .toBe('stored')
  }
}
