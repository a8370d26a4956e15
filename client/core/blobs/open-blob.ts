/**
 * A file out of its parts, or any range of it, in bounded memory. Bytes come out in order, whole parts checked before any of theirs
 * (SPEC B5).
 */
import { AlveoleError, fromBase64Url, openPart } from '#crypto'
import type { Part } from '../blob-refs.ts'
import { partBytesOf, partUrl } from './ref.ts'
import { checkSignal, fallingWith } from '../parallel.ts'
import type { Pod } from '../pod.ts'
import { patiently, type Patience } from '../retry.ts'
import type { BlobRef } from '../types.ts'
import { Pages } from './parts.ts'

/** Requests under way at once. */
const WIDTH = 2
/** Parts that a reader holds or waits for, at most, unless told. */
const AHEAD = 4

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
  const { pages = new Pages() } = origin
  const left = fallingWith(patience.signal)
  const until = { ...patience, signal: left.signal }
  const full = partBytesOf(ref)
  const [start, end] = [Math.max(0, range?.start ?? 0), Math.min(ref.size, range?.end ?? ref.size)]
  const last = Math.max(0, Math.ceil(end / full) - 1)
  let at = Math.floor(start / full)
  let ahead: ReadAhead | null = null
  const finish = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    left.abort()
    controller.close()
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        checkSignal(patience.signal) // also where parts are here already
        if (!ahead) {
          const parts = await pages.partsOf(origin, ref, until)
          ahead = readAhead({ first: at, last, most: range?.ahead ?? AHEAD }, (index, turns) =>
            fetchPart(origin, ref, index, parts[index], turns, until),
          )
        }
        const bytes = await ahead.next()
        if (!bytes) return finish(controller)
        const from = at++ * full
        if (bytes.length !== Math.min(full, ref.size - from))
          throw new AlveoleError('tampered', 'a blob part of another length')
        const wanted = bytes.subarray(Math.max(0, start - from), Math.max(0, end - from))
        if (wanted.length) controller.enqueue(wanted)
        else if (at > last) finish(controller)
      },
      cancel: () => left.abort(),
    },
    { highWaterMark: 0 },
  )
}

interface Turns {
  /** The answer is under way: the next may be asked for. */
  begins(): void
  /** Its bytes are here, still to be opened. */
  arrives(): void
}
interface ReadAhead {
  next(): Promise<Uint8Array> | undefined
}

/**
 * So that the line is never idle, the next part is asked for as soon as one is here, before that one is opened; and each only once
 * the answer before it has begun, since parts that start together end together.
 */
function readAhead(
  { first, last, most }: { first: number; last: number; most: number },
  fetch: (index: number, turns: Turns) => Promise<Uint8Array>,
): ReadAhead {
  let next = first
  let [underWay, asking] = [0, false]
  const ahead: Promise<Uint8Array>[] = []
  const goOn = (): void => {
    asking = false
    ask()
  }
  const ask = (): void => {
    if (asking || underWay === WIDTH || ahead.length >= most || next > last) return
    underWay++
    asking = true
    const arrives = (): void => {
      underWay--
      goOn()
    }
    const bytes = fetch(next++, { begins: goOn, arrives })
    bytes.catch(() => undefined) // told when its turn comes
    ahead.push(bytes)
  }
  return {
    next: () => {
      ask()
      return ahead.shift()
    },
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
  return openPart(fromBase64Url(key), expected, reply.body)
}
