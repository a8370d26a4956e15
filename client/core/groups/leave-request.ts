/**
 * Requests to leave a circle: only stewards write its log, so who wants to go asks one, in the circle's inbox. It is taken out by
 * whichever steward tidies next; until then keys and access stay.
 */
import {
  decode,
  deviceKey,
  encode,
  equal,
  fromHex,
  hash32,
  label,
  openMessage,
  rootId,
  sealMessage,
  signBytes,
  struct,
  text,
  unsafeUnverified,
  verifySigned,
} from '#crypto'
import type { GroupEntry } from '../account-state.ts'
import { isForeignFault } from '../failures.ts'
import type { Context } from '../context.ts'
import { isChild, MEDIA_TYPE } from '../paths.ts'
import { memberOf } from './group-members.ts'
import { inboxOf, type OpenGroup } from './open-group.ts'

export const leaveRequest = struct({ group: hash32, webId: text })

/** To one steward: who invited us, if still one, or any. */
export async function sendLeaveRequest({ pod, me, people }: Context, { steward }: GroupEntry, group: OpenGroup) {
  const { stewards } = group.state
  const others = [...stewards.keys()].filter(webId => webId !== me.webId)
  const to = others.includes(steward) ? steward : others[0]!
  const { identity } = await people.find(to)
  const body = encode(leaveRequest, { group: fromHex(group.id), webId: me.webId })
  await pod.post(inboxOf(group.url), sealMessage(identity.kem, signBytes(me.signer, label.leaveRequest, body)), {
    type: MEDIA_TYPE,
  })
}

export interface Leaving {
  webId: string
  url: string
}

/** Who asks us to be taken out, and is a member; anything else in the inbox is left alone. */
export async function readLeaveRequests(context: Context, group: OpenGroup): Promise<Leaving[]> {
  const inbox = inboxOf(group.url)
  const urls = ((await context.pod.list(inbox)) ?? []).filter(url => isChild(inbox, url))
  const found: Leaving[] = []
  for (const url of urls) {
    const reply = await context.pod.get(url)
    const webId = reply && (await verified(context, group, reply.body))
    if (webId) found.push({ webId, url })
  }
  return found
}

async function verified({ me, people }: Context, group: OpenGroup, message: Uint8Array): Promise<string | null> {
  for (const seed of me.kemSeeds) {
    try {
      const signed = openMessage(seed, message)
      const claim = decode(leaveRequest, unsafeUnverified(signed).signed)
      const member = equal(claim.group, fromHex(group.id)) && (await memberOf(group, claim.webId))
      if (!member) return null
      const identity = await people.identity(claim.webId)
      verifySigned(signed, label.leaveRequest, signer => deviceKey(identity, signer))
      return rootId(identity) === member.root ? claim.webId : null
    } catch (error) {
      if (!isForeignFault(error)) throw error
    }
  }
  return null
}
