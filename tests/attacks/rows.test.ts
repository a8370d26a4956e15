/** Every row of the table of attacks, A1 to A42, has tests in this folder that bear its name: in what they are called, not beside it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync, Visitor, type CallExpression, type Expression } from 'oxc-parser'
import { expect, test } from 'vitest'

const ROWS = 42
const CALLS = ['describe', 'it', 'test']

/** `test` of `test(…)` and `test.each(…)(…)`; nothing of one that is left out. */
function calledName(callee: Expression): string {
  if (callee.type === 'Identifier') return callee.name
  if (callee.type === 'MemberExpression' && callee.property.type === 'Identifier')
    return ['skip', 'todo'].includes(callee.property.name) ? '' : calledName(callee.object)
  if (callee.type === 'CallExpression') return calledName(callee.callee)
  return ''
}

function titleOf({ callee, arguments: [first] }: CallExpression): string {
  if (!CALLS.includes(calledName(callee))) return ''
  if (first?.type === 'TemplateLiteral') return first.quasis.map(({ value }) => value.raw).join('')
  return first?.type === 'Literal' ? String(first.value) : ''
}

/** What the tests of a file are called, and the groups that they stand in. */
function titlesOf(file: string): string[] {
  const titles: string[] = []
  const { program } = parseSync(file, readFileSync(join(import.meta.dirname, file), 'utf8'))
  new Visitor({ CallExpression: call => void titles.push(titleOf(call)) }).visit(program)
  return titles
}

test('every attack is tried', () => {
  const files = readdirSync(import.meta.dirname).filter(name => name.endsWith('.test.ts'))
  const titles = files.flatMap(titlesOf).filter(title => title)
  expect(titles.length).toBeGreaterThan(150)
  const missing = Array.from({ length: ROWS }, (_, i) => `[A${i + 1}]`).filter(
    row => !titles.some(title => title.includes(row)),
  )
  expect(missing).toEqual([])
})
