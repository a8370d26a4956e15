/**
 * A JPEG without what it hides (ITU-T T.81 annex B; no pixel is touched). Kept: the image itself, APP0 `JFIF` without its thumbnail,
 * which may show what was cropped away, and APP14 `Adobe`, which says how colours are coded. Dropped: every other APPn and COM, so EXIF,
 * XMP, IPTC, thumbnails and maker notes, and all that follows the end of the image, where phones put films and second pictures; and
 * ICC profiles, which name their maker and device, and when they were made: without one colours are sRGB's, so that those of sRGB stay as they
 * were and those of a wider space look paler than in the original.
 * Orientation, which display needs, comes back as an EXIF segment that holds nothing else.
 *
 *   JFIF = FF E0 length "JFIF" 0  version (2) units (1) densities (4)  thumbnail's width (1) height (1) pixels      (JFIF 1.02)
 *   SOI  [FF marker length body]…  FF DA length body  entropy-coded data (FF 00, FF D0–D7 belong to it)  …  EOI
 */

type Piece = { start: number; end: number } | Uint8Array<ArrayBuffer>

export interface Stripped {
  /** What to keep, after the two bytes of SOI: byte ranges of the file, and bytes that stand in for what was there. */
  pieces: readonly Piece[]
  width: number
  height: number
}

const APP0 = 0xe0
const SOS = 0xda
const EOI = 0xd9
const COM = 0xfe

const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

const nameIs = (bytes: Uint8Array, at: number, name: string): boolean =>
  Array.from(name).every((char, index) => bytes[at + index] === char.charCodeAt(0))

function isKept(bytes: Uint8Array, marker: number, body: number): boolean {
  if (marker === COM) return false
  if (marker < 0xe0 || marker > 0xef) return true
  return marker === 0xee && nameIs(bytes, body, 'Adobe')
}

/** Of a JFIF segment from its name to its densities. */
const JFIF_BYTES = 12

/** With a thumbnail of nothing; none where it is another APP0, as the thumbnails of JFXX, or not whole. */
function withoutThumbnail(bytes: Uint8Array, body: number, end: number): Piece[] {
  if (!nameIs(bytes, body, 'JFIF\0') || end - body < JFIF_BYTES) return []
  const kept = bytes.subarray(body, body + JFIF_BYTES)
  return [Uint8Array.from([0xff, APP0, 0, JFIF_BYTES + 4, ...kept, 0, 0])]
}

/** End of the entropy-coded data that starts here: the next marker that is neither stuffing nor a restart. */
function endOfScan(bytes: Uint8Array, start: number): number {
  let at = start
  for (;;) {
    at = bytes.indexOf(0xff, at)
    if (at < 0 || at + 1 >= bytes.length) return -1
    const next = bytes[at + 1] ?? 0
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at
    at += next === 0xff ? 1 : 2
  }
}

/** Null when the bytes are no whole JPEG. */
export function stripJpeg(bytes: Uint8Array): Stripped | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const pieces: Piece[] = []
  let width = 0
  let height = 0
  let scanned = false
  for (let at = 2; at + 4 <= bytes.length || bytes[at + 1] === EOI;) {
    const marker = bytes[at + 1] ?? 0
    if (bytes[at] !== 0xff) return null
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === EOI) return scanned ? { pieces: [...pieces, { start: at, end: at + 2 }], width, height } : null
    const length = view.getUint16(at + 2)
    let end = at + 2 + length
    if (length < 2 || end > bytes.length) return null
    if (isFrame(marker) && length >= 8) {
      height = view.getUint16(at + 5)
      width = view.getUint16(at + 7)
    }
    if (marker === SOS) {
      scanned = true
      end = endOfScan(bytes, end)
      if (end < 0) return null
    }
    if (marker === APP0) pieces.push(...withoutThumbnail(bytes, at + 4, end))
    else if (isKept(bytes, marker, at + 4)) pieces.push({ start: at, end })
    at = end
  }
  return null
}

/** APP1 with an EXIF of one entry: tag 0x0112 Orientation, SHORT, 1 value (EXIF 2.3 §4.6, TIFF 6.0 §2). */
function orientationSegment(orientation: number): Uint8Array<ArrayBuffer> {
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
  const body = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff]
  return Uint8Array.from([0xff, 0xe1, 0, body.length + 2, ...body])
}

/** The stripped image as slices of the original blob: nothing is copied until it is read. */
export function strippedBlob(blob: Blob, { pieces }: Stripped, orientation: number): Blob {
  const parts: BlobPart[] = [Uint8Array.from([0xff, 0xd8])]
  const slices = pieces.map(piece => ('start' in piece ? blob.slice(piece.start, piece.end) : piece))
  if (orientation > 1 && orientation <= 8) parts.push(orientationSegment(orientation))
  return new Blob([...parts, ...slices], { type: 'image/jpeg' })
}
