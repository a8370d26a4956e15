/** Parts of a file asked for before they are read, so that the line is never idle and few of them stand in memory. */

/** Requests under way at once. */
const WIDTH = 2

export interface Turns {
  /** The answer is under way: the next may be asked for. */
  begins(): void
  /** Its bytes are here, still to be opened. */
  arrives(): void
}
export interface ReadAhead {
  next(): Promise<Uint8Array> | undefined
}

/**
 * So that the line is never idle, the next part is asked for as soon as one is here, before that one is opened; and each only once
 * the answer before it has begun, since parts that start together end together.
 */
export function readAhead(
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
