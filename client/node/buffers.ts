/**
 * Keeps down what a program of Node holds of buffers that nobody needs any more. V8 looks through its youngest objects once 64 MB of
 * buffers hang on them, which a transfer of any length reaches and stays at; here, at 16 MB. It costs a millisecond for every 16 MB.
 *
 * It helps for buffers that live shortly: those that outlive two such looks wait for a collection of everything. So what is long under
 * way is released by hand (`release` of crypto) or goes through in pieces, as bodies of requests do.
 */
import { setFlagsFromString } from 'node:v8'

/** Of V8 13, in MB; it looks at four times as much. Others may not know it, and would say so to people. */
const FLAG = '--scavenger-max-new-space-capacity-mb=4'
const KNOWN_SINCE = '13.'

export function collectBuffersEarly(): void {
  if (process.versions.v8.startsWith(KNOWN_SINCE)) setFlagsFromString(FLAG)
}

/** Of a body that is sent. */
const PIECE = 256 * 1024

/** A large body as a stream of short-lived copies: given whole, `fetch` copies it whole, and the copy outlives the request. */
export function inPieces(init: RequestInit | undefined): RequestInit | undefined {
  const body = init?.body
  if (!(body instanceof Uint8Array) || body.length <= PIECE) return init
  const headers = new Headers(init?.headers)
  headers.set('content-length', String(body.length)) // or it goes chunked, which not every server takes
  return { ...init, headers, body: piecesOf(body), duplex: 'half' } as RequestInit
}

function piecesOf(body: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream(
    {
      pull(controller) {
        if (at < body.length) controller.enqueue(body.slice(at, (at += PIECE)))
        else controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}
