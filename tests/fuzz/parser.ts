/** What a parser of foreign bytes is: valid samples, and how it takes an input. */

/** `base` says what around the bytes stays as it is: a vector's other fields, or which layer or answer they replace. */
export interface Sample {
  base: number
  bytes: Uint8Array
}
export interface Parser {
  name: string
  samples: readonly Sample[]
  /** Throws where it refuses. */
  feed(input: Sample): unknown
  /** Of a canonical format: what was read, written again. Must be the same bytes. */
  again?(bytes: Uint8Array): Uint8Array
}

/** A parser of bytes and no more; `again` where its writer gives the same bytes. */
export const plain = (
  name: string,
  samples: readonly Uint8Array[],
  read: (bytes: Uint8Array) => unknown,
  again?: Parser['again'],
): Parser => ({
  name,
  samples: samples.map(bytes => ({ base: 0, bytes })),
  feed: ({ bytes }) => read(bytes),
  ...(again && { again }),
})

export const canonical = (
  name: string,
  samples: readonly Uint8Array[],
  again: (bytes: Uint8Array) => Uint8Array,
): Parser => plain(name, samples, again, again)

export const inText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
