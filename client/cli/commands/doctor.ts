/** `alveole doctor`: whether pod, session and vault are as they should be. */
import { inLanguage, type Command } from '../command.ts'

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
          ...(problems.length ? problems.map(({ code, detail }) => `! ${code}: ${detail}`) : [well]),
        ].join('\n'),
    }
  },
}
