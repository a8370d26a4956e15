/** A question that is answered before something that cannot be taken back: on a terminal by a person, elsewhere by `--yes` alone. */
import { createInterface } from 'node:readline/promises'
import type { Localised } from '#vocab'
import type { Context } from './command.ts'
import { Told, usage } from './told.ts'

const YES = /^(y|yes|o|oui)$/i

export async function confirmed({ options, secrets, language }: Context, question: Localised): Promise<void> {
  if (options.yes) return
  if (!secrets.canAsk) throw usage('Personne ne peut répondre ici : dites --yes.', 'Nobody can answer here: say --yes.')
  const line = createInterface({ input: process.stdin, output: process.stderr })
  const stopped = new Promise<string>(resolve =>
    line.once('SIGINT', () => resolve('')).once('close', () => resolve('')),
  )
  const ask = `${question[language]} ${language === 'fr' ? '[oui/non] ' : '[yes/no] '}`
  const answer = await Promise.race([line.question(ask), stopped]).finally(() => line.close())
  if (!YES.test(answer.trim()))
    throw new Told('cancelled', { fr: 'Annulé : rien n’a changé.', en: 'Cancelled: nothing has changed.' })
}
