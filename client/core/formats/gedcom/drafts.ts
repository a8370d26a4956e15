/** People, families, notes and the rest of a GEDCOM tree turned into drafts. */
import type { Json, RecordValue } from '#vocab'
import { compact } from '../fhir/types.ts'
import type { Draft } from '../format.ts'
import { hashText } from '../hash.ts'
import { gedcomDate } from './dates.ts'
import { all, child, childText, pointer, textOf } from './lines.ts'
import type { GedcomRecord, Node } from './lines.ts'
import { peopleAbout } from './tree.ts'
import type { Family, Tree } from './tree.ts'

const MEDIA_TYPE = 'text/vnd.familysearch.gedcom'

const PERSON_EVENTS = new Set(
  'BIRT CHR DEAT BURI CREM ADOP BAPM BARM BASM BLES CHRA CONF FCOM ORDN NATU EMIG IMMI CENS PROB WILL GRAD RETI EVEN CAST DSCR EDUC IDNO NATI NCHI NMR OCCU PROP RELI RESI SSN TITL FACT'.split(
    ' ',
  ),
)
const FAMILY_EVENTS = new Set('ANUL CENS DIV DIVF ENGA MARR MARB MARC MARL MARS EVEN NCHI RESI'.split(' '))

export interface Context {
  tree: Tree
  living: ReadonlySet<string>
}

const source = (record: GedcomRecord): Json => ({ mediaType: MEDIA_TYPE, text: record.text })
const derived = async (...parts: string[]): Promise<string> => `gedcom:${await hashText(JSON.stringify(parts))}`
const identity = ({ tree }: Context, record: GedcomRecord): string => tree.identities.get(record) ?? ''

/** References to those of the people that are in the file. */
function refs(context: Context, xrefs: readonly string[]): Json[] {
  return xrefs.flatMap(xref => {
    const record = context.tree.byXref.get(xref)
    return record?.tag === 'INDI' ? [{ ref: identity(context, record) }] : []
  })
}

const anyLiving = ({ living }: Context, xrefs: readonly string[]): boolean => xrefs.some(xref => living.has(xref))

const dateOf = (node: Node | undefined): Json | undefined => gedcomDate(childText(node, 'DATE') ?? '')

const bareName = (name: string): string => name.replaceAll('/', ' ').replace(/\s+/g, ' ').trim()

const identifiers = (record: GedcomRecord): Json[] => [
  ...(record.xref === null ? [] : [record.xref]),
  ...all(record, 'REFN', 'RFN', 'AFN', 'UID', '_UID', 'RIN').map(node => textOf(node).trim()),
]

export function personDraft(context: Context, record: GedcomRecord): Draft {
  const names = all(record, 'NAME')
  const name = names[0] && textOf(names[0])
  const birth = child(record, 'BIRT')
  const death = child(record, 'DEAT')
  const value = compact({
    name: name === undefined ? undefined : bareName(name),
    givenName: childText(names[0], 'GIVN') ?? (name === undefined ? undefined : bareName(name.split('/')[0] ?? '')),
    familyName: childText(names[0], 'SURN') ?? name?.split('/')[1]?.trim(),
    otherNames: [...names.slice(1), ...all(record, 'ALIA').filter(node => pointer(node) === null)].map(node =>
      bareName(textOf(node)),
    ),
    sex: childText(record, 'SEX'),
    birthDate: dateOf(birth),
    birthPlace: childText(birth, 'PLAC'),
    deathDate: dateOf(death),
    deathPlace: childText(death, 'PLAC'),
    living: record.xref === null || context.living.has(record.xref),
    identifiers: identifiers(record),
    source: source(record),
  })
  return { kind: 'Person', value, identity: identity(context, record) }
}

async function eventDraft(
  context: Context,
  owner: GedcomRecord,
  xrefs: readonly string[],
  event: Node,
): Promise<Draft> {
  const said = textOf(event).trim()
  const notes = all(event, 'NOTE').filter(node => pointer(node) === null)
  const value = compact({
    tag: event.tag,
    text: childText(event, 'TYPE'),
    // `Y` only says that it happened.
    value: said === 'Y' ? undefined : said,
    date: dateOf(event),
    place: childText(event, 'PLAC'),
    note: notes.map(node => textOf(node)).join('\n'),
    person: refs(context, xrefs),
    living: anyLiving(context, xrefs),
  })
  return {
    kind: 'LifeEvent',
    value,
    identity: await derived(identity(context, owner), 'event', JSON.stringify(event, ['tag', 'value', 'children'])),
  }
}

async function noteDraft(context: Context, owner: GedcomRecord, xrefs: readonly string[], note: Node): Promise<Draft> {
  const content = textOf(note)
  const value = compact({ content, person: refs(context, xrefs), living: anyLiving(context, xrefs) })
  return { kind: 'Story', value, identity: await derived(identity(context, owner), 'note', content) }
}

/** Events and notes of a person or a couple. */
export async function* lifeDrafts(
  context: Context,
  record: GedcomRecord,
  xrefs: readonly string[],
): AsyncGenerator<Draft> {
  const events = record.tag === 'FAM' ? FAMILY_EVENTS : PERSON_EVENTS
  for (const node of record.children) {
    if (events.has(node.tag)) yield await eventDraft(context, record, xrefs, node)
    else if (node.tag === 'NOTE' && pointer(node) === null && textOf(node).trim() !== '') {
      yield await noteDraft(context, record, xrefs, node)
    }
  }
}

interface Tie {
  tie: 'spouse' | 'parent'
  person: string
  relative: string
  more: RecordValue
}

/** birth, adopted, foster… as the child's link, the family's line or the adoption says. */
function pedigree(
  { tree }: Context,
  family: Family,
  xref: string,
  line: Node | null,
  role: string,
): string | undefined {
  const record = tree.byXref.get(xref)
  const link = record && all(record, 'FAMC').find(node => pointer(node) === family.record.xref)
  const adopted =
    record &&
    all(record, 'ADOP').some(event => {
      const by = child(event, 'FAMC')
      return (
        by &&
        pointer(by) === family.record.xref &&
        ['BOTH', role, undefined].includes(childText(by, 'ADOP')?.toUpperCase())
      )
    })
  const own = line ? childText(line, role === 'HUSB' ? '_FREL' : '_MREL') : undefined
  return (adopted ? 'adopted' : undefined) ?? childText(link, 'PEDI')?.toLowerCase() ?? own?.toLowerCase()
}

function tiesOf(context: Context, family: Family): Tie[] {
  const { record, spouses, children } = family
  const couples = spouses.flatMap((one, index) =>
    spouses.slice(index + 1).map(other => ({
      tie: 'spouse' as const,
      person: one.xref,
      relative: other.xref,
      more: compact({ start: dateOf(child(record, 'MARR')), end: dateOf(child(record, 'DIV')) }),
    })),
  )
  const parents = spouses.flatMap(({ xref, role }) =>
    children.map(kid => ({
      tie: 'parent' as const,
      person: xref,
      relative: kid.xref,
      more: compact({ pedigree: pedigree(context, family, kid.xref, kid.line, role) }),
    })),
  )
  return [...couples, ...parents]
}

/** Ties of a family. The family's own lines go with the first; without any, they are kept as they are. */
export async function* familyDrafts(context: Context, family: Family): AsyncGenerator<Draft> {
  const { record } = family
  const present = (xref: string): boolean => context.tree.byXref.get(xref)?.tag === 'INDI'
  const ties = tiesOf(context, family).filter(({ person, relative }) => present(person) && present(relative))
  const everyone = [...family.spouses, ...family.children].map(({ xref }) => xref)
  for (const [index, { tie, person, relative, more }] of ties.entries()) {
    const [from, to] = refs(context, [person, relative])
    // The lines name the whole family, so one living member makes the tie that carries them a living one.
    const concerned = index === 0 ? everyone : [person, relative]
    const value = compact({
      tie,
      person: from,
      relative: to,
      ...more,
      living: anyLiving(context, concerned),
      ...(index === 0 && { identifiers: identifiers(record), source: source(record) }),
    })
    yield {
      kind: 'Relationship',
      value,
      identity: await derived(identity(context, record), tie, JSON.stringify([from, to])),
    }
  }
  if (ties.length === 0) yield otherDraft(context, record, anyLiving(context, everyone))
}

/** A shared note. */
export function storyDraft(context: Context, record: GedcomRecord): Draft {
  const xrefs = peopleAbout(context.tree, record.xref)
  const value = compact({
    content: textOf(record),
    person: refs(context, xrefs),
    identifiers: identifiers(record),
    living: anyLiving(context, xrefs),
    source: source(record),
  })
  return { kind: 'Story', value, identity: identity(context, record) }
}

/** Header, submitter, source, repository, media, unknown tags: kept line for line. A submitter is taken to be alive. */
export function otherDraft(context: Context, record: GedcomRecord, living = record.tag === 'SUBM'): Draft {
  const value = compact({
    tag: record.tag,
    text: childText(record, 'TITL') ?? childText(record, 'NAME') ?? childText(record, 'ABBR'),
    identifiers: identifiers(record),
    living,
    source: source(record),
  })
  return { kind: 'GedcomRecord', value, identity: identity(context, record), raw: true }
}
