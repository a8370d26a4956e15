/**
 * Members whose leaf is of a key that somebody else may hold (SPEC I6, T9): who began a generation is enrolled anew, who removed a
 * device and began none has no leaf until then. One who cannot be asked keeps the leaf of the key last known, and blocks nobody.
 *
 * Before each change everybody is looked at where that is few; of a large circle the stewards, and all the others in turn,
 * by whoever tidies it.
 */
import {
  fromHex,
  generationPublic,
  groupLeaf,
  rootId,
  toHex,
  type GroupBody,
  type Identity,
  type Member,
} from '#crypto'
import type { Context } from '../context.ts'
import { inParallel } from '../parallel.ts'
import { everyoneOf, memberOf, type Roll } from './group-members.ts'

export interface Stale {
  entries: GroupBody[]
  /** X-Wing keys of the leaves that the entries name. */
  keys: Uint8Array[]
  /** Leaves, as hexadecimal digits. */
  exposed: string[]
}

/** So many at a time. */
export const FEW = 64

/** Whom a change looks at, but those that it is about. */
export async function lookedAt(group: Roll, entries: readonly GroupBody[]): Promise<Member[]> {
  const { state } = group
  const about = new Set(entries.flatMap(body => ('member' in body ? body.member : [])))
  const all =
    state.count <= FEW
      ? await everyoneOf(group)
      : await Promise.all([...state.stewards.keys()].map(webId => memberOf(group, webId)))
  return all.filter(one => one !== null).filter(one => one.state === 'member' && !about.has(one.webId))
}

export async function staleAmong(context: Context, group: Uint8Array, members: readonly Member[]): Promise<Stale> {
  const found: Stale = { entries: [], keys: [], exposed: [] }
  await inParallel(members, async ({ webId, root, role, leaf }) => {
    const identity = await identityOf(context, webId)
    if (!identity || rootId(identity) !== root || !leaf) return
    const kem = webId === context.me.webId ? generationPublic(context.me.generation) : identity.kem
    const now = groupLeaf(group, kem)
    if (identity.exposed) found.exposed.push(leaf)
    else if (toHex(now) !== leaf) {
      found.entries.push({ type: 'role', member: webId, root: fromHex(root), role, leaf: now })
      found.keys.push(kem)
    }
  })
  return found
}

async function identityOf({ people, me }: Context, webId: string): Promise<Identity | null> {
  if (webId === me.webId) return me.identity
  return people.find(webId).then(
    ({ identity }) => identity,
    () => people.lastKnown(webId),
  )
}
