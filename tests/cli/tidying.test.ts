/** Commands that wrote tidy the vault at their end, in bounded time and silently. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { AlveoleError } from '#crypto'
import { tidied } from '../../client/cli/tidying.ts'
import { folder, grantTo, reopen, world } from '../core/world.ts'
import { member, run } from './alveole.ts'

test('seventy openings with a grant each, all in one day, leave 64 epochs at most', async () => {
  const around = world()
  const [alice, bob] = [await around.member('alice'), await around.member('bob')]
  const id = await folder(alice.vault)
  await alice.vault.records.put('Immunization', { note: 'first' }, { collection: id })
  let most = 0
  for (let n = 0; n < 70; n++) {
    const vault = await reopen(alice)
    const { grant } = await vault.grants.give(grantTo(bob.vault.owner, around.clock))
    await vault.grants.revoke(grant)
    await vault.records.put('Immunization', { note: `${n}` }, { collection: id })
    await tidied(vault)
    await vault.settle()
    most = Math.max(most, (await vault.collections.open(id)).state.owner!.epochs.length)
  }
  expect(most).toBe(64)
  const vault = await reopen(alice)
  expect(await Array.fromAsync(vault.records.query())).toHaveLength(71)
  expect((await vault.verify()).problems).toEqual([])
}, 120_000)

describe('tidying', () => {
  test('ends in time, though the server does not answer', async () => {
    await tidied({ tidy: () => new Promise(() => undefined) }, 20)
  })

  test('tells nothing of what stopped it; but a mistake of ours is one', async () => {
    await tidied({ tidy: async () => Promise.reject(new AlveoleError('server', 'HTTP 500')) })
    await expect(tidied({ tidy: async () => Promise.reject(new TypeError('ours')) })).rejects.toThrow(TypeError)
  })
})

describe('on the real server', () => {
  let alice: Awaited<ReturnType<typeof member>>
  beforeAll(async () => {
    alice = await member(inject('pod'), 'alice')
    for (const name of ['a', 'b']) await writeFile(join(alice.folder, `${name}.txt`), `note ${name}`)
  })

  /** Folders of collections that a command lists. */
  async function listedBy(...args: string[]): Promise<string[]> {
    const log = join(alice.folder, 'requests')
    await writeFile(log, '')
    const env = {
      ALVEOLE_TEST_REQUESTS: log,
      NODE_OPTIONS: `--import ${join(import.meta.dirname, 'watched-fetch.ts')}`,
    }
    const flags = ['--profile', join(alice.folder, 'profile'), '--unlock-file', join(alice.folder, 'unlock'), '--json']
    expect(await run([...args, ...flags], { env })).toMatchObject({ code: 0, stderr: '' })
    return (await readFile(log, 'utf8')).split('\n').filter(line => /^GET .*\/c\/[\w-]{22}\/$/.test(line))
  }

  test('the first command of a day that wrote looks for garbage, silently; one that read, or a later one, does not', async () => {
    expect(await listedBy('list')).toEqual([])
    expect(await listedBy('import', join(alice.folder, 'a.txt'), '--into', 'Notes')).toHaveLength(1)
    expect(await listedBy('list')).toEqual([])
    expect(await listedBy('import', join(alice.folder, 'b.txt'), '--into', 'Notes')).toEqual([])
  })
})
