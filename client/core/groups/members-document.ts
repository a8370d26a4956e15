/**
 * Keeps the members document, by which the server lets people in, at what the log says. A crash in between is mended when
 * the steward next opens the vault on the same device: a mark stands there for as long as a change is under way.
 */
import { AlveoleError } from '#crypto'
import type { Context } from '../context.ts'
import { patchMember, readMembers, writeMembers } from './access.ts'
import type { GroupChange } from './change-group.ts'
import type { KnownGroups } from './known-groups.ts'
import type { OpenGroup } from './open-group.ts'

const toMend = (url: string): string => `to mend ${url}`

/** The log, then the document. */
export async function changeMember(
  context: Context,
  groups: KnownGroups,
  { group, webId, change }: { group: string; webId: string; change: 'inserts' | 'deletes' },
  decide: (open: OpenGroup) => GroupChange | null,
): Promise<void> {
  const { store } = context
  await store.set(toMend(group), new Uint8Array(1))
  await patchMember(context, await groups.change(group, decide), webId, change)
  await store.set(toMend(group), null)
}

/** What a crash left between a log and its document. */
export async function resumeMembers(context: Context, groups: KnownGroups): Promise<void> {
  const { store, account } = context
  for (const { url, role } of account.state.groups) {
    if (role !== 'steward' || !(await store.get(toMend(url)))) continue
    try {
      await writeMembers(context, await groups.opened(url))
      await store.set(toMend(url), null)
    } catch (error) {
      if (!(error instanceof AlveoleError)) throw error // the next opening tries again
    }
  }
}

/** Whether the document lets in others than the log. */
export async function membersDiffer(context: Context, groups: KnownGroups, url: string): Promise<boolean> {
  const open = await groups.opened(url)
  const listed = await readMembers(context, open)
  const members = open.state.members.filter(({ state }) => state === 'member').map(({ webId }) => webId)
  return String(listed.sort()) !== String(members.sort())
}
