/** Requests to give and to end a grant: the same whatever the number of records and of members. */
import type { CollectionId, GroupId } from '#core'
import { purpose } from '#vocab'
import { newPerson, type Person } from './person.ts'
import { withServer, type Server } from './server.ts'
import { atMost, type Bench, type Row } from './table.ts'
import { KIND, vaccination, vaccinations } from './vaccinations.ts'

const HOUR = 3_600_000
const PURPOSE = purpose('dpv:HealthcareManagement')!
const FACETS = ['health/immunizations']

async function folderOf(owner: Person, records: number): Promise<CollectionId> {
  const { id } = await owner.vault.collections.create(`${records} records`)
  await owner.vault.records.putAll(
    vaccinations(records).map(value => ({ kind: KIND, value })),
    id,
  )
  return id
}

async function circleOf(owner: Person, name: string, members: readonly Person[]): Promise<GroupId> {
  const { groups } = owner.vault
  const { group } = await groups.found(name)
  const link = await groups.invite(group)
  for (const { vault, webId } of members) {
    await vault.groups.join(link)
    await groups.admit(group, webId)
  }
  return group
}

/** One grant, given, ended, and the write after it. */
async function rows(owner: Person, to: string, what: string, collection: CollectionId): Promise<Row[]> {
  const { grants, records } = owner.vault
  const until = new Date(Date.now() + HOUR)
  let grant = (await grants.give({ to, collections: [collection], facets: FACETS, until, purpose: PURPOSE })).grant
  await grants.revoke(grant)
  await records.put(KIND, vaccination(0), { collection })
  const count = async (action: string, most: number, work: () => Promise<unknown>): Promise<Row> => {
    const sent = await owner.requestsOf(work)
    return { action, baseline: '', alveole: `${sent.length} requests`, ...atMost(sent.length, most) }
  }
  return [
    await count(`give ${what}`, 6, async () => {
      const given = await grants.give({ to, collections: [collection], facets: FACETS, until, purpose: PURPOSE })
      grant = given.grant
    }),
    await count(`end it`, 3, () => grants.revoke(grant)),
    await count(`the next write`, 2, () => records.put(KIND, vaccination(1), { collection })),
  ]
}

async function measure(server: Server): Promise<Row[]> {
  const names = ['first', 'second', 'third', 'fourth']
  const owner = await newPerson(server, 'owner')
  const others = await Promise.all(names.map(name => newPerson(server, name)))
  const few = await folderOf(owner, 10)
  const many = await folderOf(owner, 10_000)
  const small = await circleOf(owner, 'small', others.slice(0, 1))
  const large = await circleOf(owner, 'large', others)
  return [
    ...(await rows(owner, others[0]!.webId, 'a grant of 10 records to a person', few)),
    ...(await rows(owner, others[0]!.webId, 'a grant of 10,000 records to a person', many)),
    ...(await rows(owner, small, 'a grant of 10,000 records to a circle of 2', many)),
    ...(await rows(owner, large, 'a grant of 10,000 records to a circle of 5', many)),
  ]
}

export const grant = (): Promise<Bench> =>
  withServer(async server => ({
    about:
      'grant: all records in one collection, an open vault, recipients known already (just after opening, a look at the person adds 2, at the circle 3).',
    rows: await measure(server),
  }))
