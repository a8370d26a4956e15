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
  sealMessage,
  signBytes,
  struct,
  text,
  unsafeUnverified,
  verifySigned,
  label,
  type Of,
} from '#crypto'
import type { GroupEntry } from '../account-state.ts'
import { isForeignFault } from '../announce.ts'
import type { Context } from '../context.ts'
import { MEDIA_TYPE } from '../paths.ts'
import type { Person } from '../people.ts'
import { joinMac, type Invitation } from './link.ts'
import { inboxOf } from './open-group.ts'

const request = struct({ group: hash32, webId: text, root: hash32, invitation: id16, mac: hash32 })
type Request = Of<typeof request>

export async function sendRequest({ pod, me, people }: Context, to: Invitation): Promise<void> {
  const [steward, self] = await Promise.all([people.find(to.steward), people.find(me.webId)])
  if (!equal(rootBytes(steward), to.root)) {
    throw new AlveoleError('identity-changed', 'the steward has another root than the invitation says', {
      detail: { webId: to.steward },
    })
  }
  const mac = joinMac(to.secret, to.group, me.webId, self.root)
  const body = encode(request, {
    group: to.group,
    webId: me.webId,
    root: rootBytes(self),
    invitation: to.invitation,
    mac,
  })
  const message = sealMessage(steward.identity.kem, signBytes(me.signer, label.joinRequest, body))
  await pod.post(inboxOf(to.url), message, { type: MEDIA_TYPE })
}

const rootBytes = ({ root }: Person): Uint8Array => fromHex(root)

export interface JoinRequest {
  person: Person
  /** Every copy of it: a request whose answer got lost is sent again. */
  urls: string[]
}

/** The valid requests that wait; anything else in the inbox is left alone and never believed (A10, A35). */
export async function readRequests(context: Context, entry: GroupEntry): Promise<JoinRequest[]> {
  const urls = (await context.pod.list(inboxOf(entry.url))) ?? []
  const found: JoinRequest[] = []
  for (const url of urls) {
    const reply = await context.pod.get(url)
    const person = reply && (await verify(context, entry, reply.body))
    if (!person) continue
    const other = found.find(one => one.person.webId === person.webId)
    if (other) other.urls.push(url)
    else found.push({ person, urls: [url] })
  }
  return found
}

async function verify({ me, people }: Context, entry: GroupEntry, message: Uint8Array): Promise<Person | null> {
  for (const seed of me.kemSeeds) {
    try {
      const signed = openMessage(seed, message)
      const claim = decode(request, unsafeUnverified(signed).signed)
      const person = await people.find(claim.webId)
      verifySigned(signed, label.joinRequest, signer => deviceKey(person.identity, signer))
      if (isInvited(entry, claim, person)) return person
    } catch (error) {
      if (!isForeignFault(error)) throw error
    }
  }
  return null
}

function isInvited(entry: GroupEntry, claim: Request, person: Person): boolean {
  const invitation = entry.invitations.find(({ id }) => equal(id, claim.invitation))
  if (!invitation || !equal(claim.group, entry.id) || !equal(claim.root, rootBytes(person))) return false
  return equal(claim.mac, joinMac(invitation.secret, entry.id, person.webId, person.root))
}
