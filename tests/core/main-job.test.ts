/** The main job on the in-memory pod: store, grant, browse as a group, revoke. The scenario runs it on the real server. */
import { expect, test } from 'vitest'
import { createVault, memoryStore, openVault } from '#core'
import { FLOOR } from '#crypto'
import { memoryServer } from '../../client/core/memory-pod.ts'

const DAY = 24 * 3600_000
const PURPOSE = 'https://w3id.org/dpv#HealthcareManagement'

async function world() {
  let now = Date.UTC(2026, 0, 1)
  const server = memoryServer(() => now)
  const member = async (name: string) => {
    const around = { pod: server.pod(name), store: memoryStore(), clock: () => now }
    const { vault, kit } = await createVault(around, { password: `${name} password`, passwordCost: FLOOR })
    return { vault, kit, around }
  }
  return { server, member, pass: (ms: number) => (now += ms) }
}

test('[H1] what is stored is there on another device, by password and by kit', async () => {
  const { member } = await world()
  const { vault, kit, around } = await member('alice')
  const { id } = await vault.collections.create('Health')
  const record = await vault.records.put('Immunization', { note: 'x' }, { collection: id })
  await vault.lock()
  for (const unlock of [{ password: 'alice password' }, { words: kit, password: 'new' }]) {
    const other = await openVault({ ...around, store: memoryStore() }, unlock)
    expect((await other.records.get(record))?.value).toEqual({ note: 'x' })
  }
  await expect(openVault({ ...around, store: memoryStore() }, { password: 'wrong' })).rejects.toMatchObject({
    code: 'wrong-unlock',
  })
})

test('a group sees what is granted, until its date, its removal or its end', async () => {
  const { member, pass, server } = await world()
  const [alice, bob, carol] = [await member('alice'), await member('bob'), await member('carol')]
  const { id } = await alice.vault.collections.create('Health')
  await alice.vault.records.put('Immunization', { note: 'BCG' }, { collection: id })
  await alice.vault.records.put('Condition', { note: 'secret' }, { collection: id })
  const { group } = await alice.vault.groups.found('Les Abeilles')
  const link = await alice.vault.groups.invite(group)
  for (const { vault } of [bob, carol]) {
    expect((await vault.groups.join(link)).state).toBe('pending')
    await alice.vault.groups.admit(group, vault.owner)
  }
  const grant = await alice.vault.grants.give({
    to: group,
    facets: ['health/immunizations'],
    until: new Date(Date.UTC(2026, 0, 2)),
    purpose: PURPOSE,
  })
  const labels = async (vault: typeof bob.vault) =>
    (await vault.views.open(group)).rows.map(({ value }) => value['note']).sort()
  expect(await labels(bob.vault)).toEqual(['BCG'])
  expect(await labels(carol.vault)).toEqual(['BCG'])
  await alice.vault.records.put('Immunization', { note: 'MMR' }, { collection: id })
  expect(await labels(bob.vault)).toEqual(['BCG', 'MMR'])
  await alice.vault.groups.remove(group, carol.vault.owner)
  await expect(labels(carol.vault)).rejects.toMatchObject({ code: 'not-granted' })
  await alice.vault.records.put('Immunization', { note: 'DTP' }, { collection: id })
  expect(await labels(bob.vault)).toEqual(['BCG', 'DTP', 'MMR'])
  pass(2 * DAY)
  expect(await labels(bob.vault)).toEqual([])
  const again = await alice.vault.grants.give({
    to: group,
    facets: ['health/immunizations'],
    until: new Date(Date.UTC(2027, 0, 2)),
    purpose: PURPOSE,
  })
  expect(await labels(bob.vault)).toEqual(['BCG', 'DTP', 'MMR'])
  await alice.vault.grants.revoke(again.grant)
  expect(await labels(bob.vault)).toEqual([])
  expect((await alice.vault.grants.list()).map(({ state }) => state)).toEqual(['ended', 'ended'])
  expect((await alice.vault.verify()).problems).toEqual([])
  expect((await alice.vault.doctor()).problems).toEqual([])
  expect(grant.enforcedBy).toBe('server')
  for (const [url, { body }] of server.files)
    expect(new TextDecoder('latin1').decode(body), url).not.toMatch(/BCG|MMR|DTP|Abeilles|Immunization/)
})

test('a direct grant to a person', async () => {
  const { member } = await world()
  const [alice, bob] = [await member('alice'), await member('bob')]
  const { id } = await alice.vault.collections.create('Health')
  await alice.vault.records.put('Immunization', { note: 'BCG' }, { collection: id })
  await alice.vault.grants.give({
    to: bob.vault.owner,
    facets: ['health/immunizations'],
    until: new Date(Date.UTC(2026, 6, 1)),
    purpose: PURPOSE,
  })
  expect((await bob.vault.views.open(alice.vault.owner)).rows).toHaveLength(1)
  await expect(
    alice.vault.grants.give({
      to: bob.vault.owner,
      facets: ['health/mental'],
      until: new Date(Date.UTC(2026, 6, 1)),
      purpose: PURPOSE,
    }),
  ).rejects.toMatchObject({ code: 'unconfirmed' })
})
