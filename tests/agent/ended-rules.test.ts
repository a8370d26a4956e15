/** What an agent without keys takes out of an access list, and that nothing else changes. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quadsIn, readAcl, sameRules, writeAcl, type Rule } from '../../client/core/acl.ts'
import { withoutEnded } from '../../client/core/grants/ended-rules.ts'

const AT = 'https://pod.example/alice/alveole/c/abc/'
const URL = `${AT}.acl`
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (turtle: Uint8Array | null): string => new TextDecoder().decode(turtle ?? undefined)
const NOW = Date.UTC(2026, 5, 1)

const PREFIXES = `
@prefix acl: <http://www.w3.org/ns/auth/acl#>. @prefix alv: <https://w3id.org/alveole#>.
@prefix xsd: <http://www.w3.org/2001/XMLSchema#>. @prefix ex: <https://example.org/>.`
const owner = `<#owner> a acl:Authorization; acl:agent ex:me; acl:accessTo <./>; acl:default <./>; acl:mode acl:Read, acl:Write, acl:Control.`
const dated = (name: string, dates: string, modes = 'acl:Read'): string =>
  `${name} a acl:Authorization; acl:agent ex:zoe; acl:default <./>; acl:mode ${modes}; alv:validUntil ${dates}.`
const day = (date: string): string => `"${date}T00:00:00Z"^^xsd:dateTime`
const list = (...rules: string[]): Uint8Array => bytes([PREFIXES, owner, ...rules].join('\n'))

const one = fc.record({ name: fc.nat(), until: fc.option(fc.integer({ min: 1, max: 2 * NOW })) })

describe('a rule past its end', () => {
  test('goes, and every other one stays as it was', () => {
    fc.assert(
      fc.property(fc.uniqueArray(one, { selector: ({ name }) => name, maxLength: 12 }), drawn => {
        const rules = drawn.map(({ name, until }): Rule => {
          const reader = [`https://example.org/${name}`]
          return { agents: reader, modes: ['Read'], on: ['children'], ...(until !== null && { until }) }
        })
        const stays = rules.filter(({ until }) => until === undefined || until > NOW)
        const { turtle, removed, ends } = withoutEnded(URL, writeAcl(AT, rules), NOW)
        expect(removed).toBe(rules.length - stays.length)
        expect(ends.toSorted()).toEqual(stays.flatMap(({ until }) => until ?? []).toSorted())
        expect(turtle === null).toBe(removed === 0)
        if (turtle) expect(sameRules(readAcl(AT, turtle), stays)).toBe(true)
      }),
    )
  })

  test('takes only its own triples along, whatever else the list says', () => {
    const foreign = `
      <#rule7> ex:note "of another app"; ex:about [ ex:deep ( 1 2 ) ].
      ex:elsewhere ex:mentions <#old>.
      [] a acl:Authorization; acl:agent ex:bob; acl:accessTo <./>; acl:mode acl:Read.`
    const before = list(foreign, dated('<#old>', day('2026-05-31')), dated('<#live>', day('2026-06-02')))
    const { turtle } = withoutEnded(URL, before, NOW)
    const said = (of: Uint8Array) => quadsIn(URL, of).length
    expect(text(turtle)).not.toContain('2026-05-31')
    expect(said(before) - said(turtle!)).toBe(5)
    expect(text(turtle)).toMatch(/of another app/)
    expect(quadsIn(URL, turtle!).some(({ object }) => object.value === `${URL}#old`)).toBe(true)
    expect(quadsIn(URL, turtle!).filter(({ subject }) => subject.value === `${URL}#owner`)).toHaveLength(7)
  })

  test('goes where it has no name, and where its earliest date has passed', () => {
    const both = `${day('2030-01-01')}, ${day('2026-01-01')}`
    const { removed, ends } = withoutEnded(URL, list(dated('[]', day('2026-05-31')), dated('<#two>', both)), NOW)
    expect([removed, ends]).toEqual([2, []])
  })
})

describe('what is left alone', () => {
  test.each([
    ['a date without a zone', '"2020-01-01T00:00:00"^^xsd:dateTime'],
    ['a date that is none', '"2020-02-31T00:00:00Z"^^xsd:dateTime'],
    ['a day', '"2020-01-01"^^xsd:date'],
    ['text', '"2020-01-01T00:00:00Z"'],
    ['a readable date beside an unreadable one', `${day('2020-01-01')}, "soon"`],
  ])('%s', (_name, dates) => {
    expect(withoutEnded(URL, list(dated('<#r>', dates)), NOW)).toEqual({ turtle: null, removed: 0, ends: [], left: 1 })
  })

  test('a rule that gives control: without it nobody could mend the list', () => {
    const rule = dated('<#r>', day('2020-01-01'), 'acl:Read, acl:Control')
    expect(withoutEnded(URL, list(rule), NOW)).toMatchObject({ turtle: null, left: 1 })
  })

  test('a date on what is no rule', () => {
    const none = `<#x> alv:validUntil ${day('2020-01-01')}.`
    expect(withoutEnded(URL, list(none), NOW)).toEqual({ turtle: null, removed: 0, ends: [], left: 0 })
  })

  test('a list that is not Turtle is told', () => {
    expect(() => withoutEnded(URL, bytes('{"@context": {}}'), NOW)).toThrow(
      expect.objectContaining({ code: 'tampered' }),
    )
    expect(() => withoutEnded(URL, bytes(`${PREFIXES} { ${owner} }`), NOW)).toThrow(
      expect.objectContaining({ code: 'tampered' }),
    )
  })
})
