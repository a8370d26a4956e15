/** Adding one record to a thousand: one commit, against one PUT into a container that the server brings up to date. */
import { storeAll, storeOne } from './baseline.ts'
import { newPerson } from './person.ts'
import { withServer } from './server.ts'
import { atLeast, atMost, duration, type Bench } from './table.ts'
import { median, takeTurns } from './timing.ts'
import { KIND, vaccination, vaccinations } from './vaccinations.ts'

const RECORDS = 1000
const ROUNDS = 40

export const add = (): Promise<Bench> =>
  withServer(async server => {
    const person = await newPerson(server, 'add')
    const container = `${person.storage}plain/`
    await storeAll(container, vaccinations(RECORDS), person.fetch)
    const { records, collections } = person.vault
    const { id } = await collections.create('folder')
    await records.putAll(
      vaccinations(RECORDS).map(value => ({ kind: KIND, value })),
      id,
    )
    let next = RECORDS
    const counts: number[] = []
    const pair = {
      baseline: () => storeOne(container, `record-${++next}`, vaccination(next), person.fetch),
      alveole: async () => {
        const sent = await person.requestsOf(() => records.put(KIND, vaccination(++next), { collection: id }))
        counts.push(sent.length)
      },
    }
    await takeTurns(pair, { rounds: 10 })
    const { baseline, alveole, ratio } = await takeTurns(pair, { rounds: ROUNDS })
    const most = Math.max(...counts)
    const row = { baseline: duration(baseline), alveole: duration(alveole) }
    return {
      about: `add: into a folder of ${RECORDS} records; a commit that finds the tail full stores a segment too; ${most} requests at most here. Medians of ${ROUNDS}.`,
      rows: [
        { action: 'add one record and commit', ...row, ...atLeast(ratio, 1) },
        { action: '… its requests', baseline: '1', alveole: `${median(counts)}`, ...atMost(median(counts), 1) },
      ],
    }
  })
