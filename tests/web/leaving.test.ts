/** Taking everything along, locked or open, into a file or handed over at once; and erasing, to the last byte on the server. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decrypter } from 'age-encryption'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { en } from '../../client/web/locales/en.ts'
import { fr } from '../../client/web/locales/fr.ts'
import { startPod } from '../../pod-server/pod.ts'
import { becomeMember, goTo, pickFiles, somebody } from './acts.ts'
import { note } from './papers.ts'
import { paper } from './pdfs.ts'
import { openSite, type OpenSite } from './site.ts'
import { visit, type Visitor } from './visitor.ts'

const t = en
const PASSPHRASE = 'quiet honey in the cellar'
const WORDS = 'Haemoglobin of Rose'

let data: string
let pod: Awaited<ReturnType<typeof startPod>>
let site: OpenSite
let hers: Visitor
/** Names of the parts of files that were sent. */
const parts: string[] = []

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'alveole-leaving-'))
  pod = await startPod({ port: 0, data, quiet: true })
  site = await openSite(pod.url)
  hers = await visit(site.browser, site)
  await becomeMember(hers, somebody('Rose'))
  hers.context.on('request', request => {
    const [, part] = /\/c\/[\w-]{22}\/[\w-]{22}\/([\w-]{22}\.alv)$/.exec(request.url()) ?? []
    if (part && request.method() === 'PUT') parts.push(part)
  })
}, 300_000)
afterAll(async () => {
  await site.close()
  await pod.stop()
  await rm(data, { recursive: true })
})

const openSettings = async (): Promise<void> => {
  await hers.page.getByRole('link', { name: t.nav.settings }).click()
  await hers.at(t.settings.title)
}

test('everything is written into the chosen file, locked, and opens with age and its passphrase alone', async () => {
  const { page } = hers
  await goTo(hers, 'add')
  await pickFiles(hers, [paper('results.pdf', [WORDS]), note])
  await openSettings()
  // A file of this origin's own in place of one that a person picks: Chromium's picker is no part of the page
  await page.evaluate(() =>
    Object.assign(window, {
      showSaveFilePicker: async ({ suggestedName }: { suggestedName: string }) =>
        (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true }),
    }),
  )
  await page.getByLabel(t.export.passphrase).fill('too short'.slice(0, 5))
  expect(await page.getByRole('button', { name: t.export.go }).isDisabled()).toBe(true)
  await page.getByLabel(t.export.passphrase).fill(PASSPHRASE)
  await hers.inspect('settings-export')
  await page.getByRole('button', { name: t.export.go }).click()
  await page.getByText(/^Done: /).waitFor()
  const written = await page.evaluate(async () => {
    for await (const [name, handle] of (await navigator.storage.getDirectory()).entries())
      if (name.endsWith('.age'))
        return [...new Uint8Array(await (await (handle as FileSystemFileHandle).getFile()).arrayBuffer())]
    return []
  })
  const sealed = Buffer.from(written)
  for (const clear of [WORDS, 'results.pdf', '%PDF-']) expect(sealed.includes(clear)).toBe(false)
  const decrypter = new Decrypter()
  decrypter.addPassphrase(PASSPHRASE)
  const tar = Buffer.from(await decrypter.decrypt(sealed))
  for (const clear of [WORDS, 'recipe.txt', 'alveole.json']) expect(tar.includes(clear)).toBe(true)
})

test('where a page writes no files it is handed over at once, in the clear if so chosen', async () => {
  const { page } = hers
  await page.evaluate(() => Object.assign(window, { showSaveFilePicker: undefined }))
  await page.getByRole('link', { name: t.nav.home, exact: true }).click()
  await openSettings()
  await page.getByText(/^This browser hands a file over/).waitFor()
  await page.getByLabel(t.export.open).check()
  await page.getByText(t.export.warning).waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: t.export.go }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^alveole-\d{4}-\d\d-\d\d\.tar$/)
  const tar = await readFile(await download.path())
  for (const clear of [WORDS, 'recipe.txt', 'alveole.json']) expect(tar.includes(clear)).toBe(true)
  await page.getByLabel(t.settings.language).selectOption('fr')
  await page.getByRole('heading', { name: fr.export.title }).waitFor()
  await hers.inspect('settings-export-fr')
  await page.getByLabel(fr.settings.language).selectOption('en')
  expect(hers.complaints).toEqual([])
})

test('what is erased is gone from the list, and every part of its file from the server’s disk', async () => {
  const { page } = hers
  const onDisk = async (): Promise<number> => {
    const files = (await readdir(data, { recursive: true })).join('\n')
    return parts.filter(part => files.includes(part)).length
  }
  expect(await onDisk()).toBe(2)
  await goTo(hers, 'vault')
  await page.getByRole('link', { name: 'results.pdf' }).click()
  await hers.at('results.pdf')
  await page.getByRole('button', { name: t.item.erase }).click()
  await page.getByRole('dialog').getByText(t.item.eraseWarning).waitFor()
  await hers.inspect('item-erase')
  await page.getByRole('dialog').getByRole('button', { name: t.item.eraseYes, exact: true }).click()
  await hers.at(t.vault.title)
  await page.getByText(t.vault.count(1)).waitFor()
  expect(await onDisk()).toBe(1)
  expect(hers.complaints).toEqual([])
})
