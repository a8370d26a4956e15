/** Words that several commands say of a share: when it ends and by whom, and how far an ending has come. */
import type { GrantInfo, GrantProgress } from '#core'
import { facet, type Language, type Localised } from '#vocab'
import { inLanguage, type Context } from './command.ts'
import { usage } from './told.ts'

export function endsText(context: Context, until: string, by: 'server' | 'owner'): string {
  const date = new Intl.DateTimeFormat(context.language, { dateStyle: 'full', timeStyle: 'short' }).format(
    new Date(until),
  )
  if (by === 'server')
    return inLanguage(
      context,
      `Prend fin le ${date}, par le serveur lui-même.`,
      `Ends on ${date}, by the server itself.`,
    )
  return inLanguage(context, `Prend fin le ${date}, par vos appareils.`, `Ends on ${date}, by your devices.`)
}

export function checkAhead(until: Date): Date {
  if (until.getTime() <= Date.now()) throw usage('--until est dans le passé.', '--until is in the past.')
  return until
}

export const progressWords: Record<GrantProgress, Localised> = {
  changing: { fr: 'en train de changer', en: 'being changed' },
  removing: { fr: 'en train d’être retiré', en: 'being removed' },
  cut: { fr: 'refusé ; les clés changent à la prochaine écriture', en: 'refused; keys change at the next write' },
  rotated: { fr: 'refusé ; les clés ont changé', en: 'refused; the keys are changed' },
}

export const facetLabels = (paths: readonly string[], language: Language): string =>
  paths.map(path => facet(path)?.label[language] ?? path).join(', ')

/** One line of a share that ended, or is ending. */
export const endedLine = ({ grant, toName, progress }: GrantInfo, language: Language): string =>
  `${grant} ${toName}: ${progress ? progressWords[progress][language] : ''}`
