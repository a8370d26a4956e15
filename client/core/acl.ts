/**
 * Access control lists as rules (Web Access Control, with `alv:validFrom` and `alv:validUntil`). Written whole, never
 * patched: a generic helper would drop the dates. Read back only to compare with what the account says.
 */
import { Parser, Writer, DataFactory, type Quad } from 'n3'
import { AlveoleError, isCode } from '#crypto'
import { acl, alv, foaf, rdf, xsd } from '#vocab'

export type Mode = 'Read' | 'Append' | 'Write' | 'Control'

export interface Rule {
  agents?: readonly string[]
  groups?: readonly string[]
  /** Everybody, or everybody signed in. */
  public?: 'all' | 'authenticated'
  modes: readonly Mode[]
  /** The resource itself; what a container hands down to its children. */
  on: readonly ('self' | 'children')[]
  /** Milliseconds since 1970. */
  from?: number
  until?: number
}

const { namedNode, literal, quad } = DataFactory

/** Refuses what could break out of an IRI in Turtle or is not a web address. */
export function checkIri(iri: string): string {
  if (!URL.canParse(iri) || /[\u0000-\u0020<>"{}|\\^`]/.test(iri))
    throw new AlveoleError('usage', 'not a web address', { detail: { iri } })
  return iri
}

const FULL: readonly Mode[] = ['Read', 'Write', 'Control']

export const ownerRule = (owner: string): Rule => ({ agents: [owner], modes: FULL, on: ['self', 'children'] })

export function writeAcl(resource: string, rules: readonly Rule[]): Uint8Array {
  const quads = rules.flatMap((rule, i) => quadsOf(resource, `${resource}#rule${i}`, rule))
  return new TextEncoder().encode(new Writer({ format: 'text/turtle' }).quadsToString(quads))
}

function quadsOf(resource: string, name: string, rule: Rule): Quad[] {
  const node = (predicate: string, object: string) =>
    quad(namedNode(name), namedNode(predicate), namedNode(checkIri(object)))
  const date = (predicate: string, at: number) =>
    quad(namedNode(name), namedNode(predicate), literal(new Date(at).toISOString(), namedNode(xsd.dateTime)))
  return [
    node(rdf.type, acl.Authorization),
    ...(rule.agents ?? []).map(agent => node(acl.agent, agent)),
    ...(rule.groups ?? []).map(group => node(acl.agentGroup, group)),
    ...(rule.public ? [node(acl.agentClass, rule.public === 'all' ? foaf.Agent : acl.AuthenticatedAgent)] : []),
    ...rule.on.map(on => node(on === 'self' ? acl.accessTo : acl.default, resource)),
    ...rule.modes.map(mode => node(acl.mode, acl[mode])),
    ...(rule.from === undefined ? [] : [date(alv.validFrom, rule.from)]),
    ...(rule.until === undefined ? [] : [date(alv.validUntil, rule.until)]),
  ]
}

/**
 * Throws `tampered` on text that is not Turtle. What a server of ours does not take for a rule is none; one with a date that it
 * cannot read never holds, there as here.
 */
export function readAcl(resource: string, turtle: Uint8Array): Rule[] {
  const quads = quadsIn(resource, turtle)
  const isRule = (q: Quad) => q.predicate.value === rdf.type && q.object.value === acl.Authorization
  const names = new Set(quads.filter(isRule).map(q => q.subject.value))
  return [...names].map(name =>
    ruleOf(
      resource,
      quads.filter(q => q.subject.value === name),
    ),
  )
}

/** Relative addresses count from `base`. */
export function quadsIn(base: string, turtle: Uint8Array): Quad[] {
  try {
    return new Parser({ baseIRI: base, format: 'text/turtle' }).parse(new TextDecoder().decode(turtle))
  } catch (error) {
    throw new AlveoleError('tampered', 'an access list that is not Turtle', { cause: error, detail: { url: base } })
  }
}

function ruleOf(resource: string, quads: Quad[]): Rule {
  const objects = (predicate: string) => quads.filter(q => q.predicate.value === predicate).map(q => q.object)
  const values = (predicate: string) => objects(predicate).map(({ value }) => value)
  const classes = values(acl.agentClass)
  const [agents, groups] = [values(acl.agent), values(acl.agentGroup)]
  const from = objects(alv.validFrom).map(date => instant(date) ?? Number.MAX_SAFE_INTEGER)
  const until = objects(alv.validUntil).map(date => instant(date) ?? 0)
  return {
    ...(agents.length && { agents }),
    ...(groups.length && { groups }),
    ...(classes.includes(foaf.Agent)
      ? { public: 'all' as const }
      : classes.includes(acl.AuthenticatedAgent) && { public: 'authenticated' as const }),
    modes: (['Read', 'Append', 'Write', 'Control'] as const).filter(mode => values(acl.mode).includes(acl[mode])),
    on: [
      ...(values(acl.accessTo).includes(resource) ? (['self'] as const) : []),
      ...(values(acl.default).includes(resource) ? (['children'] as const) : []),
    ],
    ...(from.length && { from: Math.max(...from) }),
    ...(until.length && { until: Math.min(...until) }),
  }
}

const DATE = /^\d{4}-\d\d-(\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** null where the server cannot read it, by the rules of pod-server/components/expiring-access-checker.ts. */
export function instant(term: Quad['object']): number | null {
  if (term.termType !== 'Literal' || term.datatype.value !== xsd.dateTime) return null
  const [, day] = DATE.exec(term.value) ?? []
  const at = Date.parse(term.value)
  return Number.isNaN(at) || new Date(term.value.slice(0, 10)).getUTCDate() !== Number(day) ? null : at
}

/** Whether a stored list says the same as `rules`; one that is not even Turtle does not. */
export function saysRules(resource: string, turtle: Uint8Array, rules: readonly Rule[]): boolean {
  try {
    return sameRules(readAcl(resource, turtle), rules)
  } catch (error) {
    if (isCode(error, 'tampered')) return false
    throw error
  }
}

/** Whether two lists say the same, in whatever order and spelling. */
export const sameRules = (a: readonly Rule[], b: readonly Rule[]): boolean => normal(a) === normal(b)

const normal = (rules: readonly Rule[]): string =>
  JSON.stringify(
    rules
      .map(({ agents = [], groups = [], public: open = null, modes, on, from = null, until = null }) =>
        JSON.stringify([[...agents].sort(), [...groups].sort(), open, [...modes].sort(), [...on].sort(), from, until]),
      )
      .sort(),
  )
