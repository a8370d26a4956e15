/**
 * What somebody else's records may be (A27). Their owner seals what they like, and it must not break whoever shows it: neither a
 * value nested so deeply that walking it exhausts the stack, nor a time that no date can hold.
 */
import { AlveoleError, type Cell } from '#crypto'

/** Of lists and objects in one property. Ours have five at most. */
const DEPTH = 32
/** Milliseconds: the last moment that a JavaScript `Date` can say. */
const LAST_MOMENT = 8.64e15

/** Throws `tampered`. */
export function checkForeign(cells: readonly Cell[]): void {
  for (const { stamp, properties } of cells) {
    if (stamp > LAST_MOMENT) throw new AlveoleError('tampered', 'a record of no possible date')
    if (!isWithinDepth(properties, DEPTH + 1)) throw new AlveoleError('tampered', 'a record nested too deeply')
  }
}

const isWithinDepth = (json: unknown, depth: number): boolean =>
  typeof json !== 'object' ||
  json === null ||
  (depth > 0 && Object.values(json).every(child => isWithinDepth(child, depth - 1)))
