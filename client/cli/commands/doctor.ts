/** `alveole doctor`: whether pod, session and vault are as they should be. */
import type { Localised } from '#vocab'
import { inLanguage, type Command } from '../command.ts'

const told: { [code: string]: Localised } = {
  'rules-differ': {
    fr: 'un autre programme a changé les droits d’accès de ce dossier ; le prochain partage ou retrait les remet',
    en: 'another program changed the access rules of this folder; the next share or removal puts them right',
  },
  'rules-missing': {
    fr: 'les droits d’accès de ce dossier ont disparu',
    en: 'the access rules of this folder are gone',
  },
  'members-differ': {
    fr: 'la liste de membres que lit le serveur n’est pas celle du cercle',
    en: 'the list of members that the server reads is not that of the circle',
  },
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
    fr: 'Vérifie la connexion au pod et l’état du coffre.',
    en: 'Checks the way to the pod and the state of the vault.',
  },
  takes: [0, 0],
  run: async context => {
    const { webId, pod, problems } = await (await context.vault.open()).doctor()
    const well = inLanguage(context, 'Tout va bien.', 'All is well.')
    return {
      json: { webId, pod, problems },
      text: () =>
        [
          `WebID ${webId}`,
          `Pod ${pod}`,
          ...(problems.length
            ? problems.map(({ code, detail }) => `! ${detail}: ${told[code]?.[context.language] ?? code}`)
            : [well]),
        ].join('\n'),
    }
  },
}
