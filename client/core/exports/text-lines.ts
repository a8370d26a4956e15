/** Lines of a text file of any size, as they come; one beyond a bound is a `bad-file`, and so is what is not UTF-8. */
import { AlveoleError } from '#crypto'

export async function* linesOf(file: Blob, longest: number): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const reader = file.stream().getReader()
  let rest = ''
  for (let next = await reader.read(); ; next = await reader.read()) {
    const lines = (rest + decoded(decoder, next.value)).split('\n')
    rest = lines.pop()!
    yield* lines
    if (rest.length > longest)
      throw new AlveoleError('bad-file', 'a line without end', { detail: { reason: 'too-long' } })
    if (next.done) break
  }
  if (rest) yield rest
}

function decoded(decoder: TextDecoder, bytes: Uint8Array | undefined): string {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
  } catch (cause) {
    throw new AlveoleError('bad-file', 'not UTF-8', { cause, detail: { reason: 'encoding' } })
  }
}
