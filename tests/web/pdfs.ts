/** PDF files made by hand (ISO 32000-1 §7.5): one of a few pages of words, and one that is small and would be drawn for years. */
import type { Upload } from './acts.ts'

/** Objects are numbered from 1, of which the first is the catalogue. */
function pdfOf(objects: readonly string[]): Buffer {
  let text = '%PDF-1.7\n'
  const places = objects.map((object, index) => {
    const at = text.length
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const table = ['0000000000 65535 f ', ...places.map(at => `${String(at).padStart(10, '0')} 00000 n `)].join('\n')
  const end = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`
  return Buffer.from(`${text}xref\n0 ${objects.length + 1}\n${table}\n${end}`, 'latin1')
}

const stream = (content: string, entries = ''): string =>
  `<< ${entries} /Length ${content.length} >>\nstream\n${content}\nendstream`

const upload = (name: string, buffer: Buffer): Upload => ({ name, mimeType: 'application/pdf', buffer })

/** In a font that is not in the file; each page has a bar of its own colour. */
export function paper(name: string, pages: readonly string[]): Upload {
  const kids = pages.map((_, index) => `${4 + 2 * index} 0 R`).join(' ')
  const drawn = pages.flatMap((words, index) => [
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${5 + 2 * index} 0 R /Resources << /Font << /F 3 0 R >> >> >>`,
    stream(`0 ${index} 1 rg 50 700 495 80 re f 0 g BT /F 36 Tf 60 600 Td (${words}) Tj ET`),
  ])
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...drawn,
  ]
  return upload(name, pdfOf(objects))
}

/** Forms that draw the next one thirty times, twelve deep: some 10¹⁷ rectangles. */
export function endless(name: string): Upload {
  const depth = 12
  const form = (index: number): string =>
    stream(
      index === depth ? '0 0 9 9 re f' : '/N Do\n'.repeat(30),
      `/Type /XObject /Subtype /Form /BBox [0 0 9 9] ${index === depth ? '' : `/Resources << /XObject << /N ${5 + index} 0 R >> >>`}`,
    )
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /XObject << /N 5 0 R >> >> >>',
    ...Array.from({ length: depth + 1 }, (_, index) => form(index)),
  ]
  return upload(name, pdfOf(objects))
}
