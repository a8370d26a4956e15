/** Lists the files of an export as they go by, with their sizes and hashes: what the manifest says in the end. */
import { sha256 } from '@noble/hashes/sha2.js'
import { AlveoleError, toHex } from '#crypto'
import type { ExportedFile } from './files.ts'
import type { Lines } from './lines.ts'
import type { ListedFile } from './manifest.ts'

export type Hash = ReturnType<typeof sha256.create>
/** SHA-256 of a stream, which WebCrypto does not do. */
export const streamHash = (): Hash => sha256.create()

/** The same files; `lines` gets one for each that was read to its end. */
export async function* listing(files: AsyncIterable<ExportedFile>, lines: Lines): AsyncGenerator<ExportedFile> {
  let between = ''
  for await (const file of files) {
    const [body, outcome] = watched(file.body)
    yield { ...file, body }
    const { size, sha256 } = outcome() ?? unread(file)
    const { path, record, graph } = file
    const listed: ListedFile = { path, size, sha256, ...(record && { record }), ...(graph && { graph }) }
    lines.add(`${between}\n   ${JSON.stringify(listed)}`)
    between = ','
  }
}

type Outcome = { size: number; sha256: string }

function watched(body: ExportedFile['body']): [ExportedFile['body'], () => Outcome | null] {
  const digest = streamHash()
  let size = 0
  let outcome: Outcome | null = null
  const add = (bytes: Uint8Array): void => {
    digest.update(bytes)
    size += bytes.length
  }
  const end = (): void => {
    outcome = { size, sha256: toHex(digest.digest()) }
  }
  if (!(body instanceof Uint8Array)) {
    const tap = new TransformStream<Uint8Array, Uint8Array>({
      transform: (bytes, controller) => {
        add(bytes)
        controller.enqueue(bytes)
      },
      flush: end,
    })
    return [body.pipeThrough(tap), () => outcome]
  }
  add(body)
  end()
  return [body, () => outcome]
}

function unread({ path }: ExportedFile): never {
  throw new AlveoleError('usage', 'a file of an export that was not read to its end', { detail: { file: path } })
}
