/** What two devices of one person may do at once, and what must have come of it. */
import { expect } from 'vitest'
import type { BlobRef, GrantId, RecordId, Vault } from '#core'
import { DAY, FACET, folder, PURPOSE } from '../core/world.ts'
import type { Meaning } from './meaning.ts'
import { FIRST, file, fhirBundle, type Cast } from './operations.ts'

/** With a file that nothing refers to, and that both devices have seen so for a week: who tidies takes it away. */
export type Scene = Cast & { orphan: BlobRef }

export interface Act {
  /** `who` is the device's name, so that two at it do not do the same. */
  act(vault: Vault, on: Scene, who: string, openAnew: () => Promise<Vault>): Promise<unknown>
  /** What holds once it went through, whatever the other did, unless the other undid it. */
  after?(meaning: Meaning, on: Scene, who: string): void
  /** Codes with which it may end when the other was first. */
  mayEnd?: readonly string[]
}

const notes = (meaning: Meaning): unknown[] =>
  (meaning['alice']!['records'] as [string, string, unknown, { note?: string }][]).map(([, , , { note }]) => note)
const grants = (meaning: Meaning) => meaning['alice']!['grants'] as [string, string[], string, string][]
const folders = (meaning: Meaning) => meaning['alice']!['folders'] as string[]
const circles = (meaning: Meaning) => meaning['alice']!['circles'] as { name: string; members: [string, string][] }[]
const stateOf = (meaning: Meaning, webId: string): string | undefined =>
  circles(meaning)
    .find(({ name }) => name === 'Les Abeilles')!
    .members.find(([member]) => member === webId)?.[1]

const put = async (vault: Vault, note: string, id?: RecordId): Promise<unknown> =>
  vault.records.put('Immunization', { note }, { collection: await folder(vault), ...(id && { id }) })
const live = async (vault: Vault): Promise<GrantId[]> =>
  (await vault.grants.list()).filter(({ state }) => state === 'live').map(({ grant }) => grant)

export const acts: { [name: string]: Act } = {
  'add a record': {
    act: (vault, _, who) => put(vault, `of ${who}`),
    after: (meaning, _, who) => expect(notes(meaning)).toContain(`of ${who}`),
  },
  'change a record': { act: (vault, _, who) => put(vault, `changed by ${who}`, FIRST), mayEnd: ['refused'] },
  'delete a record': {
    act: async vault => {
      if (await vault.records.get(FIRST)) await vault.records.remove(FIRST)
    },
    after: meaning => expect(notes(meaning)).not.toContain('first'),
    mayEnd: ['not-granted'],
  },
  'add many records': {
    act: async (vault, _, who) => {
      const many = Array.from({ length: 40 }, (_, i) => ({
        kind: 'Immunization',
        value: { note: `${i} of ${who}`, place: 'x'.repeat(900) },
      }))
      await vault.records.putAll(many, await folder(vault))
    },
    after: (meaning, _, who) => {
      for (let i = 0; i < 40; i++) expect(notes(meaning)).toContain(`${i} of ${who}`)
    },
  },
  'import a file': {
    act: vault => vault.import([file('bundle.json', 'application/fhir+json', fhirBundle)], { into: 'Health' }),
    after: meaning => {
      const kinds = (meaning['alice']!['records'] as [string, string][]).map(([, kind]) => kind)
      expect(kinds.filter(kind => kind === 'Condition')).toHaveLength(1)
    },
  },
  'make a folder': {
    act: (vault, _, who) => vault.collections.create(`Of ${who}`),
    after: (meaning, _, who) => expect(folders(meaning)).toContain(`Of ${who}`),
  },
  'make the same folder': {
    act: vault => vault.collections.create('Photos'),
    after: meaning => expect(folders(meaning).filter(name => name === 'Photos')).toHaveLength(1),
    mayEnd: ['taken'],
  },
  'give a grant': {
    act: (vault, { bob, world: { clock } }) =>
      vault.grants.give({
        to: bob.vault.owner,
        facets: [FACET],
        until: new Date(clock() + 30 * DAY),
        purpose: PURPOSE,
      }),
    after: (meaning, { bob }) => {
      expect(grants(meaning).some(([to, , state]) => to === bob.name && ['live', 'ended'].includes(state))).toBe(true)
    },
  },
  'take grants back': {
    act: async vault => {
      for (const grant of await live(vault)) await vault.grants.revoke(grant)
    },
    after: meaning => expect(grants(meaning).find(([to]) => to === 'Les Abeilles')![2]).toBe('ended'),
  },
  'extend grants': {
    act: async (vault, { world: { clock } }, who) => {
      const until = new Date(clock() + (who === 'phone' ? 60 : 90) * DAY)
      for (const grant of await live(vault)) await vault.grants.extend(grant, { until })
    },
    after: (meaning, { world }) => {
      for (const [, , state, until] of grants(meaning))
        if (state === 'live') expect(Date.parse(until) - world.clock()).toBeGreaterThan(20 * DAY)
    },
    mayEnd: ['refused'],
  },
  'stop everything': {
    act: vault => vault.grants.stopEverything(),
    after: meaning => expect(grants(meaning).find(([to]) => to === 'Les Abeilles')![2]).toBe('ended'),
  },
  'open anew and take all grants back': {
    act: async (_, __, ___, openAnew) => {
      const vault = await openAnew()
      for (const { grant } of await vault.grants.list()) await vault.grants.revoke(grant)
    },
    after: meaning => expect(grants(meaning).find(([to]) => to === 'Les Abeilles')![2]).toBe('ended'),
  },
  'make a folder, then take the newest grant back': {
    act: async (vault, { bob }) => {
      await vault.collections.create('Photos') // which shows what the other one gave meanwhile
      for (const { grant, to } of await vault.grants.list())
        if (to === bob.vault.owner) await vault.grants.revoke(grant)
      await vault.settle()
    },
    mayEnd: ['taken'],
  },
  'remove the password': {
    act: async vault => {
      for (const device of await vault.devices.list())
        if (device.kind === 'password' && device.active) await vault.devices.remove(device.id)
    },
    after: meaning => {
      const devices = meaning['alice']!['devices'] as [string, string, boolean][]
      expect(devices.map(([, kind, active]) => [kind, active])).toContainEqual(['password', false])
    },
  },
  'open anew': { act: (_, __, ___, openAnew) => openAnew() },
  'found a circle': {
    act: (vault, _, who) => vault.groups.found(`Circle of ${who}`),
    after: (meaning, _, who) =>
      expect(circles(meaning).filter(({ name }) => name === `Circle of ${who}`)).toHaveLength(1),
  },
  invite: { act: (vault, { group }) => vault.groups.invite(group) },
  'admit a member': {
    act: async (vault, { group, bob }) => {
      const known = (await vault.groups.members(group)).find(({ webId }) => webId === bob.vault.owner)
      if (known?.state === 'pending') await vault.groups.admit(group, bob.vault.owner)
    },
    after: (meaning, { bob }) => expect(stateOf(meaning, bob.vault.owner)).toBe('member'),
    mayEnd: ['not-granted'],
  },
  'remove a member': {
    act: (vault, { group, carol }) => vault.groups.remove(group, carol.vault.owner),
    after: (meaning, { carol }) => expect(stateOf(meaning, carol.vault.owner)).toBe('removed'),
  },
  tidy: { act: vault => vault.tidy() },
  'refer to a file stored long ago': {
    act: async (vault, { orphan }) =>
      vault.records.put('File', { content: { ...orphan } }, { collection: await folder(vault) }),
    after: meaning => expect(JSON.stringify(meaning['alice']!['records'])).toContain('a.txt text/plain'),
    mayEnd: ['not-granted'],
  },
  settle: { act: vault => vault.settle() },
}
