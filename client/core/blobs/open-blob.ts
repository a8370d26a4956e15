/**
 * A file out of its parts, or any range of it, in bounded memory. Bytes come out in order, whole parts checked before any of theirs
 * (SPEC B5).
 */
import { AlveoleError, fromBase64Url, openPart, release } from '#crypto'
import type { Part } from '../blob-refs.ts'
import { partBytesOf, partUrl } from './ref.ts'
import { checkSignal, fallingWith } from '../parallel.ts'
import type { Pod } from '../pod.ts'
import { patiently, type Patience } from '../retry.ts'
import type { BlobRef } from '../types.ts'
import { Pages } from './parts.ts'
import { readAhead, type Turns } from './read-ahead.ts'

/** Bytes that come out at once. */
const PIECE = 256 * 1024
/** Parts that a reader holds or waits for, at most, unless told. */
const AHEAD = 3

export interface ByteRange {
  start: number
  /** Exclusive. */
  end: number
  /** Parts to hold or wait for before they are read; few where whoever reads may leave soon, as a player that seeks. */
  ahead?: number
}
/** Where parts come from. */
export interface Origin {
  pod: Pod
  /** The collection's. */
  container: string
  pages?: Pages
  /** Asked before what is not there is called missing: throws where nothing refers to it any more. */
  gone?: () => Promise<void>
}

/** Ends early, with the pending requests, when it is cancelled or the signal falls. */
export function openBlob(
  origin: Origin,
  ref: BlobRef,
  range?: ByteRange,
  patience: Patience = {},
): ReadableStream<Uint8Array> {
  const left = fallingWith(patience.signal)
  const pieces = read(origin, ref, range, { ...patience, signal: left.signal })
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        checkSignal(patience.signal) // also where parts are here already
        const { done, value } = await pieces.next()
        if (!done) return controller.enqueue(value)
        left.abort()
        controller.close()
      },
      cancel: () => left.abort(),
    },
    { highWaterMark: 0 },
  )
}

/** Copies that live as long as somebody looks at them, out of parts whose memory is given back with the last. */
async function* read(
  origin: Origin,
  ref: BlobRef,
  range: ByteRange | undefined,
  until: Patience,
): AsyncGenerator<Uint8Array> {
  const { pages = new Pages() } = origin
  const full = partBytesOf(ref)
  const [start, end] = [Math.max(0, range?.start ?? 0), Math.min(ref.size, range?.end ?? ref.size)]
  const [first, last] = [Math.floor(start / full), Math.max(0, Math.ceil(end / full) - 1)]
  const parts = await pages.partsOf(origin, ref, until)
  const ahead = readAhead({ first, last, most: range?.ahead ?? AHEAD }, (index, turns) =>
    fetchPart(origin, ref, index, parts[index], turns, until),
  )
  let from = first * full
  for (let next = ahead.next(); next; next = ahead.next()) {
    const part = await next
    if (part.length !== Math.min(full, ref.size - from))
      throw new AlveoleError('tampered', 'a blob part of another length')
    const to = Math.min(part.length, end - from)
    for (let at = Math.max(0, start - from); at < to; at += PIECE) yield part.slice(at, Math.min(to, at + PIECE))
    release(part)
    from += full
  }
}

async function fetchPart(
  { pod, container, gone }: Origin,
  ref: BlobRef,
  index: number,
  part: Part | undefined,
  { begins, arrives }: Turns,
  patience: Patience,
): Promise<Uint8Array> {
  if (!part) throw new AlveoleError('tampered', 'a blob part is missing')
  const url = partUrl(container, part)
  const asked = patience.signal ? { begins, signal: patience.signal } : { begins }
  const reply = await patiently(() => pod.get(url, asked), patience)
  if (!reply) {
    await gone?.()
    throw new AlveoleError('tampered', 'a blob part is gone')
  }
  arrives()
  const { blob, key } = ref
  const expected = {
    blob: fromBase64Url(blob),
    sealId: fromBase64Url(part.name),
    index,
    hash: fromBase64Url(part.hash),
  }
  const bytes = await openPart(fromBase64Url(key), expected, reply.body)
  release(reply.body)
  return bytes
}
