/** The README's example compiles, and does what it says on the real pod server. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { newAccount } from './accounts.ts'
import { actor } from './scenarios/member.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'tests/.artifacts/readme')
const example = join(folder, 'example.ts')

beforeAll(() => {
  const [, code] = readFileSync(join(root, 'README.md'), 'utf8').match(/```ts\n([\s\S]*?)```/)!
  mkdirSync(folder, { recursive: true })
  writeFileSync(example, code!)
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: '../../../tsconfig.json', include: ['example.ts'] }),
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('it compiles', () => {
  const tsc = join(root, 'node_modules/.bin/tsc')
  const { status, stdout } = spawnSync(tsc, ['-p', folder], { encoding: 'utf8' })
  expect(stdout).toBe('')
  expect(status).toBe(0)
})

test('it shares what it says', async () => {
  const friend = await actor(inject('pod'), 'friend')
  const owner = await newAccount(inject('pod'), 'owner')
  const { share } = (await import(example)) as {
    share(fetch: typeof globalThis.fetch, webId: string, friend: string): Promise<string>
  }
  const words = await share(owner.fetch, owner.webId, friend.webId)
  expect(words.split(' ')).toHaveLength(24)
  const { rows } = await friend.vault.views.open(owner.webId)
  expect(rows.map(({ value }) => value['note'])).toEqual(['BCG'])
})
