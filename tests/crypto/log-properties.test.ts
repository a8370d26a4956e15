/**
 * Logs against models of a few lines: any sequence of entries, by whoever, is taken in as far as the model allows and refused at the
 * first that it does not; what the log then says is what the model says.
 */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AlveoleError,
  continues,
  deviceKey,
  drawGeneration,
  encodeIdentity,
  extendIdentity,
  foundIdentity,
  fromHex,
  generationPublic,
  keyId,
  openIdentity,
  publicOf,
  random,
  isChain,
  nextGroupEntry,
  readGroupLog,
  rootId,
  signerOf,
  type GroupBody,
  type GroupState,
  type Identity,
  type IdentityBody,
  type Role,
} from '#crypto'
import { addDevice, person, removeDevice } from './support.ts'

/** What `run` gives, or the code that it refuses with. */
function outcome<T>(run: () => T): T | string {
  try {
    return run()
  } catch (error) {
    if (error instanceof AlveoleError) return error.code
    throw error
  }
}

describe('an identity log', () => {
  const root = person('alice').root
  const signers = [root, ...['one', 'three', 'seventh'].map(name => person(name).device)]
  const kems = [1, 2, 3].map(number => generationPublic(drawGeneration(number)))
  const founded = foundIdentity('https://alice.example/#me', root, 1)

  /** Signers are numbers: 0 is the root. */
  interface Model {
    devices: Map<number, 'active' | 'removed'>
    generation: number
    exposed: boolean
  }
  interface Step {
    by: number
    body: IdentityBody
    /** null: the model has it refused. */
    on(model: Model): Model | null
  }
  const who = fc.nat(signers.length - 1)
  const anyStep: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ by: who, device: who }).map(({ by, device }) => ({
      by,
      body: addDevice(signers[device]!),
      on: (model: Model) =>
        device === 0 || model.devices.has(device)
          ? null
          : { ...model, devices: new Map(model.devices).set(device, 'active') },
    })),
    fc.record({ by: who, device: who }).map(({ by, device }) => ({
      by,
      body: removeDevice(signers[device]!),
      on: (model: Model) =>
        model.devices.get(device) !== 'active'
          ? null
          : { ...model, devices: new Map(model.devices).set(device, 'removed'), exposed: model.generation > 0 },
    })),
    fc.record({ by: who, number: fc.constantFrom(1, 2, 3) }).map(({ by, number }) => ({
      by,
      body: { type: 'generation' as const, number, kem: kems[number - 1]! },
      on: (model: Model) => (number === model.generation + 1 ? { ...model, generation: number, exposed: false } : null),
    })),
    who.map(by => ({ by, body: { type: 'guardians' as const, commitment: random(32) }, on: (model: Model) => model })),
  )

  function expectSame(identity: Identity, model: Model): void {
    expect(identity).toMatchObject({ generation: model.generation, exposed: model.exposed })
    expect(identity.kem).toEqual(model.generation ? kems[model.generation - 1] : publicOf(root).kem)
    expect(identity.devices).toHaveLength(model.devices.size)
    signers.forEach((seeds, i) => {
      const key = deviceKey(identity, keyId(publicOf(seeds)))
      expect(key).toEqual(model.devices.get(i) === 'active' ? publicOf(seeds).sign : null)
    })
  }

  it('[I3] [I4] [I6] [I10] takes what the root and active devices say, one after the other', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 12 }), steps => {
        let [identity, model]: [Identity, Model] = [founded, { devices: new Map(), generation: 0, exposed: false }]
        steps.forEach(({ by, body, on }, i) => {
          const speaks = by === 0 || model.devices.get(by) === 'active'
          const next = speaks ? on(model) : null
          const read = outcome(() => extendIdentity(identity, signerOf(signers[by]!), i, body))
          if (!next) return expect(read).toBe('tampered')
          const longer = read as Identity
          expect([continues(longer, identity), continues(identity, longer)]).toEqual([true, false])
          expect(openIdentity(encodeIdentity(longer))).toEqual(longer)
          ;[identity, model] = [longer, next]
          return expectSame(identity, model)
        })
        expect(identity.webId).toBe(founded.webId)
        expect(rootId(identity)).toBe(rootId(founded))
      }),
      { numRuns: 40 },
    )
  })
})

describe('a group log', () => {
  const people = ['ann', 'benny', 'cydney', 'dorothy'].map(person)
  const roots = people.map(({ identity }) => fromHex(rootId(identity)))
  const keyOf = (author: string, root: string, signer: Uint8Array) => {
    const { identity } = people.find(({ webId }) => webId === author)!
    return rootId(identity) === root ? deviceKey(identity, signer) : null
  }
  const founding = { type: 'found', name: 'family', nonce: random(32), root: roots[0]! } as const
  const start = [nextGroupEntry(null, people[0]!.webId, signerOf(people[0]!.device), 1, founding)]
  const leaf = new Uint8Array(16)

  interface Model {
    members: Map<number, { role: Role; state: 'member' | 'removed' }>
    epoch: number
    exposed: boolean
  }
  interface Step {
    by: number
    body: GroupBody
    on(model: Model): Model | 'tampered' | 'refused'
  }
  const isMember = ({ members }: Model, who: number): boolean => members.get(who)?.state === 'member'
  const isSteward = (model: Model, who: number): boolean =>
    isMember(model, who) && model.members.get(who)!.role === 'steward'

  function changed(model: Model, who: number, to: { role?: Role; state?: 'removed' }): Model | 'tampered' | 'refused' {
    if (!isMember(model, who)) return 'tampered'
    const members = new Map(model.members).set(who, { ...model.members.get(who)!, ...to })
    const next = { ...model, members, exposed: to.state ? model.epoch > 0 : model.exposed }
    return people.some((_, i) => isSteward(next, i)) ? next : 'refused'
  }

  const who = fc.nat(people.length - 1)
  const anyRole = fc.constantFrom<Role>('steward', 'member', 'observer')
  const webId = (i: number): string => people[i]!.webId
  const anyStep: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ by: who, member: who, role: anyRole }).map(({ by, member, role }) => ({
      by,
      body: { type: 'admit' as const, member: webId(member), root: roots[member]!, role, leaf },
      on: (model: Model) =>
        isMember(model, member)
          ? ('tampered' as const)
          : { ...model, members: new Map(model.members).set(member, { role, state: 'member' as const }) },
    })),
    fc.record({ by: who, member: who, role: anyRole }).map(({ by, member, role }) => ({
      by,
      body: { type: 'role' as const, member: webId(member), root: roots[member]!, role, leaf },
      on: (model: Model) => changed(model, member, { role }),
    })),
    fc.record({ by: who, member: who }).map(({ by, member }) => ({
      by,
      body: { type: 'remove' as const, member: webId(member) },
      on: (model: Model) => changed(model, member, { state: 'removed' }),
    })),
    who.map(by => ({
      by,
      body: { type: 'leave' as const },
      on: (model: Model) => changed(model, by, { state: 'removed' }),
    })),
    fc.record({ by: who, epoch: fc.constantFrom(1, 2, 3) }).map(({ by, epoch }) => ({
      by,
      body: { type: 'rotate' as const, epoch, kem: new Uint8Array(32).fill(epoch) },
      on: (model: Model) => (epoch === model.epoch + 1 ? { ...model, epoch, exposed: false } : ('tampered' as const)),
    })),
    who.map(by => ({
      by,
      body: { type: 'checkpoint' as const, state: { sealId: leaf, hash: roots[0]!, size: 1, key: roots[0]! } },
      on: (model: Model) => model,
    })),
    who.map(by => ({
      by,
      body: { type: 'offer' as const, id: random(16), offer: random(3) },
      on: (model: Model) => model,
    })),
    who.map(by => ({
      by,
      body: { type: 'nest' as const, child: random(32), location: 'https://pod.example/' },
      on: (model: Model) => model,
    })),
  )

  function expectSame(state: GroupState, model: Model): void {
    expect(state).toMatchObject({ epoch: model.epoch, exposed: model.exposed, name: 'family' })
    expect(state.kem).toEqual(model.epoch ? new Uint8Array(32).fill(model.epoch) : new Uint8Array())
    const read = [...state.members.values()].map(({ webId, root, role, state }) => ({ webId, root, role, state }))
    const wanted = [...model.members].map(([i, of]) => ({ webId: webId(i), root: rootId(people[i]!.identity), ...of }))
    expect(read.toSorted(byName)).toEqual(wanted.toSorted(byName))
  }
  const byName = (a: { webId: string }, b: { webId: string }): number => (a.webId < b.webId ? -1 : 1)

  it('[N3] [N4] [N5] [N6] [N8] takes what stewards decide, one after the other', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 14 }), steps => {
        let log = start
        let model: Model = { members: new Map([[0, { role: 'steward', state: 'member' }]]), epoch: 0, exposed: false }
        for (const { by, body, on } of steps) {
          const speaks = isSteward(model, by) || (body.type === 'leave' && isMember(model, by))
          const next = speaks ? on(model) : 'tampered'
          const { device } = people[by]!
          const { last } = readGroupLog(log, keyOf)
          const longer = [...log, nextGroupEntry(last, webId(by), signerOf(device), 2, body)]
          const read = outcome(() => readGroupLog(longer, keyOf))
          if (typeof next === 'string') {
            expect(read).toBe(next)
            continue
          }
          const state = read as GroupState
          expect(state.last.index).toBe(longer.length - 1)
          expect(isChain(longer)).toBe(true)
          expectSame(state, next)
          ;[log, model] = [longer, next]
        }
      }),
      { numRuns: 60 },
    )
  })
})
