/** An agreement comes back as it was written, and has one spelling, which its signature alone would not see to (X8). */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deviceKey, fromUtf8, label, signBytes, signerOf, unsafeUnverified, utf8 } from '#crypto'
import { readAgreement, signAgreement, type Terms } from '../../client/core/agreement.ts'
import { anyText, anyUint, few } from '../crypto/arbitraries.ts'
import { codeOf, person } from '../crypto/support.ts'

const alice = person('alice')
const me = signerOf(alice.device)
/** Milliseconds: the last moment of a JavaScript `Date`. */
const LAST_MOMENT = 8.64e15

const anyTime = fc.oneof(anyUint, fc.nat(LAST_MOMENT)).map(at => Math.min(at, LAST_MOMENT))
const anyTerms: fc.Arbitrary<Terms> = fc.record({
  grant: anyText,
  assigner: fc.constant(alice.webId),
  assignee: anyText,
  collections: few(anyText),
  facets: few(anyText),
  from: anyTime,
  until: anyTime,
  purpose: anyText,
  given: anyTime,
})

/** The same in JSON, which has objects for arrays. */
function replacedInJson(json: unknown, path: readonly number[], by: unknown): unknown {
  if (typeof json !== 'object' || json === null || !path.length) return by
  const names = Object.keys(json)
  if (!names.length) return by
  const at = names[path[0]! % names.length]!
  const copy = Array.isArray(json) ? [...json] : { ...json }
  return Object.assign(copy, { [at]: replacedInJson((json as { [name: string]: unknown })[at], path.slice(1), by) })
}

/** What JSON or its readers take for the same, or nearly so. */
function* otherSpellings(json: string): Generator<[name: string, json: string]> {
  const members = Object.entries(JSON.parse(json) as object)
  yield ['blanks', JSON.stringify(JSON.parse(json), null, 1)]
  yield ['a blank before', ` ${json}`]
  yield ['a line after', `${json}\n`]
  yield ['a byte order mark', `\u{feff}${json}`]
  yield ['another order', JSON.stringify(Object.fromEntries(members.toReversed()))]
  yield ['a member more', JSON.stringify(Object.fromEntries([...members, ['a', 1]]))]
  yield ['a member twice', `{${JSON.stringify(members[0]![0])}:0,${json.slice(1)}`]
  yield ['a prototype', `{"__proto__":{},${json.slice(1)}`]
  yield ['an escape that need not be', json.replace('@', '\\u0040')]
  yield ['times without milliseconds', json.replaceAll(/\.(\d{3})Z"/g, '.$10Z"')]
  yield ['in a list', `[${json}]`]
  yield ['cut short', json.slice(0, -1)]
}

const keyOf = (signer: Uint8Array) => deviceKey(alice.identity, signer)
const read = (signed: Uint8Array): Terms => readAgreement(signed, alice.webId, keyOf)
const jsonOf = (terms: Terms): string => fromUtf8(unsafeUnverified(signAgreement(terms, me)).signed)
const ofJson = (json: string): Terms => read(signBytes(me, label.agreement, utf8(json)))

test('[X8] comes back as it was written', () => {
  fc.assert(
    fc.property(anyTerms, terms => {
      expect(read(signAgreement(terms, me))).toEqual(terms)
    }),
  )
})

test('[X8] is refused in any other spelling, its signature being good', () => {
  fc.assert(
    fc.property(anyTerms, terms => {
      const json = jsonOf(terms)
      for (const [name, other] of otherSpellings(json)) {
        expect(other, name).not.toBe(json)
        expect([name, codeOf(() => ofJson(other))]).toEqual([name, 'tampered'])
      }
    }),
    { numRuns: 20 },
  )
})

test('[X8] [O5] with other values in it, either is refused or is what would be written', () => {
  fc.assert(
    fc.property(anyTerms, fc.array(fc.nat(50), { maxLength: 6 }), fc.jsonValue(), (terms, path, by) => {
      const other = JSON.stringify(replacedInJson(JSON.parse(jsonOf(terms)), path, by))
      let found: Terms | null = null
      const code = codeOf(() => (found = ofJson(other)))
      expect(['no error', 'tampered']).toContain(code)
      if (found) expect(jsonOf(found)).toBe(other)
    }),
    { numRuns: 300 },
  )
})
