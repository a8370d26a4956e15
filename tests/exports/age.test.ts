/** One age file: opened by the format's own program and library, read at any place, and refused when it is not whole. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  Decrypter,
  Encrypter,
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from 'age-encryption'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { openAge, sealAge } from '../../client/core/exports/age.ts'
import { untar } from '../../client/core/exports/untar.ts'
import { fixture, sourceFile } from '../formats/read.ts'
import { reopen, world, type Member } from '../core/world.ts'
import { comparable, exported, type Files } from './exported.ts'

let identity: string
let recipient: string
let alice: Member
let bob: Member
let back: () => void
let sealed: Uint8Array<ArrayBuffer>

const bytesOf = async (stream: ReadableStream<Uint8Array>) =>
  new Uint8Array(await new Response(stream as BodyInit).arrayBuffer())

beforeAll(async () => {
  identity = await generateX25519Identity()
  recipient = await identityToRecipient(identity)
  const around = world()
  alice = await around.member('alice')
  bob = await around.member('bob')
  await bob.vault.settle()
  await alice.vault.import([
    fixture('bundle.fhir'),
    sourceFile('big.bin', new Uint8Array(300_000).fill(7)),
    sourceFile('a.txt', 'x'),
  ])
  back = around.save(bob.around.store)
  sealed = await bytesOf(await alice.vault.exportAge({ recipients: [recipient] }))
})

const flipped = (bytes: Uint8Array, at: number) => bytes.with(at, bytes[at]! ^ 1)

async function unpacked(tar: Blob): Promise<Files> {
  const files: Files = new Map()
  for (const [path, blob] of await untar(tar)) files.set(path, new Uint8Array(await blob.arrayBuffer()))
  return files
}

describe('an export to a recipient', () => {
  test('is the whole restorable form, for who has the identity', async () => {
    const decrypter = new Decrypter()
    decrypter.addIdentity(identity)
    const files = await unpacked(new Blob([new Uint8Array(await decrypter.decrypt(sealed))]))
    expect(comparable(files)).toEqual(comparable(await exported(alice.vault)))
    expect(Buffer.from(sealed).includes('record.json')).toBe(false)
  })

  test.runIf(existsSync('/usr/bin/age'))('opens with age and tar, and nothing of ours', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'alveole-age-'))
    await writeFile(join(folder, 'key'), `# created: today\n${identity}\n`)
    await writeFile(join(folder, 'x.tar.age'), sealed)
    const command = promisify(execFile)
    await command('age', ['-d', '-i', 'key', '-o', 'x.tar', 'x.tar.age'], { cwd: folder })
    const { stdout } = await command('tar', ['-tf', 'x.tar'], { cwd: folder })
    expect(stdout).toContain('alveole.json')
  })

  test('is put back into another vault', async () => {
    back()
    const vault = await reopen(bob)
    const report = await vault.import([{ name: 'x.age', blob: new Blob([sealed]) }], {
      age: { identities: [identity] },
    })
    expect(report.files).toMatchObject([{ file: 'x.age', format: 'alveole', problems: [] }])
    expect(comparable(await exported(vault))).toEqual(comparable(await exported(alice.vault)))
    const tar = await openAge(new Blob([sealed]), { identities: [identity] })
    expect((await vault.import([{ name: 'x.tar', blob: tar }])).files).toMatchObject([
      { format: 'alveole', duplicates: report.total },
    ])
  })

  test('without keys is a file like any other; with keys that do not fit it is not read', async () => {
    back()
    const vault = await reopen(bob)
    const file = { name: 'x.age', blob: new Blob([sealed]) }
    const others = { age: { identities: [await generateX25519Identity()], passphrase: 'x' } }
    await expect(vault.import([file], others)).rejects.toMatchObject({ code: 'wrong-unlock' })
    expect((await vault.import([file])).files).toMatchObject([{ format: 'file', records: { File: 1 } }])
  })

  test('with a stored file altered brings in the rest, and says which', async () => {
    back()
    const vault = await reopen(bob)
    const file = { name: 'x.age', blob: new Blob([flipped(sealed, 180_000)]) }
    const { total, files } = await vault.import([file], { age: { identities: [identity] } })
    const where = expect.stringMatching(/^Files\/File\/.* content big\.bin$/) as string
    expect([total > 3, files[0]!.problems]).toEqual([true, [{ where, reason: 'altered' }]])
  })

  test.each([
    ['cut by a chunk', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 65_552)],
    ['cut by a byte', (bytes: Uint8Array) => bytes.subarray(0, -1)],
    ['cut in its header', (bytes: Uint8Array) => bytes.subarray(0, 60)],
    ['cut behind its header', (bytes: Uint8Array) => bytes.subarray(0, Buffer.from(bytes).indexOf('\n--- ') + 60)],
    ['with a header altered', (bytes: Uint8Array) => flipped(bytes, Buffer.from(bytes).indexOf('\n--- ') + 10)],
    [
      'with its first file’s name altered',
      (bytes: Uint8Array) => flipped(bytes, Buffer.from(bytes).indexOf('\n--- ') + 80),
    ],
    ['with its end altered', (bytes: Uint8Array) => flipped(bytes, bytes.length - 40)],
  ])('%s brings nothing in', async (_, edit) => {
    back()
    const vault = await reopen(bob)
    const file = { name: 'x.age', blob: new Blob([edit(sealed) as Uint8Array<ArrayBuffer>]) }
    const { total, files } = await vault.import([file], { age: { identities: [identity] } })
    expect(total).toBe(0)
    expect(files[0]!.problems).toHaveLength(1)
  })
})

describe('an age file of ours or of others', () => {
  const sizes = [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000]
  const plain = (size: number) => Uint8Array.from({ length: size }, (_, at) => at % 251)

  test.each(sizes)('of %i bytes is read at any place', async size => {
    const encrypter = new Encrypter()
    encrypter.addRecipient(recipient)
    const blob = await openAge(new Blob([new Uint8Array(await encrypter.encrypt(plain(size)))]), {
      identities: [identity],
    })
    expect(blob.size).toBe(size)
    await fc.assert(
      fc.asyncProperty(fc.nat(size), fc.nat(size), async (from, to) => {
        expect(await blob.slice(from, to).bytes()).toEqual(plain(size).slice(from, Math.max(from, to)))
      }),
      { numRuns: 20 },
    )
    expect(await bytesOf(blob.stream())).toEqual(plain(size))
    expect(await blob.slice(-3).bytes()).toEqual(plain(size).slice(-3))
  })

  test('with a passphrase, or a recipient that is safe from quantum computers', async () => {
    const encrypter = new Encrypter()
    encrypter.setPassphrase('three quiet herons')
    encrypter.setScryptWorkFactor(10)
    const locked = new Blob([new Uint8Array(await encrypter.encrypt('text'))])
    expect(await (await openAge(locked, { passphrase: 'three quiet herons' })).text()).toBe('text')
    await expect(openAge(locked, { passphrase: 'another' })).rejects.toMatchObject({ code: 'wrong-unlock' })
    const hybrid = await generateHybridIdentity()
    const stream = await sealAge(new Blob(['text']).stream(), {
      recipients: [await identityToRecipient(hybrid), recipient],
    })
    const both = new Blob([await bytesOf(stream)])
    for (const one of [hybrid, identity]) expect(await (await openAge(both, { identities: [one] })).text()).toBe('text')
  })

  test('that asks for a day of work is refused', async () => {
    const costly = `age-encryption.org/v1\n-> scrypt ${'A'.repeat(22)} 40\n${'A'.repeat(43)}\n--- ${'A'.repeat(43)}\n${'x'.repeat(40)}`
    await expect(openAge(new Blob([costly]), { passphrase: 'x' })).rejects.toMatchObject({ code: 'bad-file' })
  })

  test('for nobody is a usage error', async () => {
    await expect(sealAge(new Blob([]).stream(), { recipients: ['ssh-ed25519 AAAA'] })).rejects.toMatchObject({
      code: 'usage',
    })
    await expect(openAge(new Blob([sealed]), { identities: ['AGE-SECRET-KEY-1X'] })).rejects.toMatchObject({
      code: 'usage',
    })
  })
})
