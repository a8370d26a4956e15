/**
 * What two people compare, to know that each has the other's root and no other (SPEC V3, V4): twelve words, the same ones in
 * either language, or a code that one shows and the other scans.
 *
 *   words = first 132 bits of name("check words", [[WebID, root], [WebID, root]]), 11 a word
 *   code  = "alveole:check:" ‖ base64url of [WebID, root, WebID, root]: who shows it, whom it is shown to
 */
import { wordlist as english } from '@scure/bip39/wordlists/english.js'
import { wordlist as french } from '@scure/bip39/wordlists/french.js'
import { compare, fromBase64Url, fromHex, toBase64Url, toHex } from './bytes.ts'
import { decode, encode, list, struct, text } from './codec.ts'
import { AlveoleError } from './errors.ts'
import { label } from './labels.ts'
import { hash32 } from './object.ts'
import { namedHash } from './primitives.ts'

/** A person, with the root that somebody has for theirs: 64 hexadecimal digits. */
export interface Party {
  webId: string
  root: string
}
export type CheckWords = Record<'en' | 'fr', string[]>

const WORDS = 12
const BITS = 11
const SCHEME = 'alveole:check:'
const party = struct({ webId: text, root: hash32 })
const both = list(party)
const code = struct({ by: text, byRoot: hash32, to: text, toRoot: hash32 })

const bytesOf = ({ webId, root }: Party) => ({ webId, root: fromHex(root) })

/** The same, whoever of the two asks. */
export function checkWords(one: Party, other: Party): CheckWords {
  const sorted = [one, other].map(bytesOf).sort((a, b) => compare(encode(party, a), encode(party, b)))
  const bits = [...namedHash(label.checkWords, encode(both, sorted))]
    .map(byte => byte.toString(2).padStart(8, '0'))
    .join('')
  const numbers = Array.from({ length: WORDS }, (_, at) => Number.parseInt(bits.slice(BITS * at, BITS * (at + 1)), 2))
  const inList = (words: readonly string[]): string[] => numbers.map(number => words[number]!.normalize('NFC'))
  return { en: inList(english), fr: inList(french) }
}

/** Whether these are the words, in either language, any case and spacing, composed or decomposed accents. */
export function areCheckWords({ en, fr }: CheckWords, typed: string): boolean {
  const words = typed.trim().toLowerCase().split(/\s+/).join(' ').normalize('NFC')
  return [en, fr].some(expected => expected.join(' ') === words)
}

/** For `to` to scan. */
export const writeCheckCode = (by: Party, to: Party): string =>
  SCHEME + toBase64Url(encode(code, { by: by.webId, byRoot: fromHex(by.root), to: to.webId, toRoot: fromHex(to.root) }))

/** null: no such code. Throws `usage` for one that is broken. */
export function readCheckCode(from: string): { by: Party; to: Party } | null {
  const trimmed = from.trim()
  if (!trimmed.startsWith(SCHEME)) return null
  try {
    const { by, byRoot, to, toRoot } = decode(code, fromBase64Url(trimmed.slice(SCHEME.length)))
    return { by: { webId: by, root: toHex(byRoot) }, to: { webId: to, root: toHex(toRoot) } }
  } catch (cause) {
    throw new AlveoleError('usage', 'not a code to check by', { cause })
  }
}
