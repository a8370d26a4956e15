/** `alveole people`: whether the person is who the server says, by words that both compare. */
import type { PersonInfo } from '#core'
import type { Localised } from '#vocab'
import { inLanguage, type Command, type Context, type Result } from '../command.ts'
import { iriOf } from '../names.ts'
import { table } from '../table.ts'

const states: Record<PersonInfo['state'], Localised> = {
  confirmed: { fr: 'vérifiée', en: 'checked' },
  seen: { fr: 'non vérifiée', en: 'not checked' },
  changed: { fr: 'CLÉS CHANGÉES', en: 'KEYS CHANGED' },
}

export const peopleList: Command = {
  name: 'people list',
  synopsis: { fr: '', en: '' },
  about: {
    fr: 'Liste les personnes avec qui vous partagez, et si vous les avez vérifiées.',
    en: 'Lists the people you share with, and whether you have checked them.',
  },
  takes: [0, 0],
  run: async ({ language, vault }) => {
    const people = await (await vault.open()).people.list()
    return { json: people, text: () => table(people.map(one => [one.name, states[one.state][language], one.webId])) }
  },
}

export const peopleWords: Command = {
  name: 'people words',
  synopsis: { fr: 'WEBID', en: 'WEBID' },
  about: {
    fr: `Montre les douze mots à comparer de vive voix avec une personne : chez elle, ce sont les mêmes.
La personne peut lire les siens en anglais ; ou vous donner son code au lieu de ses mots.`,
    en: `Shows the twelve words to compare with a person aloud: theirs are the same ones.
They may read theirs in French; or give you their code instead of their words.`,
  },
  takes: [1, 1],
  run: async context => {
    const { language, vault } = context
    const check = await (await vault.open()).people.words(webIdOf(context))
    const [first, second] = language === 'fr' ? (['fr', 'en'] as const) : (['en', 'fr'] as const)
    const rows = check.words[first].map((word, at) => [`${at + 1}`, word, check.words[second][at]!])
    return {
      json: check,
      text: () => `${check.name}: ${states[check.state][language]}\n${table(rows)}\n\n${check.code}`,
    }
  },
}

const PROOF = { fr: 'WEBID MOT… | WEBID CODE', en: 'WEBID WORD… | WEBID CODE' }

export const peopleConfirm: Command = {
  name: 'people confirm',
  synopsis: PROOF,
  about: {
    fr: 'Note que la personne a bien ces douze mots, ou que ce code est le sien.',
    en: 'Notes that the person has these twelve words, or that this code is theirs.',
  },
  takes: [2, 13],
  run: async context => {
    const { people } = await context.vault.open()
    return told(context, await people.confirm(webIdOf(context), proofOf(context)))
  },
}

export const peopleReconfirm: Command = {
  name: 'people reconfirm',
  synopsis: PROOF,
  about: {
    fr: `Accepte les nouvelles clés d’une personne, après avoir comparé de nouveau : appelez-la d’abord, et demandez-lui pourquoi.
Ce que vous lui aviez partagé est à partager de nouveau.`,
    en: `Accepts a person’s new keys, after comparing again: call them first, and ask why.
What you had shared with them is to be shared again.`,
  },
  takes: [2, 13],
  run: async context => {
    const { people } = await context.vault.open()
    return told(context, await people.reconfirm(webIdOf(context), proofOf(context)))
  },
}

const webIdOf = ({ arguments: [webId = ''] }: Context): string => iriOf(webId)
const proofOf = ({ arguments: [, ...words] }: Context): string => words.join(' ')

const told = (context: Context, person: PersonInfo): Result => ({
  json: person,
  text: () => inLanguage(context, `Vérifiée : ${person.name}`, `Checked: ${person.name}`),
})
