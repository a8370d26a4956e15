/** Everything out and in again from the outside, on the real server: folders, age files, and what stands in the way. */
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { member, run, type Run } from './alveole.ts'

type Member = Awaited<ReturnType<typeof member>>
type Report = {
  files: { file: string; format: string; records: object; duplicates: number; problems: { reason: string }[] }[]
  total: number
}

let ana: Member
let ben: Member
let at: (name: string) => string
let identity: string

const ok = (done: Run): Run => {
  expect({ code: done.code, stderr: done.stderr }).toEqual({ code: 0, stderr: '' })
  return done
}
const reportOf = (done: Run): Report['files'][number] => (done.json as Report).files[0]!

beforeAll(async () => {
  ;[ana, ben] = await Promise.all([member(inject('pod'), 'ana'), member(inject('pod'), 'ben')])
  at = name => join(ana.folder, name)
  await mkdir(at('in'))
  await writeFile(at('in/letter.txt'), 'Dear all,')
  await writeFile(at('in/notes.bin'), new Uint8Array(5_000_000).fill(3))
  ok(await ana.alveole('import', at('in')))
  identity = await generateX25519Identity()
  await writeFile(
    at('identity'),
    `# created: today\n# public key: ${await identityToRecipient(identity)}\n${identity}\n`,
  )
  await writeFile(at('passphrase'), 'five quiet herons\n')
})

describe('a folder', () => {
  test('ends with its list, and is put back by another member, once', async () => {
    ok(await ana.alveole('export', at('out')))
    const names = await readdir(at('out'))
    expect(names.toSorted()).toEqual(['Files', 'alveole.json'])
    const into = ok(await ben.alveole('import', at('out')))
    expect(into.json).toMatchObject({
      total: 2,
      files: [{ file: at('out/alveole.json'), format: 'alveole', problems: [] }],
    })
    expect(ok(await ben.alveole('import', at('out'))).json).toMatchObject({ total: 0, files: [{ duplicates: 2 }] })
    const [row] = (await ben.alveole('list')).json as { id: string }[]
    const bytes = (await ben.alveole('get', row!.id)).stdout
    expect([9, 5_000_000]).toContain(bytes.length)
  })

  test('of which a file was altered, or leads elsewhere by a link, is told with exit code 2', async () => {
    const [files] = await readdir(at('out/Files/File')).then(names => names.filter(name => name.endsWith('letter.txt')))
    await writeFile(join(at('out/Files/File'), files!), 'Dear none,')
    const altered = await ben.alveole('import', at('out'), '--into', 'Other')
    expect(altered.code).toBe(0) // all of it is there already
    const zoe = await member(inject('pod'), 'zoe')
    const partly = await zoe.alveole('import', at('out'))
    expect([partly.code, reportOf(partly).problems.map(({ reason }) => reason)]).toEqual([2, ['altered']])
    await rm(join(at('out/Files/File'), files!))
    await symlink('/etc/hostname', join(at('out/Files/File'), files!))
    const linked = await zoe.alveole('import', at('out'))
    expect([linked.code, reportOf(linked).problems.map(({ reason }) => reason)]).toEqual([2, ['missing-target']])
  })

  test.each(['jsonld', 'nquads'])('as %s is complete too, and put back', async format => {
    ok(await ana.alveole('export', at(format), '--format', format))
    const list = JSON.parse(await readFile(at(`${format}/alveole.json`), 'utf8')) as { form: string }
    expect(list.form).toBe(format)
    const max = await member(inject('pod'), 'max')
    expect(ok(await max.alveole('import', at(format))).json).toMatchObject({ total: 2, files: [{ problems: [] }] })
    const sizes = ((await max.alveole('list')).json as { id: string }[]).map(({ id }) => max.alveole('get', id))
    expect((await Promise.all(sizes)).map(({ stdout }) => stdout.length).toSorted()).toEqual([5_000_000, 9])
  })

  test('that cannot be written, or holds something, is refused before the vault is opened', async () => {
    expect((await ana.alveole('export', at('in'))).code).toBe(6)
    for (const path of [at('identity'), at('identity/below')]) expect((await ana.alveole('export', path)).code).toBe(2)
  })

  test('loses its list first where another export goes into it', async () => {
    const path = at('jsonld/alveole.json')
    const before = await stat(path)
    const cut = await run([
      'export',
      at('jsonld'),
      '--force',
      '--profile',
      at('profile'),
      '--unlock-file',
      at('passphrase'),
    ])
    expect([cut.code, await stat(path).catch(() => null)]).toEqual([7, null])
    ok(await ana.alveole('export', at('jsonld'), '--force', '--format', 'jsonld'))
    expect((await stat(path)).mtimeMs).toBeGreaterThan(before.mtimeMs)
  })
})

describe('an age file', () => {
  test('to a recipient is one file, and is put back with its identity only', async () => {
    ok(await ana.alveole('export', at('sealed'), '--format', 'age', '--recipient', await identityToRecipient(identity)))
    expect(await readdir(at('sealed'))).toEqual(['alveole.tar.age'])
    const file = at('sealed/alveole.tar.age')
    expect((await stat(file)).mode & 0o077).toBe(0)
    const cleo = await member(inject('pod'), 'cleo')
    expect((await cleo.alveole('import', file)).code).toBe(2)
    expect((await cleo.alveole('import', file, '--passphrase-file', at('passphrase'))).code).toBe(7)
    expect((await cleo.alveole('import', at('sealed'), '--identity-file', at('passphrase'))).code).toBe(2)
    const into = ok(await cleo.alveole('import', at('sealed'), '--identity-file', at('identity')))
    expect(into.json).toMatchObject({ total: 2, files: [{ file, format: 'alveole' }] })
  })

  test('by a passphrase too', async () => {
    ok(await ana.alveole('export', at('locked'), '--format', 'age', '--passphrase-file', at('passphrase')))
    const again = ok(await ana.alveole('import', at('locked/alveole.tar.age'), '--passphrase-file', at('passphrase')))
    expect(again.json).toMatchObject({ total: 0, files: [{ duplicates: 2 }] })
  })

  test('to nobody, or to somebody without age, is a usage error', async () => {
    expect((await ana.alveole('export', at('x'), '--format', 'age')).code).toBe(2)
    expect((await ana.alveole('export', at('x'), '--format', 'age', '--recipient', 'age1no')).code).toBe(2)
  })
})
