/** The mutants of one source file: every place where an operator has something else to say. */
import { parseSync, type Node } from 'oxc-parser'
import { childrenOf, operators, type Edit } from './operators.ts'

export interface Mutant extends Edit {
  /** Relative to the project. */
  file: string
  operator: string
  line: number
  /** The line as it stands, and as the mutant has it; of an edit over several lines, the first. */
  before: string
  after: string
}

export function mutantsOf(file: string, source: string): Mutant[] {
  const { program, errors } = parseSync(file, source)
  if (errors.length) throw new Error(`${file}: ${errors[0]!.message}`)
  const found: Mutant[] = []
  const text = ({ start, end }: { start: number; end: number }): string => source.slice(start, end)
  const visit = (node: Node): void => {
    for (const [operator, of] of Object.entries(operators))
      for (const edit of of(node, text)) found.push(describeEdit(file, source, operator, edit))
    childrenOf(node).forEach(visit)
  }
  visit(program)
  return distinct(found.filter(edit => edit.text !== text(edit)))
}

function describeEdit(file: string, source: string, operator: string, edit: Edit): Mutant {
  const { start, end, text } = edit
  const from = source.lastIndexOf('\n', start - 1) + 1
  const lineEnd = (of: string, at: number): number => (of.indexOf('\n', at) + 1 || of.length + 1) - 1
  const changed = apply(source, edit)
  return {
    ...edit,
    file,
    operator,
    line: source.slice(0, start).split('\n').length,
    before: source.slice(from, lineEnd(source, Math.min(end, lineEnd(source, start)))).trim(),
    after: changed.slice(from, lineEnd(changed, start + text.length)).trim(),
  }
}

export const apply = (source: string, { start, end, text }: Edit): string =>
  source.slice(0, start) + text + source.slice(end)

/** Two operators may say the same. */
const distinct = (of: Mutant[]): Mutant[] => [
  ...new Map(of.map(mutant => [`${mutant.start} ${mutant.end} ${mutant.text}`, mutant])).values(),
]
