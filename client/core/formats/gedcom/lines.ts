/**
 * GEDCOM 5.5.1 grammar (chapter 1): `level [@xref@] TAG [value]`, one a line, nested by level. Every level-0 record
 * keeps its exact text; a line that does not fit is reported with its number and read as more of the one before.
 */
import type { Problem } from '../format.ts'

export interface Node {
  tag: string
  xref: string | null
  value: string
  line: number
  children: Node[]
}

export interface GedcomRecord extends Node {
  /** The lines as they are in the file, line ends included. */
  text: string
}

const LINE = /^\s*(\d{1,2})[ \t]+(?:(@[^@\s][^@]*@)[ \t]+)?([A-Za-z0-9_]+)(?: (.*))?$/
const ENDS = /\r\n|\n\r|\r|\n/g

function* linesOf(text: string): Generator<{ line: string; start: number; end: number }> {
  let start = 0
  for (const match of text.matchAll(ENDS)) {
    const end = match.index + match[0].length
    yield { line: text.slice(start, match.index), start, end }
    start = end
  }
  if (start < text.length) yield { line: text.slice(start), start, end: text.length }
}

interface Open {
  record: GedcomRecord
  start: number
  /** The open node of each level. */
  path: Node[]
}

export type GedcomStep = { record: GedcomRecord } | { problem: Problem }

const nodeOf = (match: RegExpExecArray, line: number): Node => ({
  tag: (match[3] ?? '').toUpperCase(),
  xref: match[2] ?? null,
  value: match[4] ?? '',
  line,
  children: [],
})

/** Puts a node under the one it belongs to; false when its level skips one. */
function nest(open: Open, level: number, node: Node): boolean {
  const depth = Math.min(level, open.path.length)
  open.path.length = depth
  open.path[depth - 1]?.children.push(node)
  open.path.push(node)
  return depth === level
}

export function* readLines(text: string): Generator<GedcomStep> {
  let open: Open | null = null
  let number = 0
  const close = (end: number): GedcomRecord | null => open && { ...open.record, text: text.slice(open.start, end) }
  for (const { line, start } of linesOf(text)) {
    number += 1
    if (line.trim() === '') continue
    const match = LINE.exec(line)
    const where = `line ${number}`
    if (!match) {
      yield { problem: { where, reason: 'bad-line' } }
      const last = open?.path.at(-1)
      last?.children.push({ tag: 'CONT', xref: null, value: line, line: number, children: [] })
      continue
    }
    const node = nodeOf(match, number)
    const level = Number(match[1])
    if (level > 0) {
      if (!open || !nest(open, level, node)) yield { problem: { where, reason: 'bad-level' } }
      continue
    }
    const done = close(start)
    if (done) yield { record: done }
    // The first record begins where the file does, so that not one character is outside of all.
    const record: GedcomRecord = { ...node, text: '' }
    open = { record, start: open === null ? 0 : start, path: [record] }
  }
  const last = close(text.length)
  if (last) yield { record: last }
  if (last?.tag !== 'TRLR') yield { problem: { where: `line ${number}`, reason: 'cut-short' } }
}

/** A value with its continuations (CONC, CONT) and doubled @ undone. */
export function textOf(node: Node): string {
  let text = node.value
  for (const child of node.children) {
    if (child.tag === 'CONT') text += `\n${child.value}`
    else if (child.tag === 'CONC') text += child.value
  }
  return text.replaceAll('@@', '@')
}

export const child = (node: Node, tag: string): Node | undefined => node.children.find(item => item.tag === tag)

export const all = (node: Node, ...tags: string[]): Node[] => node.children.filter(item => tags.includes(item.tag))

export const childText = (node: Node | undefined, tag: string): string | undefined => {
  const found = node && child(node, tag)
  return (found && textOf(found).trim()) || undefined
}

/** The xref a value points at, or null when it is no pointer. */
export const pointer = (node: Node): string | null =>
  /^@[^@#\s][^@]*@$/.test(node.value.trim()) ? node.value.trim() : null
