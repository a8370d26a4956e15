/**
 * What a camera writes into a JPEG, so that the import has something to take out: an APP1 with a big-endian TIFF
 * (EXIF 2.3 §4.6): IFD0 with caption and camera, EXIF with the date, GPS with the place.
 *
 *   TIFF header  IFD0  EXIF  GPS  values that do not fit into four bytes
 */
import { segment } from './jpeg.ts'

export interface Shot {
  caption: string
  /** `2025-07-14T18:20:00` */
  taken: string
  camera: string
  latitude: number
  longitude: number
}

type Entry = readonly [tag: number, type: number, count: number, bytes: readonly number[]]

const ASCII = 2
const LONG = 4
const RATIONAL = 5
const HEADER = 8

const u16 = (value: number): number[] => [value >> 8, value & 0xff]
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)]

const text = (tag: number, value: string): Entry => {
  const bytes = [...new TextEncoder().encode(value), 0]
  return [tag, ASCII, bytes.length, bytes]
}

/** Degrees, minutes and hundredths of a second. */
function degrees(tag: number, value: number): Entry {
  const seconds = Math.round(Math.abs(value) * 360_000)
  const parts = [Math.floor(seconds / 360_000), 1, Math.floor(seconds / 6000) % 60, 1, seconds % 6000, 100]
  return [tag, RATIONAL, 3, parts.flatMap(u32)]
}

const sizeOf = (entries: readonly Entry[]): number => 2 + entries.length * 12 + 4

/** A directory whose long values start at `at`; gives both. */
function directory(entries: readonly Entry[], at: number): { bytes: number[]; values: number[] } {
  const values: number[] = []
  const lines = entries.map(([tag, type, count, bytes]) => {
    const start = [...u16(tag), ...u16(type), ...u32(count)]
    if (bytes.length <= 4) return [...start, ...bytes, ...Array<number>(4 - bytes.length).fill(0)]
    const place = at + values.length
    values.push(...bytes, ...Array<number>(bytes.length % 2).fill(0))
    return [...start, ...u32(place)]
  })
  return { bytes: [...u16(entries.length), ...lines.flat(), ...u32(0)], values }
}

export function exif({ caption, taken, camera, latitude, longitude }: Shot): number[] {
  const exifEntries = [text(0x9003, taken.replaceAll('-', ':').replace('T', ' '))]
  const gpsEntries = [
    text(1, latitude < 0 ? 'S' : 'N'),
    degrees(2, latitude),
    text(3, longitude < 0 ? 'W' : 'E'),
    degrees(4, longitude),
  ]
  const pointer = (tag: number, place: number): Entry => [tag, LONG, 1, u32(place)]
  const named = [text(0x010e, caption), text(0x0110, camera)]
  const exifAt = HEADER + sizeOf(named) + 2 * 12
  const gpsAt = exifAt + sizeOf(exifEntries)
  const main = [...named, pointer(0x8769, exifAt), pointer(0x8825, gpsAt)]
  const directories: number[] = []
  const values: number[] = []
  const valuesAt = gpsAt + sizeOf(gpsEntries)
  for (const entries of [main, exifEntries, gpsEntries]) {
    const made = directory(entries, valuesAt + values.length)
    directories.push(...made.bytes)
    values.push(...made.values)
  }
  const tiff = [0x4d, 0x4d, 0, 42, ...u32(HEADER), ...directories, ...values]
  return segment(0xe1, [...new TextEncoder().encode('Exif'), 0, 0, ...tiff])
}
