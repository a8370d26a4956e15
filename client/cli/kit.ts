/** The rescue kit on paper: numbered words, and what they are for. */
import type { Language } from '#vocab'

const above = {
  fr: 'Kit de secours. Écrivez ces 24 mots sur papier : sans eux, un mot de passe oublié ferme le coffre pour toujours.',
  en: 'Rescue kit. Write these 24 words on paper: without them, a forgotten password closes the vault for ever.',
}
const below = {
  fr: 'Vérifiez ensuite votre copie : alveole recovery test',
  en: 'Then check your copy: alveole recovery test',
}

export function kitText(words: readonly string[], language: Language): string {
  const widest = Math.max(...words.map(word => word.length))
  const cells = words.map((word, at) => `${String(at + 1).padStart(2)} ${word.padEnd(widest)}`)
  const lines = [0, 1, 2, 3, 4, 5].map(line =>
    [0, 6, 12, 18]
      .map(column => cells[line + column])
      .join('   ')
      .trimEnd(),
  )
  return [above[language], '', ...lines, '', below[language]].join('\n')
}
