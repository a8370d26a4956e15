/** Storing 1,000 records: one commit into a new collection, against one Turtle resource each. */
import { storeAll } from './baseline.ts'
import { newPerson, type Person } from './person.ts'
import { withServer } from './server.ts'
import { atLeast, duration, type Bench } from './table.ts'
import { takeTurns } from './timing.ts'
import { KIND, sizeOf, vaccination, vaccinations } from './vaccinations.ts'

const RECORDS = 1000
let folders = 0

/** The collection is made within: a new container costs the baseline nothing either. */
async function seal({ vault }: Person, count: number): Promise<void> {
  const { id } = await vault.collections.create(`folder ${++folders}`)
  await vault.records.putAll(
    vaccinations(count).map(value => ({ kind: KIND, value })),
    id,
  )
}

const plain = ({ storage, fetch }: Person, count: number): Promise<unknown> =>
  storeAll(`${storage}plain-${++folders}/`, vaccinations(count), fetch)

export const store = (): Promise<Bench> =>
  withServer(async server => {
    const person = await newPerson(server, 'store')
    await plain(person, 50)
    for (let i = 0; i < 3; i++) await seal(person, RECORDS)
    const pair = { baseline: () => plain(person, RECORDS), alveole: () => seal(person, RECORDS) }
    const { baseline, alveole, ratio } = await takeTurns(pair, { rounds: 3, repeat: 5 })
    const { length } = await person.requestsOf(() => seal(person, RECORDS))
    const action = `store ${RECORDS.toLocaleString('en')} records`
    const row = { action, baseline: duration(baseline), alveole: `${duration(alveole)}, ${length} requests` }
    return {
      about: `store: vaccinations of six properties and a note (${sizeOf(vaccination(0))} bytes of JSON), a new folder each time; baseline: one Turtle resource each by solid-client, 8 requests at a time. Medians of 3 and 15.`,
      rows: [{ ...row, ...atLeast(ratio, 100) }],
    }
  })
