/** Files that people import. */
import { readFileSync } from 'node:fs'
import { fromHex, utf8 } from '#crypto'
import { fhir } from '../../../client/core/formats/fhir.ts'
import { file } from '../../../client/core/formats/file.ts'
import type { Format } from '../../../client/core/formats/format.ts'
import { gedcom } from '../../../client/core/formats/gedcom.ts'
import { image } from '../../../client/core/formats/image.ts'
import { jpeg } from '../../../client/core/formats/jpeg.ts'
import { recognise } from '../../../client/core/formats/registry.ts'
import { sampleNames, samplePath, samplesPresent } from '../../samples.ts'
import { plain, type Parser } from '../parser.ts'

/** Every item is drawn, and attachments are read to their end. */
async function drain(format: Format | null, bytes: Uint8Array): Promise<void> {
  const source = { name: 'sample', blob: new Blob([bytes as Uint8Array<ArrayBuffer>]) }
  for await (const item of (format ?? (await recognise(source))).read(source)) {
    if ('draft' in item) for (const { blob } of item.draft.attachments ?? []) await blob.arrayBuffer()
  }
}

const SAMPLE_BYTES = 192 * 1024
const published = (...folders: string[]): Uint8Array[] =>
  samplesPresent
    ? folders.flatMap(folder =>
        sampleNames(folder).map(name => readFileSync(samplePath(`${folder}/${name}`)).subarray(0, SAMPLE_BYTES)),
      )
    : []
const fixture = new Uint8Array(readFileSync(new URL('../../formats/fixtures/bundle.fhir', import.meta.url)))
const tree = utf8(
  '0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n0 @I1@ INDI\n1 NAME Ann /Bee/\n1 BIRT\n2 DATE 1 MAY 1950\n0 TRLR\n',
)
const png = fromHex('89504e470d0a1a0a0000000d4948445200000001000000010806000000')
const jpg = fromHex('ffd8ffe000104a46494600010100000100010000ffc0000b080001000101011100ffda0008010100003f0000ffd9')

export const ofFiles: readonly Parser[] = [
  plain('fhir', [fixture, ...published('ips')], bytes => drain(fhir, bytes)),
  plain('gedcom', [tree, ...published('gedcom').map(bytes => bytes.subarray(0, 16_384))], bytes =>
    drain(gedcom, bytes),
  ),
  plain('jpeg', [jpg, ...published('photos')], bytes => drain(jpeg, bytes)),
  plain('image', [png, ...published('photos')], bytes => drain(image, bytes)),
  plain('file', [fixture, png], bytes => drain(file, bytes)),
  plain('recognition', [fixture, tree, jpg, png], bytes => drain(null, bytes)),
]
