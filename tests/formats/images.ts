// Images made by hand, so that tests know every byte: a one-pixel JPEG with whatever segments a test wants in it.

const segment = (marker: number, body: Uint8Array | string): Uint8Array<ArrayBuffer> => {
  const bytes = typeof body === 'string' ? Uint8Array.from(Array.from(body, char => char.charCodeAt(0))) : body
  const length = bytes.length + 2
  return Uint8Array.of(0xff, marker, length >> 8, length & 0xff, ...bytes)
}

/** TIFF structure, big-endian: IFD0 with make, orientation and pointers to an EXIF and a GPS directory. */
function exif(orientation: number): Uint8Array<ArrayBuffer> {
  const out: number[] = []
  const u16 = (value: number) => out.push(value >> 8, value & 0xff)
  const u32 = (value: number) =>
    out.push((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff)
  const entry = (tag: number, type: number, count: number, value: () => void) => {
    u16(tag)
    u16(type)
    u32(count)
    value()
  }
  const text = (value: string) => out.push(...Array.from(value, char => char.charCodeAt(0)))
  text('MM\0*')
  u32(8)
  u16(4) // IFD0 at 8, 4 entries, ends at 62
  entry(0x010f, 2, 4, () => text('Cam\0'))
  entry(0x0112, 3, 1, () => (u16(orientation), u16(0)))
  entry(0x8769, 4, 1, () => u32(62))
  entry(0x8825, 4, 1, () => u32(100))
  u32(0)
  u16(1) // EXIF at 62, 1 entry, ends at 80; its text at 80
  entry(0x9003, 2, 20, () => u32(80))
  u32(0)
  text('2024:05:06 07:08:09\0')
  u16(4) // GPS at 100, 4 entries, ends at 154; coordinates at 154 and 178
  entry(1, 2, 2, () => text('N\0\0\0'))
  entry(2, 5, 3, () => u32(154))
  entry(3, 2, 2, () => text('W\0\0\0'))
  entry(4, 5, 3, () => u32(178))
  u32(0)
  for (const [value, by] of [
    [47, 1],
    [12, 1],
    [3600, 100],
    [1, 1],
    [33, 1],
    [0, 1],
  ] as const) {
    u32(value)
    u32(by)
  }
  return Uint8Array.from(out)
}

const SOI = Uint8Array.of(0xff, 0xd8)
const EOI = Uint8Array.of(0xff, 0xd9)
const JFIF = segment(0xe0, 'JFIF\0\x01\x01\0\0\x01\0\x01\0\0')
const JFIF_THUMBNAIL = segment(0xe0, 'JFIF\0\x01\x01\0\0\x01\0\x01\x02\x03secret-uncropped!!')
const ADOBE = segment(0xee, 'Adobe\0\x64\0\0\0\0\x01')
const FRAME = segment(0xc0, '\x08\0\x07\0\x05\x01\x01\x11\0')
const TABLE = segment(0xdb, `\0${'\x01'.repeat(64)}`)
const SCAN = segment(0xda, '\x01\x01\0\0\x3f\0')
const DATA = Uint8Array.of(0x12, 0xff, 0x00, 0xff, 0xd0, 0x34, 0xff, 0xff, 0x00, 0x56)

export const HIDDEN = ['Exif\0\0', 'secret', 'ICC_PROFILE', 'JFXX', 'MPF\0']

/** What of a JPEG is the image itself, in order, and the same among everything that a camera may hide. */
export function jpegWith(orientation: number): { bytes: Uint8Array<ArrayBuffer>; image: Uint8Array[] } {
  const app1 = segment(0xe1, Uint8Array.of(0x45, 0x78, 0x69, 0x66, 0, 0, ...exif(orientation)))
  const parts = [
    SOI,
    JFIF_THUMBNAIL,
    segment(0xe0, 'JFIF\0secret'),
    segment(0xe0, 'JFXX\0thumbnail'),
    app1,
    segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0<x>secret-xmp</x>'),
    segment(0xe2, 'ICC_PROFILE\0\x01\x01secret-scanner'),
    segment(0xe2, 'MPF\0index'),
    segment(0xed, 'Photoshop 3.0\0secret-iptc'),
    ADOBE,
    segment(0xfe, 'secret-comment'),
    TABLE,
    FRAME,
    SCAN,
    DATA,
    segment(0xfe, 'secret-comment'),
    TABLE,
    SCAN,
    DATA,
    EOI,
    new TextEncoder().encode('secret-trailer'),
  ]
  const image = [JFIF, ADOBE, TABLE, FRAME, SCAN, DATA, TABLE, SCAN, DATA, EOI]
  return { bytes: Uint8Array.from(parts.flatMap(part => [...part])), image }
}
