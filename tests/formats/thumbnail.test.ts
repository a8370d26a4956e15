/** Thumbnails: the one that a camera put into its file, without what it hides; none where it is too large, broken or absent. */
import { describe, expect, it } from 'vitest'
import { leafOf, type RecordValue } from '#vocab'
import { carriedThumbnail, madeThumbnail } from '../../client/core/formats/photo/thumbnail.ts'
import { THUMBNAIL_BYTES } from '../../client/core/formats/photo/thumbnail-bytes.ts'
import { HIDDEN, jpegWith } from './images.ts'
import { gather, sourceFile } from './read.ts'

/** An EXIF (TIFF 6.0, Exif 2.3 §4.5.7) that carries a JPEG in its second directory. */
function exifWith(small: Uint8Array): number[] {
  const u16 = (value: number): number[] => [value >> 8, value & 255]
  const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 65_535)]
  const directory = [...u16(1), ...u16(0x0112), ...u16(3), ...u32(1), ...u16(1), ...u16(0)]
  const at = 8 + directory.length + 4
  const second = [
    ...u16(3),
    ...u16(0x0103),
    ...u16(3),
    ...u32(1),
    ...u16(6),
    ...u16(0),
    ...u16(0x0201),
    ...u16(4),
    ...u32(1),
    ...u32(at + 2 + 3 * 12 + 4),
    ...u16(0x0202),
    ...u16(4),
    ...u32(1),
    ...u32(small.length),
    ...u32(0),
  ]
  const tiff = [0x4d, 0x4d, 0, 42, ...u32(8), ...directory, ...u32(at), ...second, ...small]
  return [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff]
}

function carrying(small: Uint8Array): Uint8Array<ArrayBuffer> {
  const exif = exifWith(small)
  const { image } = jpegWith(1)
  const app1 = [0xff, 0xe1, (exif.length + 2) >> 8, (exif.length + 2) & 255, ...exif]
  return Uint8Array.from([0xff, 0xd8, ...app1, ...image.flatMap(part => [...part])])
}

/** As much of a HEIC as is looked at: its brand, something before, its EXIF, something after. */
const heicWith = (small: Uint8Array): Uint8Array<ArrayBuffer> => {
  const start = Array.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', char => char.charCodeAt(0))
  return Uint8Array.from([...start, ...new Uint8Array(300).fill(0x45), ...exifWith(small), ...new Uint8Array(99)])
}

const decoded = (data: string): string => atob(data)

describe('a thumbnail that a JPEG carries', () => {
  it.each([1, 6])('lies in the record, hides nothing, and is turned as orientation %i says', async orientation => {
    const thumbnail = await carriedThumbnail(carrying(jpegWith(3).bytes), orientation)
    expect(thumbnail?.mediaType).toBe('image/jpeg')
    const text = decoded(thumbnail!.data)
    for (const secret of HIDDEN.filter(one => orientation === 1 || !one.startsWith('Exif')))
      expect(text).not.toContain(secret)
    expect(text).not.toContain('Cam')
    expect(text.includes('Exif')).toBe(orientation > 1)
    const again = await gather(sourceFile('small.jpg', new Blob([Uint8Array.from(text, char => char.charCodeAt(0))])))
    expect(again.drafts).toMatchObject([{ kind: 'Photo', value: { orientation, width: 5, height: 7 } }])
    expect(Object.keys(again.drafts[0]!.value).sort()).toEqual([
      'fileName',
      'height',
      'mediaType',
      'orientation',
      'width',
    ])
  })

  it('comes with the photo, in the facet of the image', async () => {
    const { drafts } = await gather(sourceFile('a.jpg', new Blob([carrying(jpegWith(1).bytes)])))
    expect(drafts).toMatchObject([{ kind: 'Photo', value: { thumbnail: { mediaType: 'image/jpeg' } } }])
  })

  it.each([
    ['none', new Uint8Array()],
    ['one that is cut short', jpegWith(1).bytes.slice(0, 60)],
    ['one that is none', new TextEncoder().encode('not a picture')],
    [
      'one of too many bytes',
      Uint8Array.from([
        ...jpegWith(1)
          .image.slice(0, -1)
          .flatMap(part => [...part]),
        ...new Uint8Array(THUMBNAIL_BYTES + 1),
        0xff,
        0xd9,
      ]),
    ],
  ])('where it is %s: none', async (_, small) => {
    const bytes = small.length > 9000 ? Uint8Array.from([0xff, 0xd8, ...small]) : small
    expect(await carriedThumbnail(carrying(bytes), 1)).toBe(undefined)
  })

  it('where there is no EXIF at all, or nothing that is a JPEG: none', async () => {
    const bare = Uint8Array.from([0xff, 0xd8, ...jpegWith(1).image.flatMap(part => [...part])])
    expect(await carriedThumbnail(bare, 1)).toBe(undefined)
    expect(await carriedThumbnail(new Uint8Array(5), 1)).toBe(undefined)
  })
})

it('a HEIC brings the one in its EXIF, stripped; and none where it has none', async () => {
  const of = async (bytes: Uint8Array<ArrayBuffer>) =>
    (await gather(sourceFile('a.heic', new Blob([bytes])))).drafts[0]?.value['thumbnail']
  const found = (await of(heicWith(jpegWith(1).bytes))) as { data: string }
  expect(atob(found.data).startsWith('\xff\xd8')).toBe(true)
  for (const secret of HIDDEN) expect(atob(found.data)).not.toContain(secret)
  expect(await of(heicWith(new Uint8Array(40)))).toBe(undefined)
})

describe('a thumbnail that the program makes', () => {
  const draft = (kind: string) => ({
    kind,
    value: {},
    identity: 'x',
    attachments: [{ property: 'original', blob: new Blob(['pixels']), name: 'a', mediaType: 'image/png' }],
  })

  it('is of kinds with a place for it, of 8 KiB at most, and may be none', async () => {
    const make = async (file: Blob, mediaType: string) => new Blob([await file.text(), mediaType])
    const thumbnail = { mediaType: 'image/jpeg', data: btoa('pixelsimage/png') }
    for (const kind of ['Photo', 'File', 'Document'])
      expect(await madeThumbnail(draft(kind), make)).toEqual({ thumbnail })
    expect(await madeThumbnail(draft('Immunization'), make)).toEqual({})
    expect(await madeThumbnail(draft('Photo'), async () => null)).toEqual({})
    expect(await madeThumbnail(draft('Photo'), undefined)).toEqual({})
    expect(await madeThumbnail(draft('Photo'), async () => new Blob([new Uint8Array(THUMBNAIL_BYTES + 1)]))).toEqual({})
  })

  it('is in the facet of the file that it shows, wherever that is filed', () => {
    for (const [kind, value] of [
      ['File', {}],
      ['Document', {}],
      ['Document', { sections: ['Results'] }],
      ['Document', { labels: [{ code: 'PSY' }] }],
    ] as const)
      expect(leafOf(kind, 'thumbnail', value as RecordValue)).toBe(leafOf(kind, 'content', value as RecordValue))
    expect(leafOf('Photo', 'thumbnail', {})).toBe(leafOf('Photo', 'image', {}))
  })
})
