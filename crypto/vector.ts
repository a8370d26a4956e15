/**
 * Version vectors (SPEC H4–H6): device → (commits, hash of its last object as this one's writer knew it).
 * A state counts as newer only if its vector dominates the one last seen.
 */
import { compare, equal, toHex } from './bytes.ts'
import { list, struct, uint, where, type Of } from './codec.ts'
import { hash32, id16 } from './object.ts'

const row = struct({ device: id16, commits: uint, last: hash32 })
export type Vector = Of<typeof row>[]
/** H4: sorted by device, each once, none at zero: a vector has one spelling. */
export const vector = where(list(row), 'a sorted vector', rows =>
  rows.every(({ device, commits }, i) => commits > 0 && (i === 0 || compare(rows[i - 1]!.device, device) < 0)),
)

export type Order = 'equal' | 'after' | 'before' | 'apart'

/** How `a` stands to `b`. Equal counts with different hashes are two histories: `apart`. */
export function order(a: Vector, b: Vector): Order {
  const [mine, theirs] = [rowsOf(a), rowsOf(b)]
  let [more, less] = [false, false]
  for (const device of new Set([...mine.keys(), ...theirs.keys()])) {
    const [x, y] = [mine.get(device), theirs.get(device)]
    if (x && y && x.commits === y.commits && !equal(x.last, y.last)) return 'apart'
    more ||= (x?.commits ?? 0) > (y?.commits ?? 0)
    less ||= (x?.commits ?? 0) < (y?.commits ?? 0)
  }
  if (more && less) return 'apart'
  return more ? 'after' : less ? 'before' : 'equal'
}

const rowsOf = (of: Vector): Map<string, Vector[number]> => new Map(of.map(entry => [toHex(entry.device), entry]))

export const commitsOf = (of: Vector, device: Uint8Array): number => rowsOf(of).get(toHex(device))?.commits ?? 0

/** The vector with `device` at `commits`, its last object hashing to `last`; sorted by device. */
export const advance = (of: Vector, device: Uint8Array, commits: number, last: Uint8Array): Vector =>
  [...of.filter(entry => !equal(entry.device, device)), { device, commits, last }].sort((a, b) =>
    compare(a.device, b.device),
  )
