/** `alveole narrow`: less of a grant, fewer facets or collections, from now on. */
import type { GrantId } from '#core'
import { inLanguage, type Command } from '../command.ts'
import { collectionNamed, collectionNames, facetNamed, iriOf } from '../names.ts'
import { facetLabels } from '../shares.ts'
import { usage } from '../told.ts'

export const narrow: Command = {
  name: 'narrow',
  synopsis: { fr: 'PARTAGE [--facet F…] [--collection C…]', en: 'GRANT [--facet F…] [--collection C…]' },
  about: {
    fr: `Restreint un partage aux facettes et aux collections nommées ; ce qui n’est pas nommé reste tel quel.
Ce qui est retiré n’est plus montré, et n’est plus chiffré pour son lecteur ; ce qu’il a déjà lu, il a pu le garder.
Pour ouvrir davantage, donnez un autre partage.`,
    en: `Leaves a grant the named facets and collections; of what is not named all stays.
What is withdrawn is shown no more, and sealed to its reader no more; what they read already they may have kept.
To open more, give another grant.`,
  },
  options: ['facet', 'collection'],
  takes: [1, 1],
  run: async context => {
    const { arguments: given, options, vault, language } = context
    const grant = iriOf(given[0] ?? '') as GrantId
    const facets = options.facet?.map(facetNamed)
    if (!facets && !options.collection)
      throw usage('Dites ce qui reste : --facet ou --collection.', 'Say what is left: --facet or --collection.')
    const opened = await vault.open()
    const named =
      options.collection && (await Promise.all(options.collection.map(name => collectionNamed(opened, name))))
    const info = await opened.grants.narrow(grant, { facets, collections: named?.map(({ id }) => id) })
    const names = await collectionNames(opened)
    const collections = info.collections.map(id => names.get(id) ?? id)
    return {
      json: { grant, facets: info.facets, collections },
      text: () => {
        const [what, where] = [facetLabels(info.facets, language), collections.join(', ')]
        return inLanguage(context, `Reste ouvert : ${what}, dans ${where}.`, `Still open: ${what}, in ${where}.`)
      },
    }
  },
}
