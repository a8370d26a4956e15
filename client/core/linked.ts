/** JSON-LD with whole IRIs in one spelling: what offers and consent records are written with, and read back by (SPEC X8–X12). */
import { AlveoleError, equal, fromUtf8, utf8 } from '#crypto'
import { odrl, xsd } from '#vocab'

export const iri = (id: string) => ({ '@id': id })
export const date = (at: number) => ({ '@type': xsd.dateTime, '@value': new Date(at).toISOString() })
export const limit = (leftOperand: string, operator: string, rightOperand: object) => ({
  [odrl.leftOperand]: iri(leftOperand),
  [odrl.operator]: iri(operator),
  [odrl.rightOperand]: rightOperand,
})

export type Node = unknown
export const member = (of: Node, name: string | number): Node => (of as { [name: string]: Node })[name]
export const idOf = (node: Node): string => text(member(node, '@id'))
export const timeOf = (node: Node): number => Date.parse(text(member(node, '@value')))
export const each = <T>(of: Node, read: (node: Node) => T): T[] => (of as Node[]).map(node => read(node))

export function text(node: Node): string {
  if (typeof node !== 'string') throw new TypeError('not text')
  return node
}

/** null where it is not, letter for letter, what `write` would make of it: no reader passes over what another may hold it to. */
export function spelled<T>(from: Uint8Array, read: (document: Node) => T, write: (of: T) => string): T | null {
  try {
    const of = read(JSON.parse(fromUtf8(from)))
    return equal(utf8(write(of)), from) ? of : null
  } catch (error) {
    if (FAULTS.some(fault => error instanceof fault)) return null
    throw error
  }
}
const FAULTS = [SyntaxError, TypeError, RangeError, AlveoleError]
