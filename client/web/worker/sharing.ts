/** Giving access and taking it back; what others give. */
import type { BlobRef, CollectionId, ViewRow } from '../../core/types.ts'
import type { SharingApi } from './api.ts'
import { openedVault } from './current.ts'
import { blobOf } from './records.ts'

async function facetsIn(collections: CollectionId[]): Promise<{ facet: string; records: number }[]> {
  const counts = new Map<string, number>()
  for (const collection of collections) {
    for (const { facets } of await openedVault().records.list({ collection })) {
      for (const facet of facets) counts.set(facet, (counts.get(facet) ?? 0) + 1)
    }
  }
  return [...counts].map(([facet, records]) => ({ facet, records }))
}

export const sharingApi: SharingApi = {
  facetsIn,
  share: sharing => openedVault().grants.give(sharing),
  shares: () => openedVault().grants.list(),
  revoke: grant => openedVault().grants.revoke(grant),
  rotate: grant => openedVault().grants.revoke(grant, { rotate: true }),
  extend: (grant, until) => openedVault().grants.extend(grant, { until }),
  stopEverything: () => openedVault().grants.stopEverything(),
  confirmShares: () => openedVault().grants.confirm(),
  sharedWithMe: () => openedVault().views.sharedWithMe(),
  view: (of, language) => openedVault().views.open(of, {}, language),
  viewBlob: async (row: ViewRow, ref: BlobRef) => blobOf(openedVault().views.blob(row, ref), ref),
}
