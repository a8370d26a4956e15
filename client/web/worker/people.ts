/** Circles and their members. */
import type { PeopleApi } from './api.ts'
import { openedVault } from './current.ts'

export const peopleApi: PeopleApi = {
  circles: () => openedVault().groups.list(),
  foundCircle: name => openedVault().groups.found(name),
  /** The link opens this very page; the vault that follows it needs only what stands behind the `#`. */
  invite: group => openedVault().groups.invite(group),
  join: link => openedVault().groups.join(link),
  members: group => openedVault().groups.members(group),
  requests: group => openedVault().groups.requests(group),
  admit: async (group, webId) => void (await openedVault().groups.admit(group, webId)),
  removeMember: async (group, webId) => void (await openedVault().groups.remove(group, webId)),
}
