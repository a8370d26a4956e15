/** `alveole get`: the bytes of a record, as they came: its file, or the source that it was read from. */
import { utf8 } from '#crypto'
import { isBlob, isSource, type BlobRef, type Vault, type VaultRecord } from '#core'
import type { Command } from '../command.ts'
import { write } from '../output.ts'
import type { Progress } from '../progress.ts'
import { parseRange } from '../range.ts'
import { recordOf } from '../record.ts'
import { absent } from '../told.ts'

export const get: Command = {
  name: 'get',
  synopsis: { fr: 'ID [--range A-B]', en: 'ID [--range A-B]' },
  about: {
    fr: `Écrit sur la sortie standard le fichier d’une donnée, tel qu’il est arrivé.
--range prend une plage d’octets, bornes comprises, comme HTTP : 0-499, 500-, -500.`,
    en: `Writes the file of a record to standard output, as it came.
--range takes a range of bytes, both ends included, as in HTTP: 0-499, 500-, -500.`,
  },
  options: ['range'],
  takes: [1, 1],
  run: async ({ arguments: [id = ''], options, vault, progress }) => {
    const range = options.range === undefined ? null : parseRange(options.range)
    const opened = await vault.open()
    const record = await recordOf(opened, id)
    const blob = blobOf(record)
    if (blob) return pour(opened, record, blob, range?.(blob.size), progress)
    const bytes = utf8(sourceOf(record))
    const { start, end } = range?.(bytes.length) ?? { start: 0, end: bytes.length }
    return write(bytes.subarray(start, end))
  },
}

async function pour(
  vault: Vault,
  record: VaultRecord,
  blob: BlobRef,
  range: { start: number; end: number } | undefined,
  progress: Progress,
): Promise<void> {
  const { start, end } = range ?? { start: 0, end: blob.size }
  let read = 0
  for await (const chunk of await vault.blobs.open(blob, record.collection, range)) {
    await write(chunk)
    read += chunk.length
    if (!process.stdout.isTTY) progress.show({ fr: blob.name, en: blob.name }, read / (end - start)) // or it would stand in it
  }
}

/** What arrived, before what was made of it. */
const FIRST = ['original', 'content', 'source']

const inOrder = ({ value }: VaultRecord): unknown[] => [
  ...FIRST.map(name => value[name] ?? null),
  ...Object.values(value),
]

const blobOf = (record: VaultRecord): BlobRef | null => inOrder(record).find(part => isBlob(part)) ?? null

function sourceOf(record: VaultRecord): string {
  const source = inOrder(record).find(part => isSource(part))
  if (source) return source.text
  throw absent('Cette donnée n’a pas de fichier.', 'This record has no file.')
}
