/**
 * WAC rules that last: a rule past its `alv:validUntil`, or before its `alv:validFrom`, gives nothing. Community Solid
 * Server ignores terms it does not know, so without this a date in a rule would grant for ever.
 *
 * Fails closed: a date must be an xsd:dateTime with a time zone and exist in the calendar, or its rule gives nothing.
 * Of several dates all must hold.
 */
import type { AccessChecker, AccessCheckerArgs } from '@solid/community-server'
import { css } from '../css.ts'
import { alv, xsd } from '#vocab'

type Rule = Pick<AccessCheckerArgs, 'acl' | 'rule'>
type Value = ReturnType<AccessCheckerArgs['acl']['getObjects']>[number]

const LEXICAL = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** Milliseconds since 1970; NaN, which no comparison satisfies, when it cannot be read. */
const instant = (term: Value): number => {
  if (term.termType !== 'Literal' || term.datatype.value !== xsd.dateTime) return Number.NaN
  const [, year, month, day] = LEXICAL.exec(term.value) ?? []
  // Date.parse would turn 31 February into 3 March
  if (new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day)) return Number.NaN
  return Date.parse(term.value)
}

export const isInForce = ({ acl, rule }: Rule, now: number): boolean =>
  acl.getObjects(rule, alv.validFrom, null).every(date => now >= instant(date)) &&
  acl.getObjects(rule, alv.validUntil, null).every(date => now < instant(date))

export class ExpiringAccessChecker extends css.AccessChecker {
  readonly #source: AccessChecker

  constructor(source: AccessChecker) {
    super()
    this.#source = source
  }

  override async handle(input: AccessCheckerArgs): Promise<boolean> {
    return isInForce(input, Date.now()) && this.#source.handleSafe(input)
  }
}
