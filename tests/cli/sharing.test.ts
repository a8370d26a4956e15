/** Two members, a circle and grants, from the outside. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { member, run, type Run } from './alveole.ts'

type Member = Awaited<ReturnType<typeof member>>
type View = { rows: { kind: string; fields: Record<string, unknown> }[]; problems: unknown[] }

const purpose = ['--purpose', 'dpv:HealthcareManagement']
const ok = (run: Run): Run => {
  expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' })
  return run
}

let ana: Member
let ben: Member
let group: string
let grant: string

beforeAll(async () => {
  ;[ana, ben] = await Promise.all([member(inject('pod'), 'ana'), member(inject('pod'), 'ben')])
  const allergy = {
    resourceType: 'AllergyIntolerance',
    id: 'a',
    code: { text: 'Peanut' },
    patient: { reference: 'Patient/p' },
  }
  const file = join(ana.folder, 'allergy.json')
  await writeFile(file, JSON.stringify(allergy))
  ok(await ana.alveole('import', file))
})

describe('a circle', () => {
  test('is founded, joined by link and admitted to', async () => {
    group = (ok(await ana.alveole('group', 'found', 'Family')).json as { group: string }).group
    const { link } = ok(await ana.alveole('group', 'invite', group)).json as { link: string }
    expect(ok(await ben.alveole('group', 'join', link)).json).toEqual({ group, state: 'pending' })
    expect((await ben.alveole('view', group)).code).toBe(3)
    expect(ok(await ana.alveole('group', 'members', group)).json).toEqual([
      { webId: ana.webId, name: ana.name, role: 'steward', state: 'member' },
      { webId: ben.webId, name: ben.name, role: 'member', state: 'pending' },
    ])
    ok(await ana.alveole('group', 'admit', group, ben.webId))
    expect(ok(await ben.alveole('group', 'list')).json).toEqual([
      { group, name: 'Family', role: 'member', state: 'member', members: 2 },
    ])
  })

  test('with nothing granted is an empty view', async () => {
    expect(ok(await ben.alveole('view', group)).json).toEqual({ rows: [], problems: [] })
  })
})

describe('a grant', () => {
  test('shows the granted facets, and what the contract says of them', async () => {
    const given = ok(
      await ana.alveole('grant', '--to', group, '--facet', 'health/allergies', '--until', '24h', ...purpose),
    )
    const { until, enforcedBy, ...rest } = given.json as { grant: string; until: string; enforcedBy: string }
    grant = rest.grant
    expect(enforcedBy).toBe('server')
    expect(Date.parse(until) - Date.now()).toBeGreaterThan(86_000_000)
    expect(ok(await ana.alveole('shares')).json).toEqual([
      { grant, to: group, facets: ['health/allergies'], until, state: 'live' },
    ])
    const { rows } = ok(await ben.alveole('view', group, '--kind', 'Allergy')).json as View
    expect(rows).toEqual([
      expect.objectContaining({ kind: 'Allergy', label: 'Peanut', owner: ana.webId, grant, until }),
    ])
    expect(Object.keys(rows[0] ?? {})).toEqual(['id', 'kind', 'label', 'owner', 'grant', 'until', 'fields'])
  })

  test('ends when it is revoked', async () => {
    ok(await ana.alveole('revoke', grant))
    expect(ok(await ben.alveole('view', group)).json).toEqual({ rows: [], problems: [] })
    expect(ok(await ana.alveole('shares')).json).toMatchObject([{ grant, state: 'ended' }])
  })

  test('stands in the history, from start to end, with who read', async () => {
    const lines = ok(await ana.alveole('history')).json as {
      what: string
      object: string
      who: string
      vouchedBy: string
    }[]
    expect(lines.filter(({ object }) => object === grant).map(({ what }) => what)).toEqual(['granted', 'revoked'])
    const read = lines.filter(({ what, who, object }) => what === 'read' && who === ben.webId && object.includes('/c/'))
    expect(read.map(({ vouchedBy }) => vouchedBy)).toEqual(['server'])
  })

  test.each([
    ['an unknown facet', ['--facet', 'health/nope', '--until', '1d', ...purpose]],
    ['a date in the past', ['--facet', 'health', '--until', '2020-01-01', ...purpose]],
    ['a purpose that is not offered', ['--facet', 'health', '--until', '1d', '--purpose', 'dpv:Marketing']],
    ['nothing to share', ['--until', '1d', ...purpose]],
    ['no end', ['--facet', 'health', ...purpose]],
    ['records and a folder', ['--record', 'a', '--collection', 'b', '--until', '1d', ...purpose]],
    ['a snapshot of no records', ['--facet', 'health', '--snapshot', '--until', '1d', ...purpose]],
  ])('with %s is a usage error', async (_, options) => {
    expect((await ana.alveole('grant', '--to', ben.webId, ...options)).code).toBe(2)
  })

  test('to somebody without a vault is 3', async () => {
    const to = `${inject('pod')}nobody/profile/card#me`
    expect(
      (await ana.alveole('grant', '--to', to, '--facet', 'health/allergies', '--until', '1d', ...purpose)).code,
    ).toBe(3)
  })
})

test('a grant of records shows these alone, and shares says which', async () => {
  const [{ id } = { id: '' }] = ok(await ana.alveole('list', '--kind', 'Allergy')).json as { id: string }[]
  const line = ['--to', ben.webId, '--record', id, '--snapshot', '--until', '24h', ...purpose]
  const { grant: ofOne } = ok(await ana.alveole('grant', ...line)).json as { grant: string }
  expect(ok(await ana.alveole('shares')).json).toContainEqual(
    expect.objectContaining({ grant: ofOne, state: 'live', records: [id], follows: false, deidentified: false }),
  )
  const { rows } = ok(await ben.alveole('view', ana.webId)).json as View
  expect(rows).toEqual([expect.objectContaining({ id, label: 'Peanut', grant: ofOne })])
  expect(ok(await ana.alveole('revoke', ofOne)).json).toEqual({ grant: ofOne, state: 'ended', progress: 'rotated' })
})

test('a grant of files that is revoked with --reencrypt seals them anew, and they read the same', async () => {
  const letter = join(ana.folder, 'letter.txt')
  await writeFile(letter, 'Dear all,')
  ok(await ana.alveole('import', letter))
  const list = ok(await ana.alveole('list', '--kind', 'File')).json as { id: string }[]
  const id = list[0]?.id ?? ''
  const given = ok(await ana.alveole('grant', '--to', ben.webId, '--facet', 'papers', '--until', '24h', ...purpose))
  const { grant: ofPapers } = given.json as { grant: string }
  expect(ok(await ana.alveole('revoke', ofPapers, '--reencrypt')).json).toEqual({
    grant: ofPapers,
    state: 'ended',
    progress: 'cut',
    reencrypted: { files: 1, bytes: 9 },
  })
  expect(ok(await ana.alveole('get', id)).stdout.toString()).toBe('Dear all,')
})

test('a new machine shares nothing new before its shares are confirmed', async () => {
  const profile = join(ana.folder, 'second')
  const common = ['--profile', profile, '--unlock-file', join(ana.folder, 'unlock')]
  const second = (...args: string[]) => run([...args, ...common, '--json'])
  const seen = async () => ((await ben.alveole('view', group)).json as View).rows.length
  ok(await ana.alveole('grant', '--to', group, '--facet', 'health/allergies', '--until', '24h', ...purpose))
  expect(await seen()).toBe(1)
  const login = await run(['login', ...ana.account, ...common])
  expect({ code: login.code, told: login.stderr }).toEqual({
    code: 0,
    told: expect.stringContaining('alveole shares --confirm') as string,
  })
  const file = join(ana.folder, 'other.json')
  const other = {
    resourceType: 'AllergyIntolerance',
    id: 'b',
    code: { text: 'Pollen' },
    patient: { reference: 'Patient/p' },
  }
  await writeFile(file, JSON.stringify(other))
  ok(await second('import', file))
  expect(await seen()).toBe(1)
  expect((ok(await second('doctor')).json as { problems: unknown[] }).problems).toMatchObject([
    { code: 'unconfirmed-grant' },
  ])
  ok(await second('shares', '--confirm'))
  expect(await seen()).toBe(2)
  expect((ok(await second('doctor')).json as { problems: unknown[] }).problems).toEqual([])
})

test('roles are given and seen, and a member may ask to leave', async () => {
  const role = { group, webId: ben.webId, role: 'observer' }
  expect(ok(await ana.alveole('group', 'role', group, ben.webId, 'observer')).json).toEqual(role)
  expect(ok(await ben.alveole('group', 'list')).json).toMatchObject([{ role: 'observer', members: 2 }])
  expect((await ana.alveole('group', 'role', group, ben.webId, 'king')).code).toBe(2)
  expect((await ben.alveole('group', 'role', group, ana.webId, 'member')).code).toBe(8)
  expect(ok(await ben.alveole('group', 'leave', group)).json).toEqual({ group })
  expect((await ana.alveole('group', 'leave', group)).code).toBe(8)
})

test('who was removed from the circle gets 3, not an empty view', async () => {
  expect(ok(await ana.alveole('group', 'remove', group, ben.webId)).json).toEqual({
    group,
    webId: ben.webId,
    state: 'removed',
  })
  expect((await ben.alveole('view', group)).code).toBe(3)
})
