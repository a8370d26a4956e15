/** The table of formats, most particular first: a new format is one file and one line. The last takes any file. */
import { bytesOf } from './fail.ts'
import { fhir } from './fhir.ts'
import { file as anyFile } from './file.ts'
import type { Format, SourceFile } from './format.ts'
import { gedcom } from './gedcom.ts'
import { image } from './image.ts'
import { jpeg } from './jpeg.ts'

/** How much of a file is looked at to tell what it is. */
const SAMPLE = 256 * 1024

const formats: readonly Format[] = Object.freeze([jpeg, image, gedcom, fhir, anyFile])

/** Which format a file is in, by its content. */
export async function recognise(file: SourceFile): Promise<Format> {
  const start = await bytesOf(file, SAMPLE, 0, Math.min(SAMPLE, file.blob.size))
  return formats.find(format => format.recognises(start, file)) ?? anyFile
}
