/**
 * A circle held against its whole log (SPEC N16): every entry from the founding on, what a checkpoint and its roster say of
 * it, every page of the key tree, and that the leaves in it are members' and nobody else's.
 */
import { AlveoleError, fromHex, readGroupLog, toHex, type Member } from '#crypto'
import type { Context } from '../context.ts'
import { everyoneOf } from './group-members.ts'
import { leavesIn, namesOf } from './group-objects.ts'
import { walkBack } from './log-walk.ts'
import { readObjects } from './objects.ts'
import type { OpenGroup } from './open-group.ts'
import { keysFor } from './read-log.ts'

export async function verifyGroup(context: Context, group: OpenGroup): Promise<void> {
  const { place, id, log, state, url } = group
  const { entries } = await walkBack(place, fromHex(id), log, 0)
  const whole = readGroupLog(entries, await keysFor(context, entries))
  const [said, told] = [(await everyoneOf(group)).filter(isMember), [...whole.members.values()].filter(isMember)]
  const differ = (what: string): never => {
    throw new AlveoleError('tampered', what, { detail: { group: url } })
  }
  if (!same(said.map(stated), told.map(stated))) differ('a checkpoint of other members than the log has')
  if (state.count !== told.length || !same([...state.stewards.keys()], [...whole.stewards.keys()]))
    differ('a checkpoint that its log does not know')
  await namesOf(group)
  const leaves = await readObjects(place, leavesIn(group))
  const theirs = new Set(told.map(({ leaf }) => leaf))
  if (!state.exposed && !leaves.every(({ id: leaf }) => theirs.has(toHex(leaf))))
    differ('a key tree of others than the members')
}

const isMember = ({ state }: Member): boolean => state === 'member'
const stated = ({ webId, root, role, leaf }: Member): string => JSON.stringify([webId, root, role, leaf])
const same = (a: readonly string[], b: readonly string[]): boolean => String(a.toSorted()) === String(b.toSorted())
