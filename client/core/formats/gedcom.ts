/**
 * GEDCOM 5.5 and 5.5.1 (and what 7 shares with them) in ANSEL, ASCII, UTF-8 or UTF-16. People become Person; families
 * become one Relationship for the couple and one for each parent and child; events become LifeEvent; notes become
 * Story; every other record is a GedcomRecord. Each level-0 record keeps its exact lines in `source`, so that the
 * sources in file order, with the trailer, are the file.
 */
import { checkSignal } from '../parallel.ts'
import { badFile, bytesOf } from './fail.ts'
import type { Draft, Format, Item, Problem, SourceFile } from './format.ts'
import { familyDrafts, lifeDrafts, otherDraft, personDraft, storyDraft } from './gedcom/drafts.ts'
import type { Context } from './gedcom/drafts.ts'
import { decodeGedcom, startsLikeGedcom } from './gedcom/encoding.ts'
import { pointer, readLines } from './gedcom/lines.ts'
import type { GedcomRecord, Node } from './gedcom/lines.ts'
import { livingPeople } from './gedcom/living.ts'
import { treeOf } from './gedcom/tree.ts'
import type { Tree } from './gedcom/tree.ts'

const LIMIT = 256 * 1024 * 1024

async function* draftsOf(context: Context, record: GedcomRecord): AsyncGenerator<Draft> {
  if (record.tag === 'TRLR') return
  if (record.tag === 'INDI') {
    yield personDraft(context, record)
    yield* lifeDrafts(context, record, record.xref === null ? [] : [record.xref])
  } else if (record.tag === 'FAM') {
    const family = context.tree.familyOf.get(record)
    if (!family) return
    yield* familyDrafts(context, family)
    yield* lifeDrafts(
      context,
      record,
      family.spouses.map(({ xref }) => xref),
    )
  } else if (record.tag === 'NOTE' || record.tag === 'SNOTE') yield storyDraft(context, record)
  else yield otherDraft(context, record)
}

/** Pointers to nowhere, and two records of one name. */
function linkProblems(tree: Tree): Problem[] {
  const missing = (node: Node): Problem[] => {
    const target = pointer(node)
    const lost = target !== null && target !== '@VOID@' && !tree.byXref.has(target)
    return lost ? [{ where: `line ${node.line}`, reason: 'missing-target' }] : []
  }
  return tree.records.flatMap(record => {
    const twice = record.xref !== null && tree.byXref.get(record.xref) !== record
    const same: Problem[] = twice ? [{ where: `line ${record.line}`, reason: 'same-id' }] : []
    return [...same, ...record.children.flatMap(missing)]
  })
}

async function* read(file: SourceFile, signal?: AbortSignal): AsyncGenerator<Item> {
  const bytes = await bytesOf(file, LIMIT)
  const { text, bad } = decodeGedcom(bytes)
  if (text.trim() === '') throw badFile(file, 'byte 0', 'empty')
  const records: GedcomRecord[] = []
  const problems: Problem[] = bad < 0 ? [] : [{ where: `byte ${bad}`, reason: 'encoding' }]
  for (const step of readLines(text)) {
    checkSignal(signal)
    if ('record' in step) records.push(step.record)
    else problems.push(step.problem)
  }
  if (records[0]?.tag !== 'HEAD') throw badFile(file, 'line 1', 'not-gedcom')
  const tree = await treeOf(records)
  const context = { tree, living: livingPeople(tree, new Date().getUTCFullYear()) }
  const given = new Set<string>()
  for (const [index, record] of records.entries()) {
    checkSignal(signal)
    for await (const draft of draftsOf(context, record)) {
      if (given.has(draft.identity)) yield { duplicate: { identity: draft.identity, where: `line ${record.line}` } }
      else yield { draft }
      given.add(draft.identity)
    }
    if (index % 200 === 199) yield { progress: (index + 1) / records.length }
  }
  for (const problem of [...problems, ...linkProblems(tree)]) yield { problem }
  yield { progress: 1 }
}

export const gedcom: Format = { name: 'gedcom', recognises: startsLikeGedcom, read }
