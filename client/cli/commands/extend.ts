/** `alveole extend`: another end for a grant, later or sooner, under a new signed agreement. */
import type { GrantId } from '#core'
import type { Command } from '../command.ts'
import { iriOf } from '../names.ts'
import { required } from '../required.ts'
import { checkAhead, endsText } from '../shares.ts'
import { parseTime } from '../time.ts'

export const extend: Command = {
  name: 'extend',
  synopsis: { fr: 'PARTAGE --until D', en: 'GRANT --until D' },
  about: {
    fr: `Change la fin d’un partage : plus tard, ou plus tôt. Ce qu’il ouvre reste le même.
Un partage terminé ne se prolonge pas : donnez-en un nouveau.`,
    en: `Changes the end of a grant: later, or sooner. What it opens stays the same.
A grant that is over is not extended: give a new one.`,
  },
  options: ['until'],
  takes: [1, 1],
  run: async context => {
    const { arguments: given, options, vault } = context
    const until = checkAhead(parseTime(required(options, 'until'), 'end'))
    const id = iriOf(given[0] ?? '') as GrantId
    const info = await (await vault.open()).grants.extend(id, { until })
    const { grant, enforcedBy } = info
    return {
      json: { grant, until: info.until, enforcedBy },
      text: () => `${grant}\n${endsText(context, info.until, enforcedBy)}`,
    }
  },
}
