/** Devices and people from the outside: two machines of one member, one of which is removed; words that two members compare. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { member, run, type Run } from './alveole.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 }) // many commands, each with a password to stretch

type Member = Awaited<ReturnType<typeof member>>
type Devices = { id: string; name: string; kind: string; this: boolean; active: boolean }[]

const ok = ({ code, stderr, json }: Run): unknown => {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return json
}

let ana: Member
let ben: Member
/** Ana's other machine. */
let laptop: (...args: string[]) => Promise<Run>

beforeAll(async () => {
  ;[ana, ben] = await Promise.all([member(inject('pod'), 'ana'), member(inject('pod'), 'ben')])
  const unlock = ['--unlock-file', join(ana.folder, 'unlock'), '--json']
  laptop = (...args) => run([...args, '--profile', join(ana.folder, 'laptop'), ...unlock])
  ok(await laptop('login', ...ana.account))
  const note = join(ana.folder, 'note.txt')
  await writeFile(note, 'hello')
  ok(await ana.alveole('import', note))
})

describe('alveole device', () => {
  test('lists what opens the vault', async () => {
    const found = ok(await ana.alveole('device', 'list')) as Devices
    expect(found.map(device => [device.kind, device.this, device.active])).toEqual([
      ['device', true, true],
      ['password', false, true],
      ['device', false, true],
    ])
    expect(Object.keys(found[0]!)).toEqual(['id', 'name', 'kind', 'added', 'this', 'active', 'leaving'])
    const people = await run([
      'device',
      'list',
      '--profile',
      join(ana.folder, 'profile'),
      '--unlock-file',
      join(ana.folder, 'unlock'),
    ])
    expect(people.stdout.toString()).toContain('this one')
  })

  test('refuses the machine in hand, and what is none', async () => {
    const [own] = ok(await ana.alveole('device', 'list')) as Devices
    expect((await ana.alveole('device', 'remove', own!.id)).code).toBe(8)
    expect((await ana.alveole('device', 'remove', '00')).code).toBe(3)
  })

  test('removes one: with the account password its logins end too, and this machine goes on', async () => {
    const [, , other] = ok(await ana.alveole('device', 'list')) as Devices
    const password = ['--password-file', join(ana.folder, 'password')]
    expect(ok(await ana.alveole('device', 'remove', other!.id, ...password))).toEqual({
      device: other!.id,
      logins: 'ended',
    })
    expect((await laptop('list')).code).toBe(5)
    expect(ok(await ana.alveole('list'))).toHaveLength(1)
    expect((ok(await ana.alveole('device', 'list')) as Devices).map(({ active }) => active)).toEqual([
      true,
      true,
      false,
    ])
  })

  test('which is let in again by nothing but a login, as a new one', async () => {
    ok(await laptop('login', ...ana.account))
    expect(ok(await laptop('list'))).toHaveLength(1)
    const found = ok(await laptop('device', 'list')) as Devices
    expect(found.map(device => [device.this, device.active])).toEqual([
      [false, true],
      [false, true],
      [false, false],
      [true, true],
    ])
    expect(ok(await ana.alveole('device', 'remove', found[3]!.id))).toEqual({
      device: found[3]!.id,
      logins: 'standing',
    })
    const shut = await laptop('list')
    expect([shut.code, JSON.parse(shut.stderr)]).toMatchObject([
      7,
      { error: { message: expect.stringContaining('was removed') as string } },
    ])
  })
})

describe('alveole people', () => {
  test('shows both the same words, and notes that they were compared', async () => {
    const mine = ok(await ana.alveole('people', 'words', ben.webId)) as {
      words: Record<'en' | 'fr', string[]>
      state: string
    }
    const theirs = ok(await ben.alveole('people', 'words', ana.webId)) as {
      words: Record<'en' | 'fr', string[]>
      code: string
    }
    expect(mine.words).toEqual(theirs.words)
    expect(mine.state).toBe('seen')
    const wrong = theirs.words.en.toReversed()
    expect((await ana.alveole('people', 'confirm', ben.webId, ...wrong)).code).toBe(8)
    const confirmed = { webId: ben.webId, name: ben.name, state: 'confirmed' }
    expect(ok(await ana.alveole('people', 'confirm', ben.webId, ...theirs.words.fr))).toEqual(confirmed)
    expect(ok(await ana.alveole('people', 'confirm', ben.webId, theirs.code))).toEqual(confirmed)
    expect(ok(await ana.alveole('people', 'list'))).toEqual([confirmed])
    const given = ['--facet', 'health/mental', '--until', '1d', '--purpose', 'dpv:HealthcareManagement']
    ok(await ana.alveole('grant', '--to', ben.webId, ...given))
    expect((await ben.alveole('grant', '--to', ana.webId, ...given)).code).toBe(8)
  })
})
