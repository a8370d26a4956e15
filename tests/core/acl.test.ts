/** Access control lists as rules: written and read back they say the same. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkIri, ownerRule, readAcl, sameRules, writeAcl, type Rule } from '../../client/core/acl.ts'

const AT = 'https://pod.example/alice/alveole/c/abc/'
const iri = fc.webUrl({ withFragments: true }).filter(url => !/[<>"{}|\\^`\s]/.test(url))
const moment = fc.integer({ min: 1, max: 4e12 })
const rule: fc.Arbitrary<Rule> = fc
  .record({
    agents: fc.option(fc.uniqueArray(iri, { minLength: 1, maxLength: 3 })),
    groups: fc.option(fc.uniqueArray(iri, { minLength: 1, maxLength: 3 })),
    public: fc.option(fc.constantFrom('all' as const, 'authenticated' as const)),
    modes: fc.subarray(['Read', 'Append', 'Write', 'Control'] as const),
    on: fc.subarray(['self', 'children'] as const),
    from: fc.option(moment),
    until: fc.option(moment),
  })
  .map(all => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) as unknown as Rule)

describe('rules', () => {
  test('come back from Turtle as they were', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 4 }), rules => sameRules(readAcl(AT, writeAcl(AT, rules)), rules)),
    )
  })

  test('are the same in any order and differ in any part', () => {
    const rules: Rule[] = [
      ownerRule('https://a.example/#me'),
      { agents: ['https://b.example/#me'], modes: ['Read'], on: ['children'], until: 5 },
    ]
    expect(sameRules(rules, rules.toReversed())).toBe(true)
    const { until: _, ...endless } = rules[1]!
    const others: Rule[] = [
      endless,
      { ...rules[1]!, until: 6 },
      { ...rules[1]!, modes: ['Read', 'Write'] },
      { ...rules[1]!, on: ['self'] },
    ]
    for (const other of others) expect(sameRules(rules, [rules[0]!, other])).toBe(false)
  })

  test('an end date that nobody can read is one that has passed', () => {
    const turtle = new TextDecoder().decode(writeAcl(AT, [{ ...ownerRule('https://a.example/#me'), until: 5 }]))
    const broken = turtle.replace(/"[^"]*"/, '"some day"')
    expect(readAcl(AT, new TextEncoder().encode(broken))).toMatchObject([{ until: 0 }])
  })

  test.each([
    ['a date of no type', '"2030-01-31T00:00:00.000Z"'],
    ['of another type', '"2030-01-31T00:00:00.000Z"^^<http://www.w3.org/2001/XMLSchema#string>'],
    ['without a time zone', '"2030-01-31T00:00:00"^^<http://www.w3.org/2001/XMLSchema#dateTime>'],
    ['in small letters', '"2030-01-31t00:00:00z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'],
    ['that is in no calendar', '"2030-02-31T00:00:00.000Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'],
  ])(
    'a date that the server does not read, %s, makes a rule that never holds, be it its start or its end',
    (_, date) => {
      const [from, until] = [Date.UTC(2030, 0, 31), Date.UTC(2030, 2, 3)]
      const turtle = new TextDecoder().decode(writeAcl(AT, [{ ...ownerRule('https://a.example/#me'), from, until }]))
      const [start, end] = [...turtle.matchAll(/"[^"]*"\^\^<[^>]*>/g)].map(([whole]) => whole)
      const altered = (old: string) => new TextEncoder().encode(turtle.replace(old, date))
      expect(readAcl(AT, altered(start!))).toMatchObject([{ from: Number.MAX_SAFE_INTEGER, until }])
      expect(readAcl(AT, altered(end!))).toMatchObject([{ from, until: 0 }])
    },
  )

  test('a rule is what has the type of one, by that very property', () => {
    const turtle = new TextDecoder().decode(writeAcl(AT, [ownerRule('https://a.example/#me')]))
    const untyped = new TextEncoder().encode(turtle.replace('22-rdf-syntax-ns#type', '22-rdf-syntax-ns#typo'))
    expect(readAcl(AT, untyped)).toEqual([])
  })

  test('what is not Turtle is refused with a code', () => {
    expect(() => readAcl(AT, new TextEncoder().encode('{"@graph": ['))).toThrow(
      expect.objectContaining({ name: 'AlveoleError' }),
    )
  })

  test.each(['javascript', '', 'https://x.example/> . <a> <b> <c', 'https://x.example/ ', 'https://x.example/"'])(
    'no IRI breaks out: %s',
    bad => {
      expect(() => checkIri(bad)).toThrow(expect.objectContaining({ code: 'usage' }))
      expect(() => writeAcl(AT, [{ agents: [bad], modes: ['Read'], on: ['self'] }])).toThrow('not a web address')
    },
  )
})
