/** What the bytes of a file are: by its first bytes, then by its name, then by whether it is text. */

const SIGNATURES: readonly [offset: number, bytes: string, mediaType: string][] = [
  [0, '%PDF-', 'application/pdf'],
  [0, '\xff\xd8\xff', 'image/jpeg'],
  [0, '\x89PNG\r\n\x1a\n', 'image/png'],
  [0, 'GIF8', 'image/gif'],
  [0, 'II*\0', 'image/tiff'],
  [0, 'MM\0*', 'image/tiff'],
  [8, 'WEBP', 'image/webp'],
  [4, 'ftypheic', 'image/heic'],
  [4, 'ftypheix', 'image/heic'],
  [4, 'ftypmif1', 'image/heif'],
  [4, 'ftypavif', 'image/avif'],
  [4, 'ftypqt', 'video/quicktime'],
  [4, 'ftyp', 'video/mp4'],
  [0, '\x1aE\xdf\xa3', 'video/webm'],
  [0, 'OggS', 'audio/ogg'],
  [0, 'ID3', 'audio/mpeg'],
  [0, 'fLaC', 'audio/flac'],
  [8, 'WAVE', 'audio/wav'],
  [0, '\x1f\x8b', 'application/gzip'],
  [0, '7z\xbc\xaf\x27\x1c', 'application/x-7z-compressed'],
  [0, '{\\rtf', 'application/rtf'],
  [0, '<?xml', 'application/xml'],
]

const EXTENSIONS: { readonly [extension: string]: string } = {
  csv: 'text/csv',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  gpx: 'application/gpx+xml',
  html: 'text/html',
  ics: 'text/calendar',
  json: 'application/json',
  md: 'text/markdown',
  mp3: 'audio/mpeg',
  odp: 'application/vnd.oasis.opendocument.presentation',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odt: 'application/vnd.oasis.opendocument.text',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  vcf: 'text/vcard',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  zip: 'application/zip',
}

/** Formats that are themselves in a wrapper say more by their name than by their first bytes. */
const WRAPPERS: ReadonlySet<string> = new Set(['application/xml', 'application/gzip'])

const isAt = (start: Uint8Array, offset: number, bytes: string): boolean =>
  Array.from(bytes).every((char, index) => start[offset + index] === char.charCodeAt(0))

/** Control characters that no text holds: all but tab, line feed, form feed and carriage return. */
const CONTROL = /[^\P{Cc}\t\n\f\r\u0080-\u009f]/u

const isText = (start: Uint8Array): boolean => {
  try {
    // The last character may be cut by the end of the sample.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true })
    return !CONTROL.test(text)
  } catch {
    return false
  }
}

export function mediaTypeOf(start: Uint8Array, name: string): string {
  const bySignature = SIGNATURES.find(([offset, bytes]) => isAt(start, offset, bytes))?.[2]
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  const byName = Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : undefined
  if (bySignature && !(byName && WRAPPERS.has(bySignature))) return bySignature
  if (isAt(start, 0, 'PK\x03\x04')) return byName ?? 'application/zip'
  return byName ?? (isText(start) ? 'text/plain' : 'application/octet-stream')
}
