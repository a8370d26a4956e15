/**
 * Rules past their own `alv:validUntil`, taken out of an access list by who has no keys (protocol §6): nothing tells what else the
 * list should say, so all else stays as it is, what is not ours and what nobody understands included.
 */
import { Writer, type Quad } from 'n3'
import { acl, alv, rdf } from '#vocab'
import { instant, quadsIn } from '../acl.ts'

export interface WithoutEnded {
  /** The list without what has ended, as Turtle; null: nothing has. */
  turtle: Uint8Array | null
  removed: number
  /** When the dated rules that stay end, milliseconds since 1970. */
  ends: number[]
  /** Dated rules that nothing is done about: a date that cannot be read, or control, without which nobody could mend the list. */
  left: number
}

/** `url` is the list's own address. Throws `tampered` on text that is not Turtle. */
export function withoutEnded(url: string, turtle: Uint8Array, now: number): WithoutEnded {
  const found: WithoutEnded = { turtle: null, removed: 0, ends: [], left: 0 }
  const kept: Quad[] = []
  for (const quads of bySubject(quadsIn(url, turtle))) {
    const end = endOf(quads)
    if (end === 'unreadable') found.left += 1
    else if (end !== null && end > now) found.ends.push(end)
    else if (end !== null && givesControl(quads)) found.left += 1
    else if (end !== null) {
      found.removed += 1
      continue
    }
    kept.push(...quads)
  }
  if (found.removed) found.turtle = new TextEncoder().encode(new Writer({ format: 'text/turtle' }).quadsToString(kept))
  return found
}

function bySubject(quads: readonly Quad[]): Iterable<Quad[]> {
  return Map.groupBy(quads, ({ subject }) => `${subject.termType} ${subject.value}`).values()
}

/** Of several dates the first, as all must hold. null: what has no date, or is no rule. */
function endOf(quads: readonly Quad[]): number | 'unreadable' | null {
  if (!quads.some(({ predicate, object }) => predicate.value === rdf.type && object.value === acl.Authorization))
    return null
  const dates = quads.filter(({ predicate }) => predicate.value === alv.validUntil).map(({ object }) => instant(object))
  if (dates.includes(null)) return 'unreadable'
  return dates.length ? Math.min(...dates.map(Number)) : null
}

const givesControl = (quads: readonly Quad[]): boolean =>
  quads.some(({ predicate, object }) => predicate.value === acl.mode && object.value === acl.Control)
