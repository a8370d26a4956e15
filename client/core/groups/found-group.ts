/**
 * Founding a circle, the account first: an entry that waits, then the head where none is, its rules and its members document.
 * Until the entry says member, whoever opens the vault finishes it, so that no circle stands that the account does not know.
 */
import {
  AlveoleError,
  equal,
  fromHex,
  generationPublic,
  groupLeaf,
  isCode,
  nextGroupEntry,
  random,
  readGroupLog,
  rootId,
  unsafeGroupHeader,
} from '#crypto'
import type { AccountState, GroupEntry } from '../account-state.ts'
import type { Context } from '../context.ts'
import { doEach } from '../failures.ts'
import { withLine } from '../journal.ts'
import { groupUrl, headUrl } from '../paths.ts'
import { publishGroup } from './access.ts'
import { changeGroup } from './change-group.ts'
import type { KnownGroups } from './known-groups.ts'
import { isFounding } from './look.ts'
import { openGroup, type OpenGroup } from './open-group.ts'
import { keysFor } from './read-log.ts'

/** The address of a circle to be founded; that of one of the same name which did not get finished, if there is one. */
export async function beginFounding({ account, pod, me, clock }: Context, name: string): Promise<string> {
  const begun = account.state.groups.find(entry => isFounding(entry) && entry.name === name)
  if (begun) return begun.url
  const url = groupUrl(pod.storage, random(16))
  const entry: GroupEntry = {
    url,
    id: new Uint8Array(32), // not known before its log is there
    name,
    role: 'steward',
    state: 'pending',
    steward: me.webId,
    stewardRoot: fromHex(rootId(me.identity)),
    invitations: [],
    seen: null,
  }
  const line = { at: clock(), what: 'group-founded' as const, object: url, who: me.webId }
  await account.change(state => withLine({ ...state, groups: [...state.groups, entry] }, line))
  return url
}

export async function finishFounding(context: Context, groups: KnownGroups, url: string): Promise<OpenGroup> {
  const group = (await founded(context, groups.entry(url))) ?? (await found(context, groups.entry(url)))
  await publishGroup(context, group)
  await groups.remember(url, group)
  await context.account.settle() // before anybody can be admitted: from then on it is not one's own to begin again
  return group
}

/** What a crash, or another device, left unfinished. Throws what kept it from the first that is not, after the rest. */
export async function resumeFoundings(context: Context, groups: KnownGroups): Promise<void> {
  await doEach(context.account.state.groups.filter(isFounding), ({ url }) => finishFounding(context, groups, url))
}

async function found(context: Context, entry: GroupEntry): Promise<OpenGroup> {
  try {
    return await foundedNew(context, entry)
  } catch (error) {
    const other = isCode(error, 'conflict') && (await founded(context, entry)) // another device at it too was first
    if (other) return other
    throw error
  }
}

/** The founding, and its founder's leaf: which is named by the group, and the group by the founding. */
async function foundedNew(context: Context, { url, name, stewardRoot: root }: GroupEntry): Promise<OpenGroup> {
  const { pod, me, clock } = context
  const founding = nextGroupEntry(null, me.webId, me.signer, clock(), { type: 'found', name, nonce: random(32), root })
  const state = readGroupLog([founding], await keysFor(context, [founding]))
  const id = fromHex(state.id)
  const kem = generationPublic(me.generation)
  const first = {
    place: { pod, url, pages: new Map() },
    id,
    state,
    etag: null,
    header: null,
    epochs: [],
    added: [founding],
    log: { checkpoint: null, archive: null, entries: [] },
  }
  const own = { type: 'role', member: me.webId, root, role: 'steward', leaf: groupLeaf(id, kem) } as const
  return changeGroup(context, first, { entries: [own], keys: [kem] })
}

/** null: nothing stands there yet. What does is one's own, new, and no other circle's: its id comes from it alone. */
async function founded(context: Context, entry: GroupEntry): Promise<OpenGroup | null> {
  const reply = await context.pod.get(headUrl(entry.url))
  const group = reply && (await openGroup(context, { ...entry, id: unsafeGroupHeader(reply.body).group }))
  if (!group) return null
  const { count, stewards, name } = group.state
  const own = count === 1 && stewards.has(context.me.webId) && name === entry.name
  if (!own || isKnown(context.account.state, group))
    throw new AlveoleError('tampered', 'another circle stands where one was begun', { detail: { group: entry.url } })
  return group
}

const isKnown = ({ groups }: AccountState, { id }: OpenGroup): boolean =>
  groups.some(entry => equal(entry.id, fromHex(id)))
