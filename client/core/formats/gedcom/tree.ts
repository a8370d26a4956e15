/** A whole GEDCOM file at hand: records by xref, families as people see them, identities. */
import { hashText } from '../hash.ts'
import { all, pointer } from './lines.ts'
import type { GedcomRecord, Node } from './lines.ts'

interface Child {
  xref: string
  /** The CHIL line, when the family names the child. */
  line: Node | null
}

export interface Family {
  record: GedcomRecord
  spouses: { xref: string; role: string }[]
  children: Child[]
}

export interface Tree {
  records: readonly GedcomRecord[]
  byXref: ReadonlyMap<string, GedcomRecord>
  families: readonly Family[]
  familyOf: ReadonlyMap<GedcomRecord, Family>
  identities: ReadonlyMap<GedcomRecord, string>
  /** Xrefs of people and families that point at a record, wherever in them. */
  referrers: ReadonlyMap<string, readonly string[]>
}

/** Identity of a record: its lines, whatever the line ends of the file. */
const identityOf = async (record: GedcomRecord): Promise<string> =>
  `gedcom:${await hashText(
    record.text
      .replace(/^\ufeff/, '')
      .split(/[\r\n]+/)
      .filter(line => line.trim() !== '')
      .join('\n'),
  )}`

const targets = (nodes: readonly Node[]): string[] => nodes.flatMap(node => pointer(node) ?? [])

const append = (lists: Map<string, string[]>, key: string, item: string): void => {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}

/** Children that name the family and are not named by it belong to it all the same. */
function familiesOf(records: readonly GedcomRecord[]): Family[] {
  const named = new Map<string, string[]>()
  for (const person of records.filter(record => record.tag === 'INDI')) {
    for (const family of targets(all(person, 'FAMC'))) {
      if (person.xref !== null) append(named, family, person.xref)
    }
  }
  return records
    .filter(record => record.tag === 'FAM')
    .map(record => {
      const lines = all(record, 'CHIL').flatMap(line => {
        const xref = pointer(line)
        return xref === null ? [] : [{ xref, line }]
      })
      const extra = (named.get(record.xref ?? '') ?? []).filter(xref => !lines.some(item => item.xref === xref))
      const spouses = all(record, 'HUSB', 'WIFE').flatMap(node => {
        const xref = pointer(node)
        return xref === null ? [] : [{ xref, role: node.tag }]
      })
      return { record, spouses, children: [...lines, ...extra.map(xref => ({ xref, line: null }))] }
    })
}

function referrersOf(records: readonly GedcomRecord[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const record of records) {
    if (record.xref === null || (record.tag !== 'INDI' && record.tag !== 'FAM')) continue
    const queue: Node[] = [...record.children]
    for (let node = queue.pop(); node; node = queue.pop()) {
      queue.push(...node.children)
      const target = pointer(node)
      if (target !== null) append(found, target, record.xref)
    }
  }
  return found
}

export async function treeOf(records: readonly GedcomRecord[]): Promise<Tree> {
  const byXref = new Map<string, GedcomRecord>()
  const hashed = await Promise.all(records.map(async record => [record, await identityOf(record)] as const))
  for (const record of records) {
    if (record.xref !== null && !byXref.has(record.xref)) byXref.set(record.xref, record)
  }
  const families = familiesOf(records)
  const familyOf = new Map(families.map(family => [family.record, family]))
  return { records, byXref, identities: new Map(hashed), families, familyOf, referrers: referrersOf(records) }
}

/** People a shared record is about: those who point at it, and the couples of families that do. */
export function peopleAbout(tree: Tree, xref: string | null): string[] {
  const referrers = xref === null ? [] : (tree.referrers.get(xref) ?? [])
  const people = referrers.flatMap(from => {
    const record = tree.byXref.get(from)
    const family = record && tree.familyOf.get(record)
    return family ? family.spouses.map(spouse => spouse.xref) : [from]
  })
  return [...new Set(people)]
}
