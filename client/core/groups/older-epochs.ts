/** Secrets of epochs that a head leads to no more (SPEC N14): asked for only by who meets something that was sealed to one. */
import { AlveoleError, archivePage, fromHex, type GroupEpoch } from '#crypto'
import { readObjects } from './objects.ts'
import type { OpenGroup } from './open-group.ts'

/** From that epoch, or the first, on; oldest first. */
export async function epochsSince({ epochs, log, place, id, url }: OpenGroup, oldest: number): Promise<GroupEpoch[]> {
  let all = epochs
  for (let before = log.archive; before && all[0]!.number > oldest;) {
    const page = await readObjects(place, archivePage.read(fromHex(id), before))
    const older = page.secrets.map((secret, i) => ({ number: page.first + i, secret }))
    if (older.length && older.at(-1)!.number !== all[0]!.number - 1)
      throw new AlveoleError('tampered', 'epochs that do not follow each other', { detail: { group: url } })
    all = [...older, ...all]
    before = page.before
  }
  return all
}
