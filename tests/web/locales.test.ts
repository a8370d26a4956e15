import { expect, test } from 'vitest'
import { allSpaced, spaced } from '../../client/web/locales/fr/spaces.ts'

test('no line of French ends before a colon, a semicolon, an exclamation or question mark, or inside guillemets', () => {
  expect(spaced('Pour : « tout » ; vraiment ? Oui !')).toBe(
    'Pour\u00a0: «\u00a0tout\u00a0»\u202f; vraiment\u202f? Oui\u202f!',
  )
  const texts = allSpaced({ plain: 'a : b', made: (who: string) => `${who} ?`, deep: { list: ['x ; y'] } })
  expect([texts.plain, texts.made('Rose'), texts.deep.list[0]]).toEqual(['a\u00a0: b', 'Rose\u202f?', 'x\u202f; y'])
})
