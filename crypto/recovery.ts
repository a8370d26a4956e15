/**
 * The rescue kit (SPEC V1–V2): 32 random bytes as 24 words of BIP 39, English or French, with its 8-bit checksum.
 * Only the word coding is BIP 39's; no seed is stretched from the words.
 */
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist as english } from '@scure/bip39/wordlists/english.js'
import { wordlist as french } from '@scure/bip39/wordlists/french.js'
import { AlveoleError } from './errors.ts'

const lists = { en: english, fr: french }

export function toWords(secret: Uint8Array, language: 'en' | 'fr'): string[] {
  if (secret.length !== 32) throw new AlveoleError('usage', 'a kit holds 32 bytes')
  return entropyToMnemonic(secret, lists[language]).normalize('NFC').split(/\s+/)
}

/** Takes either language, any case and spacing, composed or decomposed accents. Throws `wrong-unlock`. */
export function fromWords(words: string | readonly string[]): Uint8Array {
  const text = [words].flat().join(' ').trim().toLowerCase().split(/\s+/).join(' ').normalize('NFKD')
  for (const list of [english, french]) {
    try {
      const secret = mnemonicToEntropy(text, list)
      if (secret.length === 32) return secret
    } catch {
      // not this language, or a mistyped word
    }
  }
  throw new AlveoleError('wrong-unlock', 'not the 24 words of a kit')
}
