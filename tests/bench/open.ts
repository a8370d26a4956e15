/** Opening a vault and listing 1,000 records, with nothing known but what the device's store keeps. */
import { openVault } from '#core'
import { listAll, storeAll } from './baseline.ts'
import { newPerson, PASSWORD, type Person } from './person.ts'
import { withServer } from './server.ts'
import { atLeast, duration, type Bench } from './table.ts'
import { median, takeTurns, timed } from './timing.ts'
import { KIND, vaccinations } from './vaccinations.ts'

const RECORDS = 1000

async function list(person: Person): Promise<void> {
  const vault = await person.reopen()
  const records = await Array.fromAsync(vault.records.query())
  if (records.length !== RECORDS) throw new Error(`${records.length} records`)
}

/** What Argon2id adds for somebody who unlocks by password. */
async function withPassword(person: Person): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < 5; i++) {
    const pod = await person.pod()
    times.push(await timed(() => openVault({ pod, store: person.store }, { password: PASSWORD })))
    times.push(-(await timed(() => person.reopen())))
  }
  return median(times.filter(time => time > 0)) + median(times.filter(time => time < 0))
}

export const open = (): Promise<Bench> =>
  withServer(async server => {
    const person = await newPerson(server, 'open')
    const container = `${person.storage}plain/`
    await storeAll(container, vaccinations(RECORDS), person.fetch)
    const { id } = await person.vault.collections.create('folder')
    await person.vault.records.putAll(
      vaccinations(RECORDS).map(value => ({ kind: KIND, value })),
      id,
    )
    await person.vault.settle()
    for (let i = 0; i < 5; i++) await list(person)
    const pair = { baseline: () => listAll(container, person.fetch), alveole: () => list(person) }
    const { baseline, alveole, ratio } = await takeTurns(pair, { rounds: 3, repeat: 7 })
    const { length } = await person.requestsOf(() => list(person))
    const argon2 = duration(await withPassword(person))
    const action = `open a vault and list ${RECORDS.toLocaleString('en')} records, cold`
    const row = { action, baseline: duration(baseline), alveole: `${duration(alveole)}, ${length} requests` }
    return {
      about: `open: new objects with nothing but the device's store, unlocked by a device key (a password adds ${argon2} of Argon2id, 64 MiB); baseline: the container, then each resource, 8 requests at a time. Medians of 3 and 21.`,
      rows: [{ ...row, ...atLeast(ratio, 300) }],
    }
  })
