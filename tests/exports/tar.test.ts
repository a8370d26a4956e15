/** The tar is one that every system opens; what is no tar of ours is refused, whatever it says of itself. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ExportedFile } from '#core'
import { utf8 } from '#crypto'
import { LazyBlob } from '../../client/core/exports/lazy-blob.ts'
import { tarOf } from '../../client/core/exports/tar.ts'
import { untar } from '../../client/core/exports/untar.ts'

const AT = Date.UTC(2026, 0, 1)
const fileOf = (path: string, text: string): ExportedFile => {
  const body = utf8(text)
  return { path, body, size: body.length }
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}
const tar = async (files: ExportedFile[]): Promise<Buffer<ArrayBuffer>> =>
  Buffer.concat(await Array.fromAsync(tarOf(each(files), AT)))
const listed = async (bytes: Uint8Array<ArrayBuffer>): Promise<[string, string][]> =>
  Promise.all(
    Array.from(await untar(new Blob([bytes])), async ([path, blob]) => [path, await blob.text()] as [string, string]),
  )

const LONG = `Santé/${'é'.repeat(100)}/x.txt`

describe('a tar', () => {
  test('comes back as it went in, names of any letters and length', async () => {
    const step = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 90 })
      .map(text => `_${text.normalize('NFC').replaceAll(/[/\\:\u0000-\u001f]/g, '-')}`)
    const path = fc.array(step, { minLength: 1, maxLength: 3 }).map(steps => steps.join('/'))
    const files = fc.uniqueArray(fc.tuple(path, fc.string({ unit: 'grapheme', maxLength: 1200 })), {
      selector: ([name]) => name,
    })
    await fc.assert(
      fc.asyncProperty(files, async of => {
        expect(await listed(await tar(of.map(([name, text]) => fileOf(name, text))))).toEqual(of)
      }),
    )
  })

  test('is read by the system’s own tar', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'alveole-tar-'))
    await writeFile(
      join(folder, 'x.tar'),
      await tar([fileOf('a.txt', 'one'), fileOf(LONG, 'two'), fileOf('empty', '')]),
    )
    await promisify(execFile)('tar', ['-xf', 'x.tar'], { cwd: folder })
    for (const [name, text] of [
      ['a.txt', 'one'],
      [LONG, 'two'],
      ['empty', ''],
    ] as const)
      expect(await readFile(join(folder, name), 'utf8')).toBe(text)
  })

  test('says sizes from 8 GiB on, and is read without reading them', async () => {
    const size = 9 * 2 ** 30
    const [head] = await Array.fromAsync(tarOf(each([{ path: 'big', body: new Uint8Array(), size }]), AT)).catch(
      async () => {
        const pieces = tarOf(each([{ path: 'big', body: new Uint8Array(), size }]), AT)
        return [(await pieces.next()).value as Uint8Array]
      },
    )
    const read: number[] = []
    const whole = new LazyBlob(
      async (from, to) => {
        read.push(to - from)
        const bytes = new Uint8Array(to - from)
        bytes.set(head!.subarray(from, to).slice(0, to - from))
        return bytes
      },
      head!.length + size + 1024,
    )
    expect((await untar(whole)).get('big')?.size).toBe(size)
    expect(read.reduce((sum, length) => sum + length, 0)).toBeLessThan(4096)
  })

  test('with a file that is not of its size is not finished', async () => {
    await expect(tar([{ path: 'a', body: utf8('abc'), size: 4 }])).rejects.toMatchObject({ code: 'source-changed' })
  })
})

/** A tar whose first header says something else, its checksum made to fit. */
async function with1(edit: (header: Buffer) => void, files = [fileOf('a.txt', 'one')]): Promise<Buffer<ArrayBuffer>> {
  const bytes = await tar(files)
  const header = bytes.subarray(0, 512)
  edit(header)
  header.write('        ', 148)
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  )
  return bytes
}
const type = (letter: string) => (header: Buffer) => void header.write(letter, 156)

describe('refused as bad-file', () => {
  const cases: [string, () => Promise<Buffer<ArrayBuffer>>, string][] = [
    ['a symbolic link', () => with1(type('2')), 'bad-path'],
    ['a hard link', () => with1(type('1')), 'bad-path'],
    ['a device', () => with1(type('3')), 'bad-path'],
    ['a sparse file, which is larger than it is', () => with1(type('S')), 'bad-path'],
    ['a size beyond the end', () => with1(header => void header.write('77777777777\0', 124)), 'cut-short'],
    ['a size below zero, in base 256', () => with1(header => void header.fill(0xff, 124, 136)), 'syntax'],
    ['a size that is no number', () => with1(header => void header.write('abc', 124)), 'syntax'],
    ['a path upwards', () => tar([fileOf('a/../../etc/passwd', '')]), 'bad-path'],
    ['an absolute path', () => tar([fileOf('/etc/passwd', '')]), 'bad-path'],
    ['a path of Windows', () => tar([fileOf('C:\\x', '')]), 'bad-path'],
    ['a path upwards in a prefix', () => with1(header => void header.write('..', 345)), 'bad-path'],
    ['one path twice', () => tar([fileOf('a', '1'), fileOf('a', '2')]), 'same-id'],
    ['one path in two spellings', () => tar([fileOf('\u00e9', '1'), fileOf('e\u0301', '2')]), 'same-id'],
    ['a wrong checksum', async () => (await tar([fileOf('a', '1')])).fill(7, 10, 20), 'syntax'],
    ['an end in the middle', async () => (await tar([fileOf('a', '1'.repeat(2000))])).subarray(0, 1500), 'cut-short'],
    ['no end', async () => (await tar([fileOf('a', '1')])).subarray(0, 1024), 'cut-short'],
    [
      'records that say a length of their own',
      async () => {
        const bytes = await tar([fileOf(LONG, '')])
        bytes.write('999999', 512)
        return bytes
      },
      'syntax',
    ],
    ['records without end', () => with1(type('x'), [fileOf('a', 'x'.repeat(70_000))]), 'too-long'],
    ['nothing', async () => Buffer.alloc(0), 'cut-short'],
  ]
  test.each(cases)('%s', async (_, make, reason) => {
    const bytes = await make()
    await expect(untar(new Blob([bytes]))).rejects.toMatchObject({ code: 'bad-file', detail: { reason } })
  })

  test('any bytes, with that code and no other', async () => {
    const bytes = await tar([fileOf(LONG, 'one'), fileOf('b', 'two')])
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length), async (at, byte, length) => {
        const broken = Buffer.from(bytes.subarray(0, length))
        if (at < length) broken[at] = byte
        await untar(new Blob([broken])).catch((error: unknown) => expect(error).toMatchObject({ code: 'bad-file' }))
      }),
    )
  })
})
