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
import { everDeviceKey, isOfRemoved } from '../people.ts'
import { readConsent, unsafeConsent, type Consent } from './consent-record.ts'

export async function tell({ pod }: Context, group: OpenGroup, { record }: ConsentEntry): Promise<void> {
  const message = sealGroupMessage(group.epochs.at(-1)!, record)
  await pod.post(consentsOf(group.url), message, { type: MEDIA_TYPE })
}

/** How far a clock may be ahead. */
const DAY = 24 * 3600_000

interface Told {
  consent: Consent
  /** By a device that was not removed since. */
  inUse: boolean
}

/** Each once, by the time that it says; whatever is not of a member of ours, now or once, or of a time to come, is passed over. */
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
  const by = context.clock() + DAY
  return standing(found.filter(one => one !== null).filter(({ consent }) => consent.at <= by))
}

/** A device that was removed has the last word on no offer that one in use answered (X12). */
function standing(told: readonly Told[]): Consent[] {
  const sorted = told.toSorted((a, b) => Number(a.inUse) - Number(b.inUse) || a.consent.at - b.consent.at)
  const once = new Map(sorted.map(one => [`${one.consent.subject} ${one.consent.record}`, one]))
  const last = new Map(
    sorted.filter(({ inUse }) => inUse).map(({ consent }) => [`${consent.subject} ${consent.offer}`, consent.at]),
  )
  return [...once.values()]
    .filter(
      ({ consent, inUse }) => inUse || consent.at <= (last.get(`${consent.subject} ${consent.offer}`) ?? Infinity),
    )
    .map(({ consent }) => consent)
    .sort((a, b) => a.at - b.at)
}

async function ofMember(
  { people }: Context,
  group: OpenGroup,
  message: Uint8Array,
  reached: (epoch: number) => Promise<GroupEpoch[]>,
): Promise<Told | null> {
  try {
    const signed = openGroupMessage(await reached(unsafeMessageEpoch(message)), message)
    const claim = signed && unsafeConsent(unsafeUnverified(signed).signed)
    if (!signed || claim?.group !== group.url) return null
    const member = await standingOf(group, claim.subject)
    if (!member) return null // nothing that it names is looked up then
    const person = await people.find(claim.subject)
    if (rootId(person.identity) !== member.root) return null
    const consent = readConsent(signed, claim.subject, signer => everDeviceKey(person, signer))
    return { consent, inUse: !isOfRemoved(person, unsafeUnverified(signed).signer) }
  } catch (error) {
    if (isForeignFault(error)) return null
    throw error
  }
}
