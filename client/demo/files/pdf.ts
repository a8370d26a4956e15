/**
 * A letter of one A4 page as PDF 1.4 (ISO 32000): catalogue, page, two of the fonts that every reader has, and one content
 * stream of text lines. Text is in WinAnsi, which has all that French and English need.
 */

/** Characters of WinAnsi that Latin-1 has elsewhere or not at all. */
const WIN_ANSI: { [character: string]: number } = {
  '€': 0x80,
  '…': 0x85,
  Œ: 0x8c,
  '‘': 0x91,
  '’': 0x92,
  '“': 0x93,
  '”': 0x94,
  '•': 0x95,
  '–': 0x96,
  '—': 0x97,
  œ: 0x9c,
}

const COLUMNS = 86
const LINES = 52

const encode = (text: string): string =>
  Array.from(text, character => String.fromCharCode(WIN_ANSI[character] ?? character.charCodeAt(0))).join('')

const escape = (text: string): string => encode(text).replaceAll(/[\\()]/g, '\\$&')

/** Breaks a paragraph between words. */
function wrap(paragraph: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of paragraph.split(' ')) {
    if (line && line.length + word.length >= COLUMNS) {
      lines.push(line)
      line = word
    } else line = line ? `${line} ${word}` : word
  }
  return [...lines, line]
}

function content(title: string, paragraphs: readonly string[]): string {
  const lines = paragraphs.flatMap(paragraph => [...paragraph.split('\n').flatMap(wrap), ''])
  if (lines.length > LINES) throw new RangeError(`more than a page: ${title}`)
  const shown = lines.map(line => `(${escape(line)}) Tj T*`)
  return [
    'BT',
    '/F2 16 Tf',
    '60 770 Td',
    `(${escape(title)}) Tj`,
    '/F1 11 Tf',
    '14 TL',
    '0 -34 Td',
    ...shown,
    'ET',
  ].join('\n')
}

const font = (name: string): string => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`

export function pdf(title: string, paragraphs: readonly string[]): Uint8Array<ArrayBuffer> {
  const stream = content(title, paragraphs)
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    font('Helvetica'),
    font('Helvetica-Bold'),
    `<< /Title (${escape(title)}) >>`,
  ]
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const at = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(at).padStart(10, '0')} 00000 n \n`
  })
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 7 0 R >>\nstartxref\n${file.length}\n%%EOF\n`
  return Uint8Array.from(Buffer.from(file + table + trailer, 'latin1'))
}
