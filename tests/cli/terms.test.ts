/** Grants whose terms change, from the outside: another end, less of it, one person's or all of them ended. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, inject, test } from 'vitest'
import { member, runInTerminal, type Run } from './alveole.ts'

type Member = Awaited<ReturnType<typeof member>>
type Row = { until: string }

const ok = ({ code, stderr, ...run }: Run): unknown => {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(run.stdout.toString())
}

let ana: Member
let ben: Member

beforeAll(async () => {
  ;[ana, ben] = await Promise.all([member(inject('pod'), 'ana'), member(inject('pod'), 'ben')])
  const patient = { reference: 'Patient/p' }
  const allergy = { resourceType: 'AllergyIntolerance', id: 'a', code: { text: 'Peanut' }, patient }
  const file = join(ana.folder, 'allergy.json')
  await writeFile(file, JSON.stringify(allergy))
  ok(await ana.alveole('import', file))
})

async function give(...facets: string[]): Promise<string> {
  const what = ['--facet', ...facets, '--until', '24h', '--purpose', 'dpv:HealthcareManagement']
  return (ok(await ana.alveole('grant', '--to', ben.webId, ...what)) as { grant: string }).grant
}
const seen = async (): Promise<Row[]> => (ok(await ben.alveole('view', ana.webId)) as { rows: Row[] }).rows

let grant: string

test('another end: what the contract says, and what its reader sees', async () => {
  grant = await give('health/allergies', 'health/immunizations')
  const extended = ok(await ana.alveole('extend', grant, '--until', '30d')) as { until: string }
  expect(extended).toEqual({ grant, until: extended.until, enforcedBy: 'server' })
  expect(Date.parse(extended.until) - Date.now()).toBeGreaterThan(29 * 86_400_000)
  expect(await seen()).toMatchObject([{ until: extended.until }])
})

test('less of it; more is a usage error', async () => {
  const left = ok(await ana.alveole('narrow', grant, '--facet', 'health/immunizations'))
  expect(left).toMatchObject({ grant, facets: ['health/immunizations'] })
  expect(await seen()).toEqual([])
  expect((await ana.alveole('narrow', grant, '--facet', 'health/allergies')).code).toBe(2)
})

test('all that one person was given ends; what is over gets no other end', async () => {
  const { grants } = ok(await ana.alveole('revoke', '--to', ben.webId, '--rotate')) as { grants: unknown[] }
  expect(grants).toEqual([{ grant, to: ben.webId, state: 'ended', progress: 'rotated' }])
  const over = await ana.alveole('extend', grant, '--until', '30d')
  expect([over.code, JSON.parse(over.stderr)]).toMatchObject([8, { error: { code: 'refused' } }])
})

test('everything ends, on a terminal once its person has said yes, and by no other answer', async () => {
  grant = await give('health/allergies')
  const unlock = ['--unlock-file', join(ana.folder, 'unlock')]
  const line = ['revoke', '--all', '--profile', join(ana.folder, 'profile'), ...unlock]
  const ask = (answer: string) => runInTerminal(line, { question: '[yes/no] ', answer })
  for (const answer of ['no\r', '\r', 'yess\r', '\u0003', '\u0004']) {
    const { code, screen } = await ask(answer)
    expect([answer, code]).toEqual([answer, 130])
    expect(screen).toContain('End all that you share, for everybody?')
  }
  expect(await seen()).toHaveLength(1)
  expect(await ask('oui\r')).toMatchObject({ code: 0, screen: expect.stringContaining(ben.name) as string })
  expect(await seen()).toEqual([])
  expect(ok(await ana.alveole('shares'))).toContainEqual(expect.objectContaining({ grant, state: 'ended' }))
})

test('everything ends, by --yes where nobody can answer', async () => {
  grant = await give('health/allergies')
  expect((await ana.alveole('revoke', '--all')).code).toBe(2)
  expect(await seen()).toHaveLength(1)
  const stopped = ok(await ana.alveole('revoke', '--all', '--yes'))
  expect(stopped).toEqual({ grants: [{ grant, to: ben.webId, state: 'ended', progress: 'cut' }], problems: [] })
  expect(await seen()).toEqual([])
})
