import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromWords, random, toWords } from '#crypto'
import { any32, codeOf } from './support.ts'

const languages = ['en', 'fr'] as const

describe('the words of the rescue kit', () => {
  it.each(languages)('[V1] are 24 in %s and lead back to the secret', language => {
    fc.assert(
      fc.property(any32, secret => {
        const words = toWords(secret, language)
        expect(words).toHaveLength(24)
        expect(fromWords(words)).toEqual(secret)
      }),
    )
  })

  it('[V1] are those of BIP 39', () => {
    expect(toWords(new Uint8Array(32), 'en').join(' ')).toBe(`${'abandon '.repeat(23)}art`)
    expect(toWords(new Uint8Array(32), 'fr').slice(0, 2)).toEqual(['abaisser', 'abaisser'])
  })

  it.each(languages)('[V2] may be typed with any case, spacing and accents, in %s', language => {
    const secret = random(32)
    const words = toWords(secret, language)
    expect(fromWords(`  ${words.join('\n\t ').toUpperCase()} `)).toEqual(secret)
    expect(fromWords(words.map(word => word.normalize('NFD')))).toEqual(secret)
    expect(fromWords(words.map(word => word.normalize('NFC')))).toEqual(secret)
  })

  it.each(languages)('[V2] refuse what is no kit, in %s', language => {
    const words = toWords(new Uint8Array(32).fill(7), language)
    const bad = [
      [],
      ['abc'],
      words.slice(0, 23),
      [...words, words[0]!],
      [...words.slice(0, 23), 'abcdef'],
      words.toReversed(),
      [words[0]!, words[2]!, words[1]!, ...words.slice(3)],
      toWords(random(32), language === 'en' ? 'fr' : 'en').map((word, i) => (i % 2 ? word : words[i]!)),
    ]
    for (const attempt of bad) expect(codeOf(() => fromWords(attempt))).toBe('wrong-unlock')
  })

  it('[V2] refuse kits of twelve words', () => {
    const twelve = `${'abandon '.repeat(11)}about`
    expect(codeOf(() => fromWords(twelve))).toBe('wrong-unlock')
  })

  it('[V1] hold 32 bytes', () => expect(codeOf(() => toWords(random(16), 'en'))).toBe('usage'))

  it('[V2] catch nearly every single mistyped word by the checksum', () => {
    const words = toWords(random(32), 'en')
    const others = toWords(random(32), 'en')
    const passed = words
      .map((_, i) => codeOf(() => fromWords(words.with(i, others[i]!))))
      .filter(code => code === 'no error')
    expect(passed.length).toBeLessThan(4) // 1 in 256 passes the 8-bit checksum, and then opens nothing
  })
})
