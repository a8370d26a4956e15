/**
 * Keeps the members document, by which the server lets people in, at what the log says. A crash in between is mended when
 * the steward next opens the vault on the same device: a mark stands there for as long as a change is under way.
 */
import { contend } from '../contend.ts'
import type { Context } from '../context.ts'
import { doEach } from '../failures.ts'
import { patchMember, readMembers, writeMembers } from './access.ts'
import type { GroupChange } from './change-group.ts'
import { everyoneOf } from './group-members.ts'
import type { KnownGroups } from './known-groups.ts'
import { resumeFoundings } from './found-group.ts'
import type { OpenGroup } from './open-group.ts'

const toMend = (url: string): string => `to mend ${url}`

/** The log, then the document. */
export async function changeMember(
  context: Context,
  groups: KnownGroups,
  { group, webId, change }: { group: string; webId: string; change: 'inserts' | 'deletes' },
  decide: (open: OpenGroup) => Promise<GroupChange | null>,
): Promise<void> {
  const { store } = context
  await store.set(toMend(group), new Uint8Array(1))
  const open = await groups.change(group, decide)
  if (!(await patchMember(context, open, webId, change))) await mendMembers(context, groups, group)
  await store.set(toMend(group), null)
}

/** What a crash left undone: circles begun, and what stands between a log and its document. What does not come about waits, and is thrown after the rest. */
export async function resumeMembers(context: Context, groups: KnownGroups): Promise<void> {
  await doEach([resumeFoundings, mendMarked], resume => resume(context, groups))
}

async function mendMarked(context: Context, groups: KnownGroups): Promise<void> {
  const { store, account } = context
  const kept = account.state.groups.filter(({ role }) => role === 'steward')
  await doEach(kept, async ({ url }) => {
    if (!(await store.get(toMend(url)))) return
    await mendMembers(context, groups, url)
    await store.set(toMend(url), null)
  })
}

/**
 * The document as the log has it. It is read before the log is and written onto what was read: a member whom another device
 * lets in or out meanwhile is not undone.
 */
export function mendMembers(context: Context, groups: KnownGroups, url: string): Promise<void> {
  return contend(async () => {
    const document = await readMembers(context, await groups.opened(url))
    const open = await groups.opened(url, true)
    if (!(await sameMembers(document.members, open))) await writeMembers(context, open, document.condition)
  })
}

/** Whether the document lets in others than the log. */
export async function membersDiffer(context: Context, groups: KnownGroups, url: string): Promise<boolean> {
  const open = await groups.opened(url)
  return !(await sameMembers((await readMembers(context, open)).members, open))
}

async function sameMembers(listed: readonly string[] | null, open: OpenGroup): Promise<boolean> {
  const members = (await everyoneOf(open)).filter(one => one.state === 'member').map(({ webId }) => webId)
  return listed !== null && String([...new Set(listed)].sort()) === String(members.sort())
}
