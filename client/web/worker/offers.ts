/** What circles ask, and one's own answers. */
import type { OffersApi } from './api.ts'
import { openedVault } from './current.ts'

export const offersApi: OffersApi = {
  offers: group => openedVault().groups.offers(group),
  publishOffer: async (group, policy) => void (await openedVault().groups.offer(group, policy)),
  withdrawOffer: (group, offer) => openedVault().groups.withdrawOffer(group, offer),
  acceptOffer: async (offer, version, facets) => void (await openedVault().consents.accept(offer, { facets, version })),
  refuseOffer: async (offer, tell) => void (await openedVault().consents.refuse(offer, { tell })),
  withdrawConsent: async offer => void (await openedVault().consents.withdraw(offer)),
  receipt: offer => openedVault().consents.receipt(offer),
}
