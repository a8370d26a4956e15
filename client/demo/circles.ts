/** The family's circle and the cooperative's, who is in them, who still waits, and what is granted in them. */
import type { GroupId, Vault } from '#core'
import { alv, dpv } from '#vocab'
import { CHILDREN, COOPERATIVE, TREE } from './contents.ts'
import type { DoorId } from './doors.ts'
import { together } from './together.ts'

export type Vaults = { readonly [id in DoorId]: Vault }
type CircleId = 'family' | 'cooperative'

interface Circle {
  name: string
  steward: DoorId
  members: readonly DoorId[]
  /** Ask, and are left for whoever plays the steward to admit. */
  waiting: readonly DoorId[]
}

const circles: { readonly [id in CircleId]: Circle } = {
  family: {
    name: 'Famille Marchand-Evans',
    steward: 'mother',
    members: ['teenager', 'grandmother'],
    waiting: [],
  },
  cooperative: {
    name: 'Coopérative scolaire Les Tilleuls',
    steward: 'steward',
    members: ['mother', 'grandmother'],
    waiting: ['teenager'],
  },
}

interface Lending {
  from: DoorId
  to: CircleId | DoorId
  /** Where it is not every folder that holds something of it. */
  folder?: string
  facets: readonly string[]
  days: number
  purpose: string
  /** Taken back again. */
  revoked?: true
}

const TREE_FACETS = ['family/identity', 'family/births', 'family/relations', 'family/events', 'family/stories']

const lendings: readonly Lending[] = [
  {
    from: 'mother',
    to: 'cooperative',
    folder: CHILDREN,
    facets: ['health/immunizations'],
    days: 30,
    purpose: alv.Schooling,
  },
  { from: 'mother', to: 'family', folder: TREE, facets: TREE_FACETS, days: 365, purpose: alv.FamilyMemory },
  {
    from: 'mother',
    to: 'family',
    folder: CHILDREN,
    facets: ['health/vitals'],
    days: 90,
    purpose: alv.FamilySharing,
    revoked: true,
  },
  { from: 'teenager', to: 'family', facets: ['health/allergies'], days: 180, purpose: alv.Emergency },
  { from: 'grandmother', to: 'family', facets: ['health/medications'], days: 90, purpose: alv.CareCoordination },
  {
    from: 'grandmother',
    to: 'family',
    facets: ['photos/image', 'photos/when', 'photos/about'],
    days: 365,
    purpose: alv.FamilySharing,
  },
  {
    from: 'grandmother',
    to: 'mother',
    facets: ['health/results', 'health/vitals'],
    days: 90,
    purpose: alv.CareCoordination,
  },
  {
    from: 'steward',
    to: 'cooperative',
    folder: COOPERATIVE,
    facets: ['papers'],
    days: 365,
    purpose: dpv.MemberPartnerManagement,
  },
]

const DAY = 24 * 3600_000

async function found(steward: Vault, name: string): Promise<GroupId> {
  const known = (await steward.groups.list()).find(group => group.name === name)
  return (known ?? (await steward.groups.found(name))).group
}

async function ask(steward: Vault, group: GroupId, vault: Vault): Promise<void> {
  if ((await vault.groups.list()).some(known => known.group === group)) return
  await vault.groups.join(await steward.groups.invite(group))
}

async function gather(vaults: Vaults, { name, steward, members, waiting }: Circle): Promise<GroupId> {
  const by = vaults[steward]
  const group = await found(by, name)
  for (const id of [...members, ...waiting]) await ask(by, group, vaults[id])
  const listed = await by.groups.members(group)
  for (const id of members) {
    const { owner } = vaults[id]
    if (!listed.some(({ webId, state }) => webId === owner && state === 'member')) await by.groups.admit(group, owner)
  }
  return group
}

async function lend(vault: Vault, to: string, { folder, facets, days, purpose, revoked }: Lending): Promise<void> {
  const given = await vault.grants.list()
  const same = given.find(one => one.to === to && one.purpose === purpose && String(one.facets) === String(facets))
  const collection = folder === undefined ? null : await vault.collections.find(folder)
  const grant =
    same ??
    (await vault.grants.give({
      to,
      facets,
      purpose,
      until: new Date(Date.now() + days * DAY),
      ...(collection && { collections: [collection.id] }),
    }))
  if (revoked && grant.state !== 'ended') await vault.grants.revoke(grant.grant)
}

/** Both circles, then what each lends, everybody at the same time. */
export async function seedCircles(vaults: Vaults): Promise<void> {
  const [family, cooperative] = [await gather(vaults, circles.family), await gather(vaults, circles.cooperative)]
  const groups: { [to: string]: string } = { family, cooperative }
  const all = Map.groupBy(lendings, ({ from }) => from)
  await together([...all], async ([from, own]) => {
    for (const lending of own) {
      const to = groups[lending.to] ?? vaults[lending.to as DoorId].owner
      await lend(vaults[from], to, lending)
    }
  })
}
