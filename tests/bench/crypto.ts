/** What sealing costs beside the primitive that does it, and beside another library, in Node and in Chromium. */
import { cells } from './crypto/cells.ts'
import { figuresInChromium } from './crypto/chromium.ts'
import { figures, type Figures } from './crypto/figures.ts'
import type { RecordTimes } from './crypto/records.ts'
import { speed, type Turns } from './crypto/turns.ts'
import { atLeast, atMost, duration, rate, significant, type Bench, type Row } from './table.ts'
import { median } from './timing.ts'

const RECORDS = 10_000

function blobRows({ blobs: { bytes, seal, open } }: Figures, where: string): Row[] {
  const row = (action: string, times: typeof seal, than: 'sodium' | 'age', least: number): Row => ({
    action: `${action} a blob beside ${than === 'age' ? 'age-encryption' : 'libsodium’s cipher alone'}, ${where}`,
    baseline: rate(bytes, median(times[than])),
    alveole: rate(bytes, median(times.alveole)),
    ...atLeast(speed(times, 'alveole', than), least),
  })
  return [
    row('seal', seal, 'sodium', 0.9),
    row('open', open, 'sodium', 0.9),
    row('seal', seal, 'age', 3),
    row('open', open, 'age', 3),
  ]
}

const ENOUGH = 100_000

function recordRows(what: string, { records, cells, bytes, seal, open }: RecordTimes, where: string): Row[] {
  const perSecond = (1000 * cells) / median(seal.alveole)
  const ratio = speed(seal, 'alveole', 'sodium')
  const many = `${records.toLocaleString('en')} ${what} records`
  return [
    {
      action: `seal ${many}, ${where}`,
      baseline: rate(bytes, median(seal.sodium)),
      alveole: rate(bytes, median(seal.alveole)),
      result: `${significant(perSecond)} cells/s, ${significant(ratio)}×`,
      target: `≥ ${significant(ENOUGH)} cells/s or ≥ 0.7×`,
      met: perSecond >= ENOUGH || ratio >= 0.7,
    },
    {
      action: `seal and hash the same, written as JSON already, ${where}`,
      baseline: rate(bytes, median(seal.sodium)),
      alveole: rate(bytes, median(seal.bytes)),
      ...atLeast(speed(seal, 'bytes', 'sodium'), 0.7),
    },
    {
      action: `open ${many} from bytes, ${where}`,
      baseline: `JSON.parse ${duration(median(open.json))}`,
      alveole: duration(median(open.alveole)),
      ...withParsingAlone(atMost(1 / speed(open, 'alveole', 'json'), 3, '×'), 1 / speed(open, 'alveole', 'text')),
    },
  ]
}

const withParsingAlone = <T extends { result: string }>(row: T, ratio: number): T => ({
  ...row,
  result: `${row.result}, ${significant(ratio)}× of parsing alone`,
})

function keyRows({ keys: { wrap, unwrap, batch, argon2, log, entries } }: Figures, where: string): Row[] {
  const row = (action: string, times: Turns<'alveole' | 'sodium'>, each = 1): Row => ({
    action: `${action}, ${where}`,
    baseline: brief(median(times.sodium) / each),
    alveole: brief(median(times.alveole) / each),
    result: `${significant(speed(times, 'alveole', 'sodium'))}×`,
    target: 'stated',
    met: true,
  })
  return [
    row('wrap a key by X-Wing', wrap, batch),
    row('unwrap it', unwrap, batch),
    row('Argon2id, 64 MiB and 3 passes', argon2),
    row(`verify an identity log of ${entries.toLocaleString('en')} entries`, log),
  ]
}

const brief = (ms: number): string => (ms < 1 ? `${Math.round(1000 * ms)} µs` : duration(ms))

const rows = (measured: Figures, where: string): Row[] => [
  ...blobRows(measured, where),
  ...recordRows('imported', measured.records.imported, where),
  ...recordRows('entered', measured.records.entered, where),
  ...keyRows(measured, where),
]

const sizeOf = ({ cells, segments, bytes }: RecordTimes): string =>
  `${cells.toLocaleString('en')} cells, ${segments} segments, ${(bytes / 1e6).toFixed(1)} MB of JSON`

const describe = ({ records }: Figures, where: string, source: string, cipher: string): string =>
  [
    `crypto, ${where}: medians of the ratios of each round. ${cipher}`,
    'Blobs: 16 MiB in parts of 4 MiB, hashed and joined, beside XChaCha20-Poly1305 of libsodium-wrappers on the same chunks of 256 KiB, and age-encryption on the whole file.',
    `${source} (${sizeOf(records.imported)}; ${sizeOf(records.entered)}).`,
    'To seal them is to pack, write as JSON, seal and hash, beside libsodium’s cipher on the sections’ bytes; to open them, to check hashes, open and merge, beside decoding and JSON.parse of the same bytes.',
    'Keys: beside libsodium’s call alone, the log beside as many of its signature checks.',
  ].join(' ')

const IN_NODE =
  'One thread. From 16 KiB up Alvéole seals by Node’s own ChaCha20-Poly1305, beside libsodium’s in WebAssembly; it hashes by the latter.'
const IN_CHROMIUM =
  'One thread of ours. From 16 KiB up Alvéole seals by the browser’s own ChaCha20-Poly1305, which works on threads of the browser, beside libsodium’s in WebAssembly; it hashes by the latter.'

export async function cryptoInNode(): Promise<Bench> {
  const { about, ...inputs } = await cells(RECORDS)
  const measured = await figures(inputs)
  return { about: describe(measured, `Node ${process.versions.node}`, about, IN_NODE), rows: rows(measured, 'Node') }
}

export async function cryptoInChromium(): Promise<Bench> {
  const { about, ...inputs } = await cells(RECORDS)
  const { browser, ...measured } = await figuresInChromium(inputs)
  return { about: describe(measured, browser, about, IN_CHROMIUM), rows: rows(measured, 'Chromium') }
}
