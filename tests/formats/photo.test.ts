// Photos: what the metadata says, the image without it, broken files; and any other file.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jpeg } from '../../client/core/formats/jpeg.ts'
import { mediaTypeOf } from '../../client/core/formats/media-types.ts'
import { exifDate } from '../../client/core/formats/photo/metadata.ts'
import { stripJpeg } from '../../client/core/formats/photo/strip.ts'
import type { Draft } from '../../client/core/formats/format.ts'
import { HIDDEN, jpegWith } from './images.ts'
import { gather, samples, sourceFile } from './read.ts'

const attached = (draft: Draft | undefined, property: string): Blob | undefined =>
  draft?.attachments?.find(item => item.property === property)?.blob

const latin1 = async (blob: Blob | undefined): Promise<string> =>
  Array.from(new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer()), byte => String.fromCharCode(byte)).join(
    '',
  )

const published = samples('photos')

// Said by name where the samples do not stand beside the project.
it.each(published.length === 0 ? ['published samples absent beside the project: only images made here are read'] : [])(
  '%s',
  () => {
    expect(published).toEqual([])
  },
)

/** What is known of the samples, by the start of their names. */
const KNOWN: readonly [start: string, value: Record<string, unknown>][] = [
  ['Canon_40D', { taken: '2008-05-30T15:56:01', camera: 'Canon EOS 40D', settings: '1/160 s, f/7.1, ISO 100, 135 mm' }],
  [
    'DSCN0010',
    { taken: '2008-10-22T16:28:39', position: { latitude: 43.46744833333334, longitude: 11.885126666663888 } },
  ],
  ['IMG_5195', { taken: '2021-04-11T15:47:53-05:00', camera: 'Apple iPhone 11 Pro Max', width: 4032 }],
  ['landscape_3', { orientation: 3, width: 600, height: 450 }],
  ['portrait_6', { orientation: 6 }],
]

describe.each(published.map(file => [file.name, file] as const))('published sample %s', (name, file) => {
  it('is a photo with what is known of it, its original untouched', async () => {
    const { drafts, problems } = await gather(file)
    expect(problems).toEqual([])
    const known = KNOWN.find(([start]) => name.startsWith(start))?.[1] ?? {}
    expect(drafts).toMatchObject([{ kind: 'Photo', value: { fileName: name, ...known } }])
    expect(await latin1(attached(drafts[0], 'original'))).toBe(await latin1(file.blob))
  })
})

const jpegs = published.filter(file => file.name.endsWith('.jpg')).map(file => [file.name, file] as const)

describe.each(jpegs)('image of %s', (_name, file) => {
  it('hides nothing, and is as large and as upright as the original', async () => {
    const { drafts } = await gather(file)
    const image = attached(drafts[0], 'image') ?? new Blob()
    expect(await latin1(image)).not.toMatch(/http:\/\/ns\.adobe|ICC_PROFILE|Photoshop 3\.0|Canon|NIKON|FUJIFILM/)
    const again = await gather(sourceFile('image.jpg', image))
    const { orientation, width, height } = drafts[0]?.value ?? {}
    expect(again.drafts[0]?.value).toEqual({
      orientation,
      width,
      height,
      mediaType: 'image/jpeg',
      fileName: 'image.jpg',
    })
  })
})

describe('a JPEG with all that cameras hide', async () => {
  const { bytes, image } = jpegWith(6)
  const { format, drafts, problems } = await gather(sourceFile('abeille.jpg', bytes))
  const [draft] = drafts

  it('says when, where, with what and which way up', () => {
    expect({ format, problems }).toEqual({ format: 'jpeg', problems: [] })
    expect(draft?.value).toEqual({
      taken: '2024-05-06T07:08:09',
      position: { latitude: expect.closeTo(47.21, 5) as number, longitude: expect.closeTo(-1.55, 5) as number },
      camera: 'Cam',
      orientation: 6,
      width: 5,
      height: 7,
      mediaType: 'image/jpeg',
      fileName: 'abeille.jpg',
    })
  })

  it('gives an image of the same picture bytes and its orientation, without thumbnail or profile, and nothing else', async () => {
    const text = await latin1(attached(draft, 'image'))
    const kept = image.map(part => Array.from(part, byte => String.fromCharCode(byte)).join('')).join('')
    const orientation = '\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0'
    expect(text).toBe(`\xff\xd8${orientation}${kept}`)
    for (const secret of HIDDEN.slice(1)) expect(text).not.toContain(secret)
  })

  it('adds no segment when the image is upright', async () => {
    const upright = await gather(sourceFile('a.jpg', jpegWith(1).bytes))
    expect(await latin1(attached(upright.drafts[0], 'image'))).not.toContain('Exif')
  })

  it('has an identity of its bytes, whatever its name', async () => {
    const again = await gather(sourceFile('other.jpg', bytes))
    expect(again.drafts[0]?.identity).toBe(draft?.identity)
    expect((await gather(sourceFile('a.jpg', jpegWith(1).bytes))).drafts[0]?.identity).not.toBe(draft?.identity)
  })
})

describe('a broken JPEG', () => {
  const { bytes } = jpegWith(6)
  const end = bytes.length - 'secret-trailer'.length

  it('is kept as a file and said to be damaged, wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 3, max: end - 1 }), async length => {
        const { drafts, problems } = await gather(sourceFile('cut.jpg', bytes.slice(0, length)))
        expect(drafts.map(draft => [draft.kind, attached(draft, 'content')?.size])).toEqual([['File', length]])
        expect(problems).toEqual([{ where: 'byte 0', reason: 'broken-image' }])
      }),
    )
  })

  it('never makes the reader fail', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(end - 1), fc.nat(255)), { maxLength: 8 }), async changes => {
        const changed = Uint8Array.from(bytes)
        for (const [at, value] of changes) if (at > 2) changed[at] = value
        const { drafts } = await gather(sourceFile('odd.jpg', changed), jpeg)
        expect(drafts).toHaveLength(1)
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array(), odd => {
        expect(() => stripJpeg(odd)).not.toThrow()
      }),
    )
  })
})

describe('dates of cameras', () => {
  it.each([
    ['2024:05:06 07:08:09', '+02:00', '2024-05-06T07:08:09+02:00'],
    ['2024-05-06T07:08:09.25Z', undefined, '2024-05-06T07:08:09Z'],
    ['0000:00:00 00:00:00', undefined, undefined],
    ['2024:13:40 07:08:09', undefined, undefined],
    [new Uint8Array(4), undefined, undefined],
  ])('%s %s', (value, offset, expected) => expect(exifDate(value, offset)).toBe(expected))
})

describe('other images and files', () => {
  it('keeps an image whose metadata cannot be read', async () => {
    const { format, drafts, problems } = await gather(sourceFile('a.heic', '\0\0\0\x18ftypheic\0\0\0\0'))
    expect(format).toBe('image')
    expect(drafts[0]).toMatchObject({ kind: 'Photo', value: { mediaType: 'image/heic' } })
    expect(problems).toEqual([{ where: 'byte 0', reason: 'broken-metadata' }])
  })

  it('keeps any file with its name, size and what it is', async () => {
    const { format, drafts } = await gather({
      ...sourceFile('facture.pdf', '%PDF-1.7 …'),
      lastModified: Date.UTC(2024, 0, 2),
    })
    expect(format).toBe('file')
    expect(drafts[0]).toMatchObject({
      kind: 'File',
      value: { name: 'facture.pdf', mediaType: 'application/pdf', size: 12, modified: '2024-01-02T00:00:00.000Z' },
    })
    expect(await attached(drafts[0], 'content')?.text()).toBe('%PDF-1.7 …')
  })

  it('refuses an empty file by name, and one that cannot be read to its end', async () => {
    const empty = gather(sourceFile('vide.txt', ''))
    await expect(empty).rejects.toMatchObject({
      code: 'bad-file',
      detail: { file: 'vide.txt', where: 'byte 0', reason: 'empty' },
    })
    const gone = new Blob(['text'])
    gone.slice = () =>
      Object.assign(new Blob(['x']), {
        stream: () =>
          new ReadableStream({
            type: 'bytes',
            pull: controller => controller.error(new DOMException('gone', 'NotReadableError')),
          }),
      })
    await expect(gather({ name: 'parti.txt', blob: gone })).rejects.toMatchObject({ code: 'source-changed' })
  })

  it('takes JSON of other programs for a file, and FHIR whose type comes last for FHIR', async () => {
    expect((await gather(sourceFile('a.json', '{"resources":[{"resourceType":"AWS"}]}'))).format).toBe('file')
    expect((await gather(sourceFile('a.json', '{"id":"1","resourceType":"Patient"}'))).format).toBe('fhir')
    const long = `{"entry":[{"resource":{"resourceType":"Patient","id":"${'x'.repeat(300_000)}"}}],"resourceType":"Bundle"}`
    expect(await gather(sourceFile('a.json', long))).toMatchObject({ format: 'fhir', drafts: [{ kind: 'Patient' }] })
  })

  it('tells what bytes are, by content before name', () => {
    const type = (text: string, name: string) =>
      mediaTypeOf(Uint8Array.from(Array.from(text, char => char.charCodeAt(0))), name)
    expect(type('%PDF-1', 'a.txt')).toBe('application/pdf')
    expect(type('PK\x03\x04', 'a.docx')).toMatch(/wordprocessingml/)
    expect(type('PK\x03\x04', 'a')).toBe('application/zip')
    expect(type('<?xml ?><svg/>', 'a.svg')).toBe('image/svg+xml')
    expect(type('hello\n', 'README')).toBe('text/plain')
    expect(type('\0\x01', 'constructor')).toBe('application/octet-stream')
  })
})
