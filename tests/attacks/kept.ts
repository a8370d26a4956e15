/** A stored object, and what the client makes of bytes in its place: the truth, nothing, or a coded refusal. */
import { AlveoleError, toHex, type Signer } from '#crypto'
import { stride } from './effort.ts'

export interface Kept {
  kind: string
  bytes: Uint8Array
  /**
   * What is read out of bytes in its place, or a coded error; `nothing` where a reader looks for its own part and there is none.
   * Without the hash that a head, a cell or a keyring has of it. A promise, where a password is stretched.
   */
  read(bytes: Uint8Array): unknown
  /** Whether something that was checked before names it by its hash: no other bytes are ever read (G1, H7, R6, B5). */
  named: boolean
  /** Who signed it. */
  signer?: Signer
  /** Each reading stretches a password. */
  isSlow?: boolean
}

/** All that needs to be known of a value: that it is the same. */
export const digest = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => (one instanceof Uint8Array ? toHex(one) : one))
export const nothing = digest(null)

export const named = (kind: string, bytes: Uint8Array, read: Kept['read']): Kept => ({ kind, bytes, read, named: true })
export const loose = (kind: string, bytes: Uint8Array, read: Kept['read']): Kept => ({
  kind,
  bytes,
  read,
  named: false,
})

/** Of which bytes one bit is enough, unless there is time: where each try costs a signature, or a decapsulation. */
const LARGE = 1000

export interface Readings {
  /** Of the refusals, each once. */
  codes: string[]
  /** How often there was nothing for the reader. */
  absent: number
  /** Whatever was read all the same, and where. */
  read: unknown[]
  tries: number
}

/** What comes of an object's bits flipped in turn. */
export function flips(of: Kept, usual = of.isSlow ? 101 : of.bytes.length < LARGE ? 1 : 13): Promise<Readings> {
  const altered = of.bytes.slice()
  return readings(of, function* () {
    for (let bit = 0; bit < altered.length * 8; bit += stride(usual)) {
      altered[bit >> 3]! ^= 1 << (bit & 7)
      yield [bit, altered]
      altered[bit >> 3]! ^= 1 << (bit & 7)
    }
  })
}

/** What comes of bytes in an object's place, one after the other. */
export async function readings(
  { read }: Kept,
  tries: () => Iterable<[at: unknown, bytes: Uint8Array]>,
): Promise<Readings> {
  const found = { codes: new Set<string>(), absent: 0, read: [] as unknown[], tries: 0 }
  for (const [at, bytes] of tries()) {
    found.tries++
    try {
      const pending = read(bytes)
      const got = pending instanceof Promise ? ((await pending) as unknown) : pending // else a million turns of the loop
      if (got === nothing) found.absent++
      else found.read.push([at, got])
    } catch (error) {
      if (!(error instanceof AlveoleError)) throw error
      found.codes.add(error.code)
    }
  }
  return { ...found, codes: [...found.codes].sort() }
}
