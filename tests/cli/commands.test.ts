/** One member's vault from the outside: shapes of JSON and exit codes are the contract's. */
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { member, run, somebody, type Run } from './alveole.ts'

type Row = { id: string; kind: string; collection: string; label: string; date: string | null; facets: string[] }
type Report = {
  files: { file: string; records: Record<string, number>; duplicates: number; problems: unknown[] }[]
  total: number
}

const bundle = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    {
      fullUrl: 'urn:uuid:11111111-1111-4111-8111-111111111111',
      resource: {
        resourceType: 'Patient',
        id: 'p',
        name: [{ family: 'Martin', given: ['Zoé'] }],
        birthDate: '1990-02-03',
      },
    },
    {
      fullUrl: 'urn:uuid:22222222-2222-4222-8222-222222222222',
      resource: {
        resourceType: 'Immunization',
        id: 'i',
        status: 'completed',
        vaccineCode: { text: 'DTP' },
        occurrenceDateTime: '2020-05-06',
        patient: { reference: 'urn:uuid:11111111-1111-4111-8111-111111111111' },
      },
    },
  ],
}

let zoe: Awaited<ReturnType<typeof member>>
let files: string
let notes: string
let imported: Run

const ok = ({ code, stderr }: Run) => expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
const failure = ({ stderr }: Run) => (JSON.parse(stderr) as { error: { code: string; message: string } }).error
const rows = async (...filter: string[]): Promise<Row[]> => (await zoe.alveole('list', ...filter)).json as Row[]
const idOf = async (...filter: string[]): Promise<string> => (await rows(...filter))[0]?.id ?? ''

beforeAll(async () => {
  zoe = await member(inject('pod'), 'zoe')
  files = join(zoe.folder, 'bundle.json')
  notes = join(zoe.folder, 'notes.bin')
  await writeFile(files, JSON.stringify(bundle))
  await writeFile(
    notes,
    Uint8Array.from({ length: 700_000 }, (_, at) => at % 251),
  )
  imported = await zoe.alveole('import', files, notes)
})

describe('signup', () => {
  test('gives WebID, pod and a kit of 24 words', () => {
    expect(zoe.webId).toBe(`${inject('pod')}${zoe.name}/profile/card#me`)
    expect(zoe.pod).toBe(`${inject('pod')}${zoe.name}/`)
    expect(zoe.kit).toHaveLength(24)
  })

  test('keeps the session readable by its owner only, without any password in it', async () => {
    const file = join(zoe.folder, 'profile', 'session.json')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readFile(file, 'utf8')).not.toMatch(/herons|account password/)
  })

  test('of an account or a profile in use is a conflict', async () => {
    expect((await zoe.alveole('signup', ...zoe.account, '--name', zoe.name)).code).toBe(6)
    const other = await somebody(inject('pod'), 'other')
    expect((await zoe.alveole('signup', ...other.account, '--name', other.name)).code).toBe(6)
  })

  test('of an unreachable server is 5', async () => {
    const other = await somebody('http://localhost:9', 'other')
    const signup = await other.alveole('signup', ...other.account, '--name', other.name)
    expect(signup.code).toBe(5)
    expect(failure(signup).code).toBe('offline')
  })
})

describe('import', () => {
  test('reports each file as it was named', () => {
    ok(imported)
    const { files: reports, total } = imported.json as Report
    expect(reports.map(({ file }) => file)).toEqual([files, notes])
    expect(reports[0]?.records).toEqual({ Patient: 1, Immunization: 1 })
    expect(reports[1]?.records).toEqual({ File: 1 })
    expect(Object.keys(reports[0] ?? {})).toEqual(['file', 'format', 'records', 'kept', 'duplicates', 'problems'])
    expect(total).toBe(3)
  })

  test('of the same again adds nothing', async () => {
    const again = await zoe.alveole('import', files)
    ok(again)
    expect(again.json).toMatchObject({ total: 0, files: [{ duplicates: 2 }] })
  })

  test('of a file that is not there is a usage error', async () => {
    expect((await zoe.alveole('import', join(zoe.folder, 'absent'))).code).toBe(2)
  })

  test('of a file that is cut short says where, and goes on with the others', async () => {
    const [cut, whole] = [join(zoe.folder, 'cut.json'), join(zoe.folder, 'whole.txt')]
    await writeFile(cut, JSON.stringify(bundle).slice(0, 60))
    await writeFile(whole, 'whole')
    const partly = await zoe.alveole('import', cut, whole, '--into', 'Odd')
    expect(partly.code).toBe(2)
    const { files: reports } = partly.json as Report
    expect(reports[0]?.problems).toHaveLength(1)
    expect(reports[1]?.records).toEqual({ File: 1 })
  })
})

describe('list, show, get, rm', () => {
  test('list gives the rows of the contract, filtered', async () => {
    const [row] = await rows('--kind', 'Immunization')
    expect(row).toMatchObject({ kind: 'Immunization', label: 'DTP', date: '2020-05-06' })
    expect(Object.keys(row ?? {})).toEqual(['id', 'kind', 'collection', 'label', 'date', 'facets'])
    expect(await rows('--facet', 'health/immunizations')).toHaveLength(1)
    expect(await rows('--collection', row?.collection ?? '')).toHaveLength(2)
    expect((await zoe.alveole('list', '--collection', 'nowhere')).code).toBe(3)
    expect((await zoe.alveole('list', '--kind', 'Nope')).code).toBe(2)
    expect((await zoe.alveole('list', '--facet', 'no/such')).code).toBe(2)
  })

  test('list narrows by text, person and dates, and gives pages, newest first', async () => {
    const [patient] = await rows('--kind', 'Patient')
    const labels = async (...filter: string[]) => (await rows(...filter)).map(({ label }) => label)
    expect(await labels('--text', 'dtp')).toEqual(['DTP'])
    expect((await labels('--person', patient!.id)).sort()).toEqual(['DTP', patient!.label].sort())
    expect(await labels('--kind', 'Immunization', '--from', '2020-05', '--to', '2020-05-06')).toEqual(['DTP'])
    expect(await labels('--kind', 'Immunization', '--from', '2020-05-07')).toEqual([])
    expect(await labels('--kind', 'Immunization', '--to', '2019')).toEqual([])
    const all = await labels('--limit', '100')
    expect([...(await labels('--limit', '2')), ...(await labels('--offset', '2'))]).toEqual(all)
    expect((await rows('--limit', '100')).map(({ date }) => date ?? '')).toEqual(
      (await rows())
        .map(({ date }) => date ?? '')
        .toSorted()
        .toReversed(),
    )
  })

  test.each([
    ['--from', '2020-13'],
    ['--to', '2020-02-30'],
    ['--from', 'yesterday'],
    ['--limit', '-1'],
    ['--offset', 'x'],
  ])('list %s %s is a usage error', async (option, value) => {
    expect((await zoe.alveole('list', `${option}=${value}`)).code).toBe(2)
  })

  test('list from after to is a usage error; of nobody it is empty', async () => {
    expect((await zoe.alveole('list', '--from', '2021', '--to', '2020-12')).code).toBe(2)
    expect((await zoe.alveole('list', '--from', '2020-05', '--to', '2020')).code).toBe(0)
    expect(await rows('--person', '0'.repeat(32))).toEqual([])
    expect((await zoe.alveole('list', '--person', 'nobody')).code).toBe(3)
  })

  test('show gives the record, and never the key of a blob', async () => {
    const [file] = await rows('--kind', 'File')
    const shown = await zoe.alveole('show', file?.id ?? '')
    ok(shown)
    expect(shown.json).toMatchObject({ id: file?.id, value: { content: { type: 'blob', size: 700_000 } } })
    expect(shown.stdout.toString()).not.toContain('"key"')
    expect((await zoe.alveole('show', '0'.repeat(32))).code).toBe(3)
  })

  test('get gives back every byte, or a range of them', async () => {
    const id = (await rows('--kind', 'File')).find(({ label }) => label === 'notes.bin')?.id ?? ''
    const original = await readFile(notes)
    expect((await zoe.alveole('get', id)).stdout.equals(original)).toBe(true)
    expect(
      (await zoe.alveole('get', id, '--range', '262140-262149')).stdout.equals(original.subarray(262_140, 262_150)),
    ).toBe(true)
    expect((await zoe.alveole('get', id, '--range', '700000-')).code).toBe(2)
  })

  test('get of a record without a file gives its source', async () => {
    const id = await idOf('--kind', 'Immunization')
    expect(JSON.parse((await zoe.alveole('get', id)).stdout.toString())).toEqual(bundle.entry[1]?.resource)
  })

  test('rm is final', async () => {
    const id = await idOf('--collection', 'Odd')
    ok(await zoe.alveole('rm', id))
    expect((await zoe.alveole('show', id)).code).toBe(3)
    expect((await zoe.alveole('rm', id)).code).toBe(3)
  })
})

describe('export', () => {
  test('writes what came, byte by byte, into an empty folder only', async () => {
    const into = join(zoe.folder, 'out')
    const written = await zoe.alveole('export', into)
    ok(written)
    const names = await readdir(into, { recursive: true, withFileTypes: true })
    const found = names.find(({ name }) => name.endsWith('notes.bin'))
    const path = join(found?.parentPath ?? '', found?.name ?? '')
    expect((await readFile(path)).equals(await readFile(notes))).toBe(true)
    expect((await stat(path)).mode & 0o077).toBe(0)
    expect((await zoe.alveole('export', into)).code).toBe(6)
    ok(await zoe.alveole('export', into, '--force', '--format', 'nquads'))
    expect((await readdir(into)).some(name => name.endsWith('.nq'))).toBe(true)
  })
})

describe('verify and doctor', () => {
  test('of a sound vault find nothing', async () => {
    const verified = await zoe.alveole('verify')
    ok(verified)
    const { resources, bytes, problems } = verified.json as { resources: number; bytes: number; problems: unknown[] }
    expect([resources > 3, bytes > 700_000, problems]).toEqual([true, true, []])
    const doctor = await zoe.alveole('doctor')
    ok(doctor)
    const garbage = [{ collection: 'Odd', waiting: 1, removed: 0 }] // of a record that was deleted above: its file waits for its week
    expect(doctor.json).toEqual({ webId: zoe.webId, pod: zoe.pod, problems: [], repaired: [], garbage })
  })
})

describe('unlocking', () => {
  const list = (...unlock: string[]) => ['list', '--profile', join(zoe.folder, 'profile'), ...unlock]

  test('with the wrong password is 7', async () => {
    expect((await run(list('--unlock-file', '-'), { input: 'wrong\n' })).code).toBe(7)
  })

  test('takes the password from standard input', async () => {
    expect((await run(list('--unlock-file', '-'), { input: 'seven quiet herons\n' })).code).toBe(0)
  })

  test('without a terminal and without a file is a usage error, not a wait', async () => {
    const { code, stderr } = await run(list())
    expect([code, stderr]).toEqual([2, 'alveole: --unlock-file FILE is missing (-: standard input).\n'])
  })

  test('a password in the environment is not looked at', async () => {
    const env = { ALVEOLE_PASSWORD: 'seven quiet herons', ALVEOLE_UNLOCK: 'seven quiet herons' }
    expect((await run(list(), { env })).code).toBe(2)
  })
})

describe('recovery and login', () => {
  test('the kit is shown until a copy of it was tested', async () => {
    const words = join(zoe.folder, 'words')
    const kit = await zoe.alveole('recovery', 'kit')
    expect(kit.json).toEqual({ kit: zoe.kit })
    await writeFile(words, zoe.kit.toReversed().join(' '))
    expect((await zoe.alveole('recovery', 'test', '--words-file', words)).code).toBe(7)
    await writeFile(words, zoe.kit.join('\n').toUpperCase())
    const tested = await zoe.alveole('recovery', 'test', '--words-file', words)
    ok(tested)
    expect(tested.json).toEqual({ ok: true })
    expect((await zoe.alveole('recovery', 'kit')).code).toBe(3)
  })

  test('a new machine gets in by password', async () => {
    const profile = join(zoe.folder, 'second')
    const login = await zoe.alveole('login', ...zoe.account, '--profile', profile)
    // the profile that stands last counts: the helper's own
    expect(login.json).toEqual({ webId: zoe.webId, pod: zoe.pod })
  })

  test('a new machine gets in by kit, which then opens it there', async () => {
    const common = ['--profile', join(zoe.folder, 'third'), '--unlock-file', '-']
    const input = `${zoe.kit.join(' ')}\n`
    expect((await run(['login', ...zoe.account, ...common], { input })).code).toBe(0)
    expect((await run(['list', ...common], { input })).code).toBe(0)
    expect((await run(['list', ...common], { input: 'seven quiet herons\n' })).code).toBe(7)
  })

  test('with the wrong account password is 7, and leaves no profile', async () => {
    const wrong = join(zoe.folder, 'wrong')
    await writeFile(wrong, 'no')
    const stranger = await somebody(inject('pod'), 'stranger')
    const login = await stranger.alveole(
      'login',
      '--server',
      inject('pod'),
      '--email',
      zoe.email,
      '--password-file',
      wrong,
    )
    expect(login.code).toBe(7)
    expect((await stranger.alveole('list')).code).toBe(2)
    await rm(stranger.folder, { recursive: true })
  })
})
