/** Search as people type it. */
import { expect, test } from 'vitest'
import { fold, matcher } from '../../client/core/search.ts'

test.each([
  ['eleonore', 'Éléonore de Provence'],
  ['PROVENCE éléonore', 'Éléonore de Provence'],
  ['œuvre', 'Une œuvre'],
  ['soeur', 'ma SŒUR'],
  ['œdème', 'oedeme'],
  ["l'ete", 'l’été'],
  ['ete', 'e\u0301te\u0301'],
  ['strasse', 'Straße'],
  ['', 'anything'],
  ['  ', 'anything'],
  ['naïve', 'naive'],
  ['naive', 'naïve'],
  ['2019-03', 'le 2019-03-12'],
  ['ᴀ', 'ᴀ'],
  ['Ελενη', 'Ελένη'],
  ['ﬁche', 'fiche'],
])('“%s” finds “%s”', (query, value) => {
  expect(matcher(query)(fold(value))).toBe(true)
})

test.each([
  ['eleonore anjou', 'Éléonore de Provence'],
  ['provençal', 'Provence'],
])('“%s” does not find “%s”', (query, value) => {
  expect(matcher(query)(fold(value))).toBe(false)
})
