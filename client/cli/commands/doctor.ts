/** `alveole doctor`: whether pod, session and vault are as they should be; mends what a device of one's own can mend. */
import type { Localised } from '#vocab'
import type { Repair } from '#core'
import { inLanguage, type Command, type Context } from '../command.ts'

const told: { [code: string]: Localised } = {
  'rules-differ': {
    fr: 'un autre programme a changé les droits d’accès de ce dossier',
    en: 'another program changed the access rules of this folder',
  },
  'rules-missing': {
    fr: 'les droits d’accès de ce dossier ont disparu',
    en: 'the access rules of this folder are gone',
  },
  'members-differ': {
    fr: 'la liste de membres que lit le serveur n’est pas celle du cercle',
    en: 'the list of members that the server reads is not that of the circle',
  },
  'left-out': {
    fr: 'ce que vous partagez manque à la liste de ce cercle ; c’est annoncé de nouveau',
    en: 'what you share is missing from the list of this circle; it is announced again',
  },
  'forged-announcements': {
    fr: 'quelqu’un a laissé dans ce cercle des annonces qui ne sont pas vraies ; rien n’en est montré',
    en: 'somebody left announcements in this circle that are not true; nothing of them is shown',
  },
  'flooded-feed': {
    fr: 'ce cercle contient plus de messages qu’on n’en lit d’un coup ; les autres sont lus ensuite',
    en: 'this circle holds more messages than are read at a look; the others are read at the next',
  },
  'unfinished-circle': { fr: 'ce cercle n’est pas achevé', en: 'this circle is not finished' },
  'unfinished-grant': { fr: 'ce partage n’est pas achevé', en: 'this share is not finished' },
  'unconfirmed-grant': {
    fr: 'rien de nouveau n’est partagé depuis cette machine avant alveole shares --confirm',
    en: 'nothing new is shared from this machine before alveole shares --confirm',
  },
}

export const doctor: Command = {
  name: 'doctor',
  synopsis: { fr: '', en: '' },
  about: {
    fr: `Vérifie la connexion au pod et l’état du coffre ; remet les droits d’accès et les listes de membres, et retire ce que
des programmes interrompus ont laissé et que rien ne nomme depuis une semaine.`,
    en: `Checks the way to the pod and the state of the vault; puts access rules and lists of members right, and removes what
programs that died left behind, once nothing has named it for a week.`,
  },
  takes: [0, 0],
  run: async context => {
    const repair = await (await context.vault.open()).repair()
    const { webId, pod, problems, repaired, garbage } = repair
    return {
      json: { webId, pod, problems, repaired, garbage },
      text: () => [`WebID ${webId}`, `Pod ${pod}`, ...linesOf(context, repair)].join('\n'),
    }
  },
}

function linesOf(context: Context, { problems, repaired, garbage }: Repair): string[] {
  const say = (code: string): string => told[code]?.[context.language] ?? code
  const mended = inLanguage(context, 'réparé', 'repaired')
  const lines = [
    ...problems.map(({ code, detail }) => `! ${detail}: ${say(code)}`),
    ...repaired.map(({ code, detail }) => `${mended}: ${detail}: ${say(code)}`),
    ...garbage.map(({ collection, removed, waiting }) => {
      const fr = `${removed} restes retirés, ${waiting} le seront dans la semaine`
      return `${collection}: ${inLanguage(context, fr, `${removed} leftovers removed, ${waiting} to go within a week`)}`
    }),
  ]
  return problems.length ? lines : [...lines, inLanguage(context, 'Tout va bien.', 'All is well.')]
}
