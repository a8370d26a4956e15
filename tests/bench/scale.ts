/**
 * Ten thousand and a hundred thousand records: storing, opening, finding, adding and taking back, in requests, bytes and time. The
 * baselines hold 1,000 records and their times count ten times: to store and list ten thousand resources takes minutes, and longer than
 * in proportion.
 */
import { listAll, storeAll } from './baseline.ts'
import { listDocuments, storeDocuments } from './documents.ts'
import { newPerson, type Person } from './person.ts'
import { withServer } from './server.ts'
import { atLeast, atMost, duration, type Bench, type Row } from './table.ts'
import { cpuOf, median, timed } from './timing.ts'
import { KIND, vaccination, vaccinations } from './vaccinations.ts'

const [BASE, MANY, MOST] = [1000, 10_000, 100_000]
let folders = 0

async function fill(person: Person, count: number): Promise<ReturnType<Person['vault']['collections']['create']>> {
  const folder = await person.vault.collections.create(`folder ${++folders}`)
  for (let at = 0; at < count; at += MANY) {
    const records = vaccinations(Math.min(MANY, count - at)).map(value => ({ kind: KIND, value }))
    await person.vault.records.putAll(records, folder.id)
  }
  return folder
}

async function medianOf(times: number, work: () => Promise<unknown>): Promise<number> {
  const all: number[] = []
  for (let i = 0; i < times; i++) all.push(await timed(work))
  return median(all)
}

const row = (
  action: string,
  baseline: string,
  alveole: string,
  result: Pick<Row, 'result' | 'target' | 'met'>,
): Row => ({
  action,
  baseline,
  alveole,
  ...result,
})

async function storing(person: Person): Promise<{ rows: Row[]; listed: number; documents: number }> {
  const [plain, documents] = [`${person.storage}plain/`, `${person.storage}documents/`]
  const stored = 10 * (await timed(() => storeAll(plain, vaccinations(BASE), person.fetch)))
  const listed = 10 * (await timed(() => listAll(plain, person.fetch)))
  const whole = await timed(() => storeDocuments(documents, MANY, person.fetch))
  const read = await medianOf(3, () => listDocuments(documents, MANY, person.fetch))
  await fill(person, MANY)
  const ours = await medianOf(5, () => fill(person, MANY))
  return {
    rows: [
      row('store 10,000 records', duration(stored), duration(ours), atLeast(stored / ours, 300)),
      row('… beside documents of 1,000', duration(whole), duration(ours), atLeast(whole / ours, 1)),
    ],
    listed,
    documents: read,
  }
}

async function opening(person: Person, listed: number, documents: number): Promise<Row[]> {
  const first = async (): Promise<void> => {
    const vault = await person.reopen()
    const { id } = (await vault.collections.list()).at(-1)!
    const rows = await vault.records.list({ collection: id, order: '-date', limit: 50 })
    if (rows.length !== 50) throw new Error(`${rows.length} rows`)
  }
  await person.vault.settle()
  await first()
  const ours = await medianOf(11, first)
  const { length } = await person.requestsOf(first)
  return [
    row('open, first page of 10,000 records, cold', duration(listed), duration(ours), atLeast(listed / ours, 1000)),
    row('… beside documents of 1,000', duration(documents), duration(ours), atLeast(documents / ours, 1)),
    row('… its requests', '', `${length}`, atMost(length, 3)),
  ]
}

async function adding(person: Person, count: number): Promise<{ ms: number; bytes: number }> {
  const { id, url } = await fill(person, count)
  const sizes: number[] = []
  const times: number[] = []
  for (let n = 0; n < 60; n++) {
    times.push(await timed(() => person.vault.records.put(KIND, vaccination(count + n), { collection: id })))
    const head = await person.fetch(`${url}head.alv`)
    sizes.push((await head.arrayBuffer()).byteLength)
  }
  return { ms: times.reduce((sum, time) => sum + time, 0) / times.length, bytes: median(sizes) }
}

async function growth(person: Person): Promise<Row[]> {
  const few = await adding(person, BASE)
  const many = await adding(person, MOST)
  return [
    row(
      'add one record to 100,000, beside 1,000',
      duration(few.ms),
      duration(many.ms),
      atMost(many.ms / few.ms, 1.5, '×'),
    ),
    row('… bytes written', `${few.bytes}`, `${many.bytes}`, atMost(many.bytes / 1024, 40, ' KB')),
  ]
}

async function finding(person: Person): Promise<Row[]> {
  const { id } = (await person.vault.collections.list()).at(-1)!
  const queries = [
    { order: '-date' as const, limit: 50 },
    { text: 'fièvre hépatite 99', limit: 50 },
    { text: 'SLIGHT lot-0777', order: 'date' as const, limit: 50 },
    { facet: 'health/immunizations', offset: 5000, limit: 50 },
  ]
  for (const query of queries) await person.vault.records.list({ collection: id, ...query })
  const times: number[] = []
  for (const query of queries)
    for (let i = 0; i < 5; i++) times.push(await cpuOf(() => person.vault.records.list({ collection: id, ...query })))
  const slowest = Math.max(...queries.map((_, at) => median(times.slice(5 * at, 5 * at + 5))))
  return [
    row('find among 100,000 records, first 50, warm', '', `${duration(slowest)} of CPU`, atMost(slowest, 50, ' ms')),
  ]
}

async function takingBack(person: Person, friend: Person): Promise<Row[]> {
  const { id } = await fill(person, MANY)
  const until = new Date(Date.now() + 3600_000)
  const { grant } = await person.vault.grants.give({
    to: friend.webId,
    collections: [id],
    facets: ['health/immunizations'],
    until,
    purpose: PURPOSE,
  })
  let cpu = 0
  const sent = await person.requestsOf(async () => {
    cpu = await cpuOf(() => person.vault.grants.revoke(grant, { rewrap: true }))
  })
  return [
    row('take back with rewrapping, 10,000 records', '', `${sent.length} requests`, atMost(sent.length, 100)),
    row('… its CPU', '', duration(cpu), atMost(cpu / 1000, 2, ' s')),
  ]
}

const PURPOSE = 'https://w3id.org/dpv#HealthcareManagement'

export const scale = (): Promise<Bench> =>
  withServer(async server => {
    const person = await newPerson(server, 'scale')
    const friend = await newPerson(server, 'friend')
    const { rows, listed, documents } = await storing(person)
    const opened = await opening(person, listed, documents)
    const taken = await takingBack(person, friend)
    const grown = await growth(person)
    return {
      about:
        'scale: the vaccinations of store; baselines of 1,000 resources, their times taken ten times, and ten Turtle documents of 1,000 records by n3. Cold: new objects, with nothing but the keys and marks that the device keeps. Adding: the mean of 60, with the segments, index runs and compaction that some of them bring. Medians of 5 and 11 elsewhere.',
      rows: [...rows, ...opened, ...grown, ...(await finding(person)), ...taken],
    }
  })
