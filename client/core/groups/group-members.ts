/** Who belongs to a circle, by its log alone: entries since the checkpoint first, the roster for all others. */
import { leafNamed, leavesOf, memberOfRow, rosterName, rosterShelf, type GroupState, type Member } from '#crypto'
import { readObjects, type Place } from './objects.ts'

/** Of a circle that was opened: its state, and where its pages are. */
export interface Roll {
  state: GroupState
  place: Place
}

/** As last known, removed or not; null: never seen, or long gone. Of who went the roster has what the log does not say. */
export async function standingOf(group: Roll, webId: string): Promise<Member | null> {
  const told = group.state.members.get(webId)
  if (told?.leaf) return told
  const listed = await inRoster(group, webId)
  return told && listed ? { ...told, root: listed.root, leaf: listed.leaf } : (told ?? listed)
}

async function inRoster({ state, place }: Roll, webId: string): Promise<Member | null> {
  if (!state.roster) return null
  const row = await readObjects(place, leafNamed(rosterShelf(state), state.roster, rosterName(state.nonce, webId)))
  return row && memberOfRow(row)
}

/** A person of a group is vouched for by its log, root and all. */
export async function memberOf(group: Roll, webId: string): Promise<Member | null> {
  const told = group.state.members.get(webId)
  const member = told ?? (await inRoster(group, webId))
  return member?.state === 'member' ? member : null
}

/** All, and those who went since the last checkpoint, in the order of their last change where the log tells. */
export async function everyoneOf({ state, place }: Roll): Promise<Member[]> {
  const rows = state.roster ? await readObjects(place, leavesOf(rosterShelf(state), state.roster)) : []
  const listed = rows.filter(({ webId }) => !state.members.has(webId)).map(memberOfRow)
  return [...listed, ...state.members.values()]
}
