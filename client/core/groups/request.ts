/** Requests to join, left in the group's inbox: sealed to the steward, signed by the joiner's device. */
import {
  AlveoleError,
  decode,
  deviceKey,
  encode,
  equal,
  fromHex,
  hash32,
  id16,
  openMessage,
  rootId,
  sealMessage,
  signBytes,
  struct,
  text,
  toHex,
  unsafeUnverified,
  verifySigned,
  label,
  type Of,
} from '#crypto'
import type { GroupEntry } from '../account-state.ts'
import { isForeignFault } from '../failures.ts'
import type { Context } from '../context.ts'
import { isChild, MEDIA_TYPE } from '../paths.ts'
import type { Person } from '../people.ts'
import { joinMac, type Invitation } from './link.ts'
import { inboxOf } from './open-group.ts'

export const request = struct({ group: hash32, webId: text, root: hash32, invitation: id16, mac: hash32 })
type Request = Of<typeof request>

export async function sendRequest({ pod, me, people }: Context, to: Invitation): Promise<void> {
  const steward = await people.find(to.steward)
  if (steward.root !== toHex(to.root)) {
    throw new AlveoleError('identity-changed', 'the steward has another root than the invitation says', {
      detail: { webId: to.steward },
    })
  }
  const root = rootId(me.identity) // our own, never what our pod serves under our name
  const mac = joinMac(to.secret, to.group, me.webId, root)
  const body = encode(request, {
    group: to.group,
    webId: me.webId,
    root: fromHex(root),
    invitation: to.invitation,
    mac,
  })
  const message = sealMessage(steward.identity.kem, signBytes(me.signer, label.joinRequest, body))
  await pod.post(inboxOf(to.url), message, { type: MEDIA_TYPE })
}

export interface JoinRequest {
  person: Person
  /** Every copy of it: a request whose answer got lost is sent again. */
  urls: string[]
}

export interface Requests {
  /** The valid ones. */
  waiting: JoinRequest[]
  /** Addresses of those whose invitation is none of ours, or no longer: nobody comes in by them. */
  uninvited: string[]
}

/** What asks to join; anything else in the inbox is left alone and never believed (A10, A35). */
export async function readRequests(context: Context, entry: GroupEntry): Promise<Requests> {
  const inbox = inboxOf(entry.url)
  const urls = ((await context.pod.list(inbox)) ?? []).filter(url => isChild(inbox, url))
  const [waiting, uninvited]: [JoinRequest[], string[]] = [[], []]
  for (const url of urls) {
    const reply = await context.pod.get(url)
    const person = reply && (await verify(context, entry, reply.body))
    if (!person) continue
    const other = waiting.find(one => person !== 'uninvited' && one.person.webId === person.webId)
    if (person === 'uninvited') uninvited.push(url)
    else if (other) other.urls.push(url)
    else waiting.push({ person, urls: [url] })
  }
  return { waiting, uninvited }
}

type Asking = Person | 'uninvited' | null

async function verify({ me, people }: Context, entry: GroupEntry, message: Uint8Array): Promise<Asking> {
  for (const seed of me.kemSeeds) {
    try {
      const signed = openMessage(seed, message)
      const claim = decode(request, unsafeUnverified(signed).signed)
      if (!isInvited(entry, claim)) return 'uninvited' // before anything of the claim is looked up
      const person = await people.find(claim.webId)
      if (toHex(claim.root) !== person.root) return null
      verifySigned(signed, label.joinRequest, signer => deviceKey(person.identity, signer))
      return person
    } catch (error) {
      if (!isForeignFault(error)) throw error
    }
  }
  return null
}

function isInvited(entry: GroupEntry, claim: Request): boolean {
  const invitation = entry.invitations.find(({ id }) => equal(id, claim.invitation))
  if (!invitation || !equal(claim.group, entry.id)) return false
  return equal(claim.mac, joinMac(invitation.secret, entry.id, claim.webId, toHex(claim.root)))
}
