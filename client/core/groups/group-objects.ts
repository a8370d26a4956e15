/** Everything that the head of a circle leads to: its pages, read to the last, with the hash that each is named by. */
import {
  archivePage,
  fromHex,
  leavesOf,
  objectName,
  readTree,
  rosterShelf,
  treeShelf,
  unsafeGroupEntry,
  type Leaf,
  type Reading,
} from '#crypto'
import { checkpointIn } from './log-walk.ts'
import { readObjects } from './objects.ts'
import type { OpenGroup } from './open-group.ts'

/** Names of the objects, as they stand in the group's container. */
export async function namesOf(group: OpenGroup): Promise<Set<string>> {
  const { place, state, header, log } = group
  const names = new Set<string>()
  const read = <T>(reading: Reading<T>): Promise<T> => readObjects(place, listening(reading, names))
  const leaves = await read(leavesIn(group))
  for (const { enrolment } of leaves) names.add(objectName(enrolment))
  names.add(objectName(header.stewards.sealId))
  for (let before = log.archive; before;) before = (await read(archivePage.read(fromHex(group.id), before))).before
  const checkpoint = checkpointIn(log)
  const body = checkpoint && unsafeGroupEntry(checkpoint).body
  if (body?.type === 'checkpoint') names.add(objectName(body.state.sealId))
  if (state.roster) await read(leavesOf(rosterShelf(state), state.roster))
  return names
}

/** Of the key tree: what is in it, whoever looks. */
export const leavesIn = ({ header, id }: Pick<OpenGroup, 'header' | 'id'>): Reading<Leaf[]> => {
  const group = fromHex(id)
  return leavesOf(treeShelf({ group, steward: new Uint8Array(32) }, []), readTree(group, header.tree))
}

/** The same reading, with the names of what it asks for put down. */
function* listening<T>(reading: Reading<T>, names: Set<string>): Reading<T> {
  let step = reading.next()
  while (!step.done) {
    names.add(objectName(step.value.sealId))
    step = reading.next(yield step.value)
  }
  return step.value
}
