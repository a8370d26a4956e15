/** Lines that are asked wrongly, in this process: nothing is written, nobody is asked, one line says what is wrong. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { run } from '../../client/cli/run.ts'

let written: { stdout: string; stderr: string }
beforeEach(() => {
  written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation(chunk => {
      written[name] += String(chunk)
      return true
    })
  }
})
afterEach(() => vi.restoreAllMocks())

const never = new AbortController().signal
const code = (line: string, env: NodeJS.ProcessEnv = {}) => run(line === '' ? [] : line.split(' '), env, never)

test.each(['', 'help', '--help'])('%j says what there is', async line => {
  expect(await code(line)).toBe(0)
  expect(written.stdout).toMatch(/^alveole COMMAND …\n/)
})

test('each command explains itself in both languages', async () => {
  expect(await code('grant --help', { LANG: 'fr_FR.UTF-8' })).toBe(0)
  expect(written.stdout).toContain('alveole grant --to WEBID|CERCLE')
  expect(await code('help group found')).toBe(0)
  expect(written.stdout).toContain('alveole group found NAME')
})

describe('a usage error, in one line', () => {
  test.each([
    'bogus',
    'list --nope',
    'list --to x',
    'list extra',
    'list --kind',
    'list --kind Nope',
    'list --facet a --facet b',
    'show',
    'group',
    'import',
    'grant --to http://x.example/#me',
    'extend',
    'extend G --until 1d',
    'extend urn:uuid:0 --until 2020-01-01',
    'extend urn:uuid:0',
    'narrow urn:uuid:0',
    'narrow urn:uuid:0 --facet health/nope',
    'revoke',
    'revoke --all',
    'revoke urn:uuid:0 --all',
    'revoke urn:uuid:0 --to http://x.example/#me',
    'revoke --all --yes --rewrap',
    'view nowhere',
    'get 00000000000000000000000000000000 --range 9-1',
    'export x --format pdf',
    'export x --format age',
    'export x --recipient age1no',
    'export x --format age --recipient age1no --passphrase-file y',
    'signup --email a@example.org',
    'list --profile /nonexistent/profile',
  ])('%s', async line => {
    expect(await code(line)).toBe(2)
    expect(written.stderr).toMatch(/^alveole: [^\n]+\n$/)
    expect(written.stdout).toBe('')
  })

  test('or as JSON', async () => {
    expect(await code('list --nope --json')).toBe(2)
    expect(JSON.parse(written.stderr)).toEqual({ error: { code: 'usage', message: expect.any(String) as unknown } })
  })
})

describe('what is not offered yet says so', () => {
  test.each(['device add', 'recovery guardians', 'recovery restore'])('%s', async line => {
    expect(await code(line)).toBe(2)
    expect(written.stderr).toContain('is not offered in this version yet')
    expect(await code(line, { LC_ALL: 'fr_FR' })).toBe(2)
    expect(written.stderr).toContain('n’est pas encore proposé')
  })
})
