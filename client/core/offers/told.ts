/**
 * What members told their group of their answers: signed records, sealed to the group, in a folder that its members append to and
 * its stewards read (SPEC X12). A steward can forge none; a host can leave some out.
 */
import {
  openGroupMessage,
  rootId,
  sealGroupMessage,
  unsafeMessageEpoch,
  unsafeUnverified,
  type GroupEpoch,
} from '#crypto'
import { isForeignFault } from '../failures.ts'
import type { ConsentEntry } from '../account-state.ts'
import type { Context } from '../context.ts'
import { standingOf } from '../groups/group-members.ts'
import { epochsSince } from '../groups/older-epochs.ts'
import { consentsOf, type OpenGroup } from '../groups/open-group.ts'
import { inParallel, inTurn } from '../parallel.ts'
import { isChild, MEDIA_TYPE } from '../paths.ts'
import { everDeviceKey } from '../people.ts'
import { readConsent, unsafeConsent, type Consent } from './consent-record.ts'

export async function tell({ pod }: Context, group: OpenGroup, { record }: ConsentEntry): Promise<void> {
  const message = sealGroupMessage(group.epochs.at(-1)!, record)
  await pod.post(consentsOf(group.url), message, { type: MEDIA_TYPE })
}

/** Each once, by the time that it says; whatever is not of a member of ours, now or once, is passed over. */
export async function readTold(context: Context, group: OpenGroup): Promise<Consent[]> {
  const container = consentsOf(group.url)
  const urls = ((await context.pod.list(container)) ?? []).filter(url => isChild(container, url))
  let { epochs } = group
  const turn = inTurn()
  const reached = async (number: number): Promise<GroupEpoch[]> => {
    await turn(async () => {
      if (number < epochs[0]!.number) epochs = await epochsSince(group, number)
    })
    return epochs
  }
  const found = await inParallel(urls, async url => {
    const reply = await context.pod.get(url)
    return reply && ofMember(context, group, reply.body, reached)
  })
  const all = found.filter(one => one !== null).map(one => [`${one.subject} ${one.record}`, one] as const)
  return [...new Map(all).values()].sort((a, b) => a.at - b.at)
}

async function ofMember(
  { people }: Context,
  group: OpenGroup,
  message: Uint8Array,
  reached: (epoch: number) => Promise<GroupEpoch[]>,
): Promise<Consent | null> {
  try {
    const signed = openGroupMessage(await reached(unsafeMessageEpoch(message)), message)
    const claim = signed && unsafeConsent(unsafeUnverified(signed).signed)
    if (!signed || claim?.group !== group.url) return null
    const member = await standingOf(group, claim.subject)
    if (!member) return null // nothing that it names is looked up then
    const person = await people.find(claim.subject)
    if (rootId(person.identity) !== member.root) return null
    return readConsent(signed, claim.subject, signer => everDeviceKey(person, signer))
  } catch (error) {
    if (isForeignFault(error)) return null
    throw error
  }
}
