/** `alveole outbox`, `outbox discard`: changes that wait on this machine for the pod. */
import { AlveoleError } from '#crypto'
import { errorText } from '../../core/messages.ts'
import type { QueuedChange } from '#core'
import { inLanguage, type Command } from '../command.ts'
import { moment } from '../shown.ts'
import { table } from '../table.ts'
import { absent } from '../told.ts'

const shown = ({ id, collection, records, at, problem }: QueuedChange, names: ReadonlyMap<string, string>) => ({
  id,
  collection: names.get(collection) ?? collection,
  records,
  at: new Date(at).toISOString(),
  problem,
})

export const outbox: Command = {
  name: 'outbox',
  synopsis: { fr: '', en: '' },
  about: {
    fr: `Liste les modifications qui attendent sur cette machine d’être envoyées au pod, et pourquoi il en refuse.
Chaque commande envoie d’abord ce qui peut l’être.`,
    en: `Lists the changes that wait on this machine to be sent to the pod, and why it refuses any.
Every command first sends what can be sent.`,
  },
  takes: [0, 0],
  run: async context => {
    const opened = await context.vault.open()
    const names = new Map((await opened.collections.list()).map(({ id, name }) => [id, name]))
    const waiting = opened.outbox.list().map(change => shown(change, names))
    const wait = inLanguage(context, 'attend le serveur', 'waits for the server')
    const why = ({ problem }: Pick<QueuedChange, 'problem'>): string =>
      problem ? errorText(new AlveoleError(problem), context.language) : wait
    return {
      json: waiting,
      text: () =>
        waiting.length
          ? table(
              waiting.map(change => [
                change.id,
                moment(change.at, context.language),
                change.collection,
                change.records.join(' '),
                why(change),
              ]),
            )
          : inLanguage(context, 'Rien n’attend.', 'Nothing waits.'),
    }
  },
}

export const outboxDiscard: Command = {
  name: 'outbox discard',
  synopsis: { fr: 'NUMÉRO', en: 'NUMBER' },
  about: {
    fr: 'Renonce à une modification qui attend : elle ne sera jamais envoyée.',
    en: 'Gives up a change that waits: it is never sent.',
  },
  takes: [1, 1],
  run: async context => {
    const [id = ''] = context.arguments
    const opened = await context.vault.open()
    if (!opened.outbox.list().some(change => change.id === id))
      throw absent(`Aucune modification ${id} n’attend.`, `No change ${id} waits.`)
    await opened.outbox.discard(id)
    return { json: { discarded: id }, text: () => inLanguage(context, `Abandonnée : ${id}`, `Given up: ${id}`) }
  },
}
