/**
 * What a mutant does to one node of the syntax tree: the pieces of text that may stand in its place.
 *
 * Left alone: types, imports, and the texts of errors, which are for developers and promised to nobody.
 */
import type { Node } from 'oxc-parser'

/** A replacement of `[start, end)` of the source. */
export interface Edit {
  start: number
  end: number
  text: string
}
type Source = (node: { start: number; end: number }) => string
type Operator = (node: Node, source: Source) => Edit[]

const over = ({ start, end }: { start: number; end: number }, ...texts: string[]): Edit[] =>
  texts.map(text => ({ start, end, text }))

const BINARY: { [operator: string]: string[] } = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
  '&': ['|'],
  '|': ['&'],
  '^': ['|'],
}
const ASSIGNMENT: { [operator: string]: string } = { '+=': '-=', '-=': '+=', '|=': '&=', '||=': '&&=', '<<=': '>>=' }
const METHODS = new Map(Object.entries({ every: 'some', some: 'every', min: 'max', max: 'min', floor: 'ceil' }))
/** Calls that give back something of the kind they were called on. */
const STEPS = new Set([
  'filter',
  'sort',
  'toSorted',
  'toReversed',
  'slice',
  'subarray',
  'trim',
  'normalize',
  'toLowerCase',
])
/** Which argument of a call is the text of an error. */
const TEXTS = new Map(
  Object.entries({ tampered: 0, malformed: 0, TypeError: 0, AlveoleError: 1, check: 0, where: 1, wrong: 0, misuse: 0 }),
)

export const operators: { readonly [name: string]: Operator } = {
  condition(node, source) {
    const tested = ['IfStatement', 'ConditionalExpression', 'WhileStatement', 'ForStatement'].includes(node.type)
    const test = tested && 'test' in node && node.test
    return test && source(test) !== 'true' ? over(test, 'true', 'false') : []
  },
  comparison(node, source) {
    if (node.type !== 'BinaryExpression') return []
    const { left, right, operator } = node
    return over(node, ...(BINARY[operator] ?? []).map(other => `${source(left)} ${other} ${source(right)}`))
  },
  operand(node, source) {
    if (node.type !== 'LogicalExpression') return []
    const { left, right, operator } = node
    const other = operator === '&&' ? '||' : '&&'
    return over(node, source(left), source(right), `${source(left)} ${other} (${source(right)})`)
  },
  negation: (node, source) =>
    node.type === 'UnaryExpression' && node.operator === '!' ? over(node, source(node.argument)) : [],
  assignment(node, source) {
    if (node.type === 'UpdateExpression')
      return over(
        node,
        source(node).replace(/\+\+|--/, sign => (sign === '++' ? '--' : '++')),
      )
    const other = node.type === 'AssignmentExpression' && ASSIGNMENT[node.operator]
    return other ? over(node, `${source(node.left)} ${other} ${source(node.right)}`) : []
  },
  literal(node, source) {
    if (node.type === 'TemplateLiteral') return over(node, '``')
    if (node.type !== 'Literal') return []
    if (typeof node.value === 'boolean') return over(node, String(!node.value))
    if (typeof node.value === 'string') return over(node, JSON.stringify(`${node.value}?`))
    const more = source(node)
    return typeof node.value === 'number' ? over(node, `(${more} + 1)`, `(${more} - 1)`) : []
  },
  statement(node) {
    return node.type === 'ExpressionStatement' || node.type === 'ThrowStatement' ? over(node, ';') : []
  },
  result(node) {
    if (node.type === 'ReturnStatement' && node.argument) return over(node.argument, 'null')
    return node.type === 'ArrowFunctionExpression' && node.expression ? over(node.body, 'null') : []
  },
  call(node, source) {
    if (node.type !== 'CallExpression') return []
    const { callee, arguments: given } = node
    if (callee.type === 'Identifier') return given.length === 1 ? over(node, source(given[0]!)) : []
    if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return []
    const { name } = callee.property
    const other = METHODS.get(name)
    if (other) return over(callee.property, other)
    return STEPS.has(name) ? over(node, source(callee.object)) : []
  },
  chain: (node, source) =>
    node.type === 'MemberExpression' && node.optional ? over(node, source(node).replace('?.', '.')) : [],
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

/** Whether `child` is code that runs, and no text of an error. */
function isMutated(parent: Node, child: Node): boolean {
  if (child.type === 'ImportDeclaration' || child.type === 'ExportAllDeclaration') return false
  if (child.type.startsWith('TS')) return child.type === 'TSAsExpression' || child.type === 'TSNonNullExpression'
  if (parent.type === 'ImportExpression') return false
  if (parent.type !== 'CallExpression' && parent.type !== 'NewExpression') return true
  const at = parent.callee.type === 'Identifier' ? TEXTS.get(parent.callee.name) : undefined
  return at === undefined || parent.arguments[at] !== child
}

export const childrenOf = (node: Node): Node[] =>
  Object.values(node)
    .flat()
    .filter(isNode)
    .filter(child => isMutated(node, child))
