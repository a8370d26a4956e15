/**
 * Who may be alive. Rule: a person is taken to be alive unless the tree gives a death, burial, cremation or probate,
 * or shows that they were born at least 110 years ago. A birth is bounded from above by any dated event of the
 * person; by a marriage (at least 12 years after); by each child (at least 12 years after); by each parent (at most
 * 90 years after the parent's birth, 1 year after their death). Without any bound: alive, the safe side.
 */
import { latestYear } from './dates.ts'
import { all, childText } from './lines.ts'
import type { Node } from './lines.ts'
import type { Tree } from './tree.ts'

const LIFESPAN = 110
const YOUNGEST_PARENT = 12
const OLDEST_PARENT = 90
/** Longest chain of generations that bounds are carried along; also ends loops of impossible trees. */
const GENERATIONS = 60

const DEATHS = ['DEAT', 'BURI', 'CREM', 'PROB']

const years = (nodes: readonly Node[]): number[] =>
  nodes.flatMap(node => latestYear(childText(node, 'DATE') ?? '') ?? [])
const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity)

export function livingPeople(tree: Tree, now: number): ReadonlySet<string> {
  const born = new Map<string, number>()
  const died = new Map<string, number>()
  for (const [xref, record] of tree.byXref) {
    if (record.tag !== 'INDI') continue
    // CHAN dates the entry, not the life.
    born.set(xref, least(years(record.children.filter(node => node.tag !== 'CHAN'))))
    died.set(xref, least(years(all(record, ...DEATHS))))
  }
  const lower = (xref: string, bound: number): boolean => {
    if (!(bound < (born.get(xref) ?? -Infinity))) return false
    born.set(xref, bound)
    return true
  }
  const carry = (): boolean => {
    let changed = false
    for (const { record, spouses, children } of tree.families) {
      const married = least(years(all(record, 'MARR', 'ENGA', 'DIV'))) - YOUNGEST_PARENT
      const eldest = least(children.map(({ xref }) => born.get(xref) ?? Infinity)) - YOUNGEST_PARENT
      for (const { xref } of spouses) changed = lower(xref, Math.min(married, eldest)) || changed
      const latest = least(
        spouses.map(({ xref }) =>
          Math.min((born.get(xref) ?? Infinity) + OLDEST_PARENT, (died.get(xref) ?? Infinity) + 1),
        ),
      )
      for (const { xref } of children) changed = lower(xref, latest) || changed
    }
    return changed
  }
  for (let round = 0; round < GENERATIONS && carry(); round += 1);
  const people = [...tree.byXref].filter(([, record]) => record.tag === 'INDI')
  return new Set(
    people
      .filter(([xref, record]) => all(record, ...DEATHS).length === 0 && (born.get(xref) ?? Infinity) > now - LIFESPAN)
      .map(([xref]) => xref),
  )
}
