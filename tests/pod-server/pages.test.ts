/** The account pages: in our look, and every text that they show said in French too. */
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { describe, expect, inject, test } from 'vitest'

const base = inject('pod')
const templates = join(
  dirname(createRequire(import.meta.url).resolve('@solid/community-server/package.json')),
  'templates',
)

const page = async (path: string): Promise<string> => {
  const response = await fetch(base + path, { headers: { accept: 'text/html' } })
  expect(response.status).toBe(200)
  return response.text()
}

/** The script as a browser runs it, whose first language is another: it then only defines. */
const french = async (): Promise<Record<string, string>> => {
  const source = await (await fetch(`${base}.well-known/alveole/french.js`)).text()
  return runInNewContext(`${source};FRENCH`, { navigator: { languages: ['en'] } }) as Record<string, string>
}

describe.each(['.account/login/password/', '.account/login/password/register/', '.account/login/password/forgot/'])(
  '%s',
  path => {
    test('has our look, and the script that says it in French', async () => {
      const html = await page(path)
      expect(html).toContain('Alvéole</title>')
      expect(html).not.toContain('Community Solid Server')
      for (const asset of ['style.css', 'french.js', 'alveole.svg']) {
        expect(html).toContain(`${base}.well-known/alveole/${asset}`)
        expect((await fetch(`${base}.well-known/alveole/${asset}`)).status).toBe(200)
      }
    })
  },
)

/** What the pages of this version of CSS show: text between tags, and what their scripts tell or ask. */
const shown = async (): Promise<string[]> => {
  const found = new Set<string>()
  const folder = join(templates, 'identity')
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith('.ejs') || name.includes('email')) continue
    const source = await readFile(join(folder, name), 'utf8')
    const html = source.replaceAll(/<script>.*?<\/script>|<%.*?%>/gs, '')
    for (const [, text = ''] of html.matchAll(/>([^<>]+)</g)) found.add(text.replaceAll(/\s+/g, ' ').trim())
    for (const [, text = ''] of source.matchAll(/'([A-Z][a-z]+ [^'\n]{3,}[^ ])'/g)) found.add(text)
  }
  return [...found].filter(text => /[a-z]{2}/.test(text))
}

/** Said alike in both languages, or only a part of what is asked in one piece. */
const ALIKE = new Set(['Pods', 'WebID', 'pim:storage', 'DELETE', 'POST'])

test('every text of these pages has its French', async () => {
  const known = Object.keys(await french())
  const missing = (await shown()).filter(text => !ALIKE.has(text) && !known.some(one => one.includes(text)))
  expect(missing).toEqual([])
})

test('and no French is empty, or left in English', async () => {
  for (const [english, said] of Object.entries(await french())) {
    expect(said.trim()).not.toBe('')
    if (english !== 'Visible') expect(said).not.toBe(english)
  }
})
