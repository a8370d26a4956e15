/** Everything to another storage, checked there to the last byte before anybody is sent to it. Until then nothing has moved. */
import { AlveoleError, isCode, openIdentity, rootId } from '#crypto'
import type { Context } from '../context.ts'
import type { KnownGroups } from '../groups/known-groups.ts'
import { checkSignal } from '../parallel.ts'
import { identityUrl, vaultRoot } from '../paths.ts'
import type { Pod } from '../pod.ts'
import type { Verification } from '../verify.ts'
import { openRules, prepareFolder, shut } from './access.ts'
import { copyHeads, copyObjects, type MoveOptions } from './copy.ts'
import { pointProfile } from './profile.ts'

/** Of an open vault. */
export interface Parts {
  context: Context
  groups: KnownGroups
  verify(): Promise<Verification>
  /** Locks it, and writes nothing more. */
  drop(): void
}

/** `open` opens what was copied, and writes nothing. */
export async function leave(here: Parts, to: Pod, open: () => Promise<Parts>, options: MoveOptions): Promise<void> {
  const { context } = here
  await checkFree(context, to)
  await prepareFolder(to)
  await copyObjects(context, to, options) // most of it, while the vault is in use
  try {
    await shut(context.pod, context.account.state, ['Read'])
    await context.account.refresh()
    await copyObjects(context, to, options)
    await copyHeads(context, to)
    checkSignal(options.signal)
    const there = await open()
    await checkWhole(there, context.pod).finally(() => there.drop())
  } catch (error) {
    // The first error is the one to tell. Where nobody knows whether the profile points there already, nothing is written here.
    if (await pointsTo(to, context.pod.storage)) await openRules(context, here.groups).catch(() => undefined)
    throw error
  }
}

const pointsTo = async (pod: Pod, storage: string): Promise<boolean> =>
  (await pod.profile(pod.webId).catch(() => null))?.storage === storage

/** Nothing there, or an earlier attempt of this very vault. */
async function checkFree({ pod, me }: Context, to: Pod): Promise<void> {
  if (to.webId !== pod.webId || to.storage === pod.storage)
    throw new AlveoleError('usage', 'a vault moves to another storage of the same person')
  const reply = await to.get(identityUrl(to.storage))
  if (reply && rootId(openIdentity(reply.body)) !== rootId(me.identity))
    throw new AlveoleError('taken', 'another vault is there', { detail: { url: vaultRoot(to.storage) } })
}

async function checkWhole({ context, groups, verify }: Parts, from: Pod): Promise<void> {
  const [problem] = (await verify()).problems
  if (problem)
    throw new AlveoleError('tampered', 'not all of it arrived as it was', { detail: { where: problem.where } })
  await openRules(context, groups)
  try {
    await pointProfile(context.pod, from.storage, context.pod.storage)
  } catch (error) {
    if (await pointsTo(context.pod, context.pod.storage)) return // only the answer was lost
    if (!isCode(error, 'not-granted', 'unauthorized', 'refused', 'conflict')) throw error
    const detail = { webId: from.webId, storage: context.pod.storage }
    throw new AlveoleError('refused', 'the profile cannot be changed from here', { cause: error, detail })
  }
}
