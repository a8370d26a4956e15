/** EXIF, IPTC and XMP of an image, read by exifr and turned into the properties of a Photo. */
// By its default export: it is a CommonJS bundle, in which Node finds no named ones.
import { default as reader } from 'exifr'
import type { Json, RecordValue } from '#vocab'
import { compact, joined } from '../fhir/types.ts'

type Block = { [name: string]: unknown }

const OPTIONS = {
  tiff: true,
  ifd0: {},
  exif: true,
  gps: true,
  iptc: true,
  xmp: true,
  ihdr: true,
  icc: false,
  mergeOutput: false,
  // Raw values: dates without a guessed time zone, orientation as a number.
  translateValues: false,
  reviveValues: false,
} as const

const isBlock = (value: unknown): value is Block => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Text of a value or of an XMP language alternative; zeros and spaces that pad EXIF text are dropped. */
function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value.replaceAll('\0', '').trim() || undefined
  if (Array.isArray(value)) return value.map(text).find(item => item !== undefined)
  return isBlock(value) ? text(value['value']) : undefined
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).flatMap(item => text(item) ?? [])

const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

/** `2008:10:22 16:28:39` and an offset if the camera knew one: local time without a zone otherwise. */
export function exifDate(value: unknown, offset: unknown): string | undefined {
  const match = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?(Z|[+-]\d\d:\d\d)?/.exec(
    text(value) ?? '',
  )
  if (!match) return undefined
  const [, year, month, day, hour, minute, second = '00', written] = match
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  if (year === '0000' || Number.isNaN(Date.parse(`${iso}Z`))) return undefined
  const zone = text(offset) ?? written
  return iso + (zone && /^([+-]\d\d:\d\d|Z)$/.test(zone) ? zone : '')
}

function position(gps: Block): Json | undefined {
  const latitude = number(gps['latitude'])
  const longitude = number(gps['longitude'])
  if (latitude === undefined || longitude === undefined) return undefined
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return undefined
  const reference = gps['GPSAltitudeRef']
  const below = (reference instanceof Uint8Array ? reference[0] : reference) === 1
  const altitude = number(gps['GPSAltitude'])
  return compact({ latitude, longitude, altitude: altitude === undefined ? undefined : below ? -altitude : altitude })
}

function settings(exif: Block): string | undefined {
  const time = number(exif['ExposureTime'])
  const exposure = time === undefined || time <= 0 ? undefined : time < 1 ? `1/${Math.round(1 / time)} s` : `${time} s`
  const aperture = number(exif['FNumber'])
  const iso = number(exif['ISO'])
  const focal = number(exif['FocalLength'])
  return joined(
    [exposure, aperture && `f/${aperture}`, iso && `ISO ${iso}`, focal && `${focal} mm`, text(exif['LensModel'])].map(
      part => part || undefined,
    ),
    ', ',
  )
}

/** Many makers repeat their name in the model. */
const camera = (make?: string, model?: string): string | undefined =>
  make && model?.toLowerCase().startsWith(make.toLowerCase()) ? model : joined([make, model])

/** People named by IPTC Extension or tagged as regions of the image (MWG). */
function people(extension: Block, regions: Block): string[] {
  const outer = regions['Regions']
  const list = isBlock(outer) ? outer['RegionList'] : undefined
  const named = (Array.isArray(list) ? list : [list]).filter(isBlock).flatMap(region => text(region['Name']) ?? [])
  return [...new Set([...texts(extension['PersonInImage']), ...named])]
}

/** The properties found; null when there is metadata that cannot be read. */
export async function readMetadata(bytes: Uint8Array<ArrayBuffer>): Promise<RecordValue | null> {
  let found: unknown
  try {
    found = await reader.parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength), OPTIONS)
  } catch {
    return null
  }
  const blocks: Block = isBlock(found) ? found : {}
  const block = (name: string): Block => (isBlock(blocks[name]) ? blocks[name] : {})
  const [ifd0, exif, iptc, dc, xmp] = [block('ifd0'), block('exif'), block('iptc'), block('dc'), block('xmp')]
  const taken =
    exifDate(exif['DateTimeOriginal'], exif['OffsetTimeOriginal']) ??
    exifDate(exif['CreateDate'], exif['OffsetTimeDigitized'])
  const photoshop = block('photoshop')
  return compact({
    taken: taken ?? exifDate(photoshop['DateCreated'], undefined) ?? exifDate(xmp['CreateDate'], undefined),
    position: position(block('gps')),
    placeName: joined(
      [text(iptc['City']) ?? text(photoshop['City']), text(iptc['Country']) ?? text(photoshop['Country'])],
      ', ',
    ),
    title: text(iptc['ObjectName']) ?? text(dc['title']),
    caption: text(iptc['Caption']) ?? text(dc['description']) ?? text(ifd0['ImageDescription']),
    keywords: [...new Set([...texts(iptc['Keywords']), ...texts(dc['subject'])])],
    people: people(block('Iptc4xmpExt'), block('mwg-rs')),
    camera: camera(text(ifd0['Make']), text(ifd0['Model'])),
    settings: settings(exif),
    orientation: number(ifd0['Orientation']),
    width: number(block('ihdr')['ImageWidth']) ?? number(exif['ExifImageWidth']),
    height: number(block('ihdr')['ImageHeight']) ?? number(exif['ExifImageHeight']),
  })
}
