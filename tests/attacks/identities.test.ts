/** Keys, members and devices that only a host, or somebody put out, says there are. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Vault } from '#core'
import {
  drawGroupEpoch,
  drawSeeds,
  encodeIdentity,
  extendIdentity,
  foundIdentity,
  fromWords,
  generationPublic,
  drawGeneration,
  groupKemSeed,
  label,
  openIdentity,
  random,
  openGroupHead,
  publicOf,
  rootSeeds,
  sealGroupHead,
  signerOf,
  unsafeGroupHeader,
  deviceKey,
  type Codec,
  type Identity,
  type IdentityBody,
  type Signer,
} from '#crypto'
import { epochIn, findAt, smallTree } from '../crypto/reading.ts'
import { encodeCbor, type Item } from '../../crypto/cbor.ts'
import { next, unsafePoint } from '../../crypto/chain.ts'
import { open } from '../../client/core/open.ts'
import { keepIdentity } from '../../client/core/own-identity.ts'
import { identityUrl, objectUrl } from '../../client/core/paths.ts'
import { grantTo, notes, openSeal, reopen, type Member } from '../core/world.ts'
import { attacked, serving, type Moment } from '../hostile-pod.ts'
import { groupSeeds, identityOf, openedFrom, ownSeeds, stored } from './league.ts'
import { orCode } from './shown.ts'
import { add, MINUTE, scene, type Scene } from './scene.ts'

let at: Scene
let eve: Member
beforeAll(async () => {
  at = await scene()
  eve = await at.around.member('eve')
  at.honest = new Map(at.host.files)
  const back = at.around.save(...[at.alice, at.laptop, at.bob, at.carol, eve].map(({ around }) => around.store))
  at.back = back
})
beforeEach(() => at.back())

const urlOf = (member: Member): string => identityUrl(member.around.pod.storage)
const later = async (member: Member): Promise<Vault> => {
  at.around.pass(10 * MINUTE)
  return reopen(member)
}
const tampered = { code: 'tampered' }

/** A log of the host's own for somebody: its root, its generation; gives the seed of that. */
function impersonate(member: Member): Uint8Array {
  const [root, generation] = [drawSeeds(), drawGeneration(1)]
  const founded = foundIdentity(identityOf(at.around, member).webId, root, 1)
  const kem = generationPublic(generation)
  const fake = extendIdentity(founded, signerOf(root), 1, { type: 'generation', number: 1, kem })
  at.host.replace(urlOf(member), encodeIdentity(fake))
  return generation.kemSeed
}

describe('[A2] another key in somebody’s place', () => {
  test('after first contact is a hard stop: nothing is given to it, nothing shown of it, nothing written is kept back', async () => {
    const seed = impersonate(at.bob)
    const vault = await later(at.alice)
    const changed = { code: 'identity-changed' }
    await expect(vault.grants.give(grantTo(at.bob.vault.owner, at.around.clock))).rejects.toMatchObject(changed)
    expect((await vault.views.open(at.bob.vault.owner)).rows).toEqual([])
    await add(vault, at.health, 'later')
    expect(await openedFrom(at.around, vault, at.health, [seed])).toEqual([])
    at.host.replace(urlOf(at.bob), at.honest.get(urlOf(at.bob))!.body)
    await add(await later(at.alice), at.health, 'once he is back')
    const rows = (await (await later(at.bob)).views.open(at.group)).rows.map(({ value }) => value['note'])
    expect(rows).toContain('once he is back')
  })

  test('before first contact gets nothing sensitive, and is told apart as soon as the right one shows', async () => {
    impersonate(eve)
    const vault = await reopen(at.alice)
    const request = { ...grantTo(eve.vault.owner, at.around.clock), collections: [at.health] }
    await expect(vault.grants.give({ ...request, facets: ['health/mental'] })).rejects.toMatchObject({
      code: 'unconfirmed',
    })
    await vault.grants.give(request) // unconfirmed, and what is not sensitive: the host of a stranger may stand for them
    await vault.settle()
    at.host.replace(urlOf(eve), at.honest.get(urlOf(eve))!.body)
    await expect((await later(at.alice)).grants.give(request)).rejects.toMatchObject({ code: 'identity-changed' })
    await expect((await later(at.laptop)).grants.give(request)).rejects.toMatchObject({ code: 'identity-changed' })
  })

  test('of a circle’s key: a member, with the host, makes no head that anybody takes', async () => {
    const url = `${at.group}head.alv`
    const { me } = await open(at.carol.around, { seal: openSeal })
    const header = unsafeGroupHeader(stored(at.around, url).body)
    const epoch = epochIn(header, me.generation.kemSeed, findAt(at.around.server.files, at.group))!
    const alices = identityOf(at.around, at.alice)
    const log = openGroupHead(stored(at.around, url).body, header.group, epoch, signer => deviceKey(alices, signer))
    const own = { ...drawGroupEpoch(epoch.number) }
    const kems = [at.alice, at.bob].map(one => identityOf(at.around, one).kem)
    const { tree, objects } = smallTree(header.group, own.secret, kems)
    const forged = [
      sealGroupHead({ ...header, tree }, log, own, me.signer),
      sealGroupHead({ ...header, owner: me.webId, tree }, log, own, me.signer),
      sealGroupHead({ ...header, owner: me.webId }, log, epoch, me.signer),
    ]
    for (const bytes of forged) {
      at.back()
      at.host.replace(url, bytes)
      for (const { sealId, bytes: body } of objects) at.host.replace(objectUrl(at.group, sealId), body)
      const seen = await orCode(async () => (await reopen(at.bob)).groups.members(at.group))
      expect(seen).toEqual(tampered)
      const vault = await later(at.alice)
      await add(vault, at.health, 'later')
      expect(await openedFrom(at.around, vault, at.health, [groupKemSeed(own)])).toEqual([])
    }
  })
})

test('[A3] a ghost, let in by access rules and members document, is given no key', async () => {
  const rules = [...at.honest.keys()].filter(url => url.endsWith('.acl') || /\/members-[^/]+$/.test(url))
  for (const url of rules) {
    const text = new TextDecoder().decode(at.honest.get(url)!.body)
    at.host.replace(url, new TextEncoder().encode(text.replaceAll('/bob/', '/eve/')))
  }
  const vault = await reopen(at.alice)
  await add(vault, at.health, 'later')
  await vault.groups.invite(at.group)
  const seeds = await ownSeeds(at.around, eve)
  expect(groupSeeds(at.around, at.group, seeds)).toEqual([])
  expect(await openedFrom(at.around, vault, at.health, seeds)).toEqual([])
  expect((await vault.groups.members(at.group)).map(({ webId }) => webId)).not.toContain(eve.vault.owner)
  const found = (await vault.doctor()).problems.map(({ code }) => code)
  expect(found).toEqual(expect.arrayContaining(['rules-differ', 'members-differ']))
})

describe('[A17] what a host adds to an identity log', () => {
  const added = (): IdentityBody[] => [
    { type: 'add-device', ...publicOf(drawSeeds()), kind: 'device', name: 'of the host' },
    { type: 'add-device', ...publicOf(drawSeeds()), kind: 'password', name: 'of the host' },
    { type: 'guardians', commitment: new Uint8Array(32) },
    { type: 'generation', number: 2, kem: generationPublic(drawGeneration(2)) },
    { type: 'remove-device', device: identityOf(at.around, at.alice).devices[0]!.id },
  ]
  /** As our own code would not write it: signed by whomever. */
  const raw: Codec<IdentityBody> = {
    toItem: ({ type, ...fields }) => [type, Object.values(fields) as Item[]],
    fromItem: () => ({ type: 'guardians', commitment: random(32) }),
  }
  const forced = ({ log, webId: author }: Identity, signer: Signer, body: IdentityBody): Uint8Array =>
    encodeCbor([...log, next(unsafePoint(log.at(-1)!), label.identityEntry, raw, { time: 1, author, body, signer })])

  test('is believed by nobody, and no key is wrapped to it', async () => {
    const [alices, eves] = [identityOf(at.around, at.alice), await open(eve.around, { seal: openSeal })]
    for (const body of added())
      for (const signer of [signerOf(drawSeeds()), eves.me.signer, { ...eves.me.signer, id: alices.devices[0]!.id }]) {
        at.back()
        at.host.replace(urlOf(at.alice), forced(alices, signer, body))
        const bob = await later(at.bob)
        expect(await orCode(() => bob.views.open(at.group))).toEqual(tampered)
        const { rows, problems } = await bob.views.open(at.alice.vault.owner)
        expect([rows, problems]).toEqual([[], []]) // her announcement cannot be checked
        const vault = await reopen(at.alice)
        expect(await notes(vault)).toContain('MMR')
        expect((await vault.verify()).problems).toContainEqual({ where: 'identity', code: 'tampered' })
      }
  })
})
describe('[A19] a device that was removed', () => {
  let thief: Awaited<ReturnType<typeof open>>
  let removed: Identity
  let before: Moment

  /** The laptop is put out by the root; those who look from then on know it. */
  beforeEach(async () => {
    await (await reopen(at.alice)).collections.create('Papers') // whose device is put out has the others sign anew (protocol §3)
    before = new Map(at.host.files)
    thief = await open(at.laptop.around, { seal: openSeal })
    const root = signerOf(rootSeeds(fromWords(at.alice.kit)))
    removed = extendIdentity(identityOf(at.around, at.alice), root, 1, {
      type: 'remove-device',
      device: thief.me.device,
    })
    at.host.replace(urlOf(at.alice), encodeIdentity(removed))
    await keepIdentity(at.alice.around.store, removed)
    await orCode(async () => (await later(at.bob)).views.open(at.group))
  })

  test('writes no record that is read, though it cites the log of when it was one', async () => {
    const body = Uint8Array.from(before.get(urlOf(at.alice))!.body)
    const pod = attacked(
      at.laptop.around.pod,
      serving(/alice\/alveole\/identity/, reply => reply && { ...reply, body }),
    )
    await add(await reopen(at.laptop, pod), at.health, 'backdated')
    for (const member of [at.alice, at.bob]) {
      const vault = await later(member)
      const seen = await orCode(async () =>
        member === at.alice ? notes(vault) : (await vault.views.open(at.group)).rows.map(({ value }) => value['note']),
      )
      expect(JSON.stringify(seen)).not.toContain('backdated')
    }
    expect(await orCode(async () => notes(await later(at.alice)))).toEqual(tampered)
  })

  test('changes neither the account, nor a circle, nor the log that put it out', async () => {
    await thief.account.change(state => ({ ...state, grants: [] })).catch(() => undefined)
    expect(await orCode(() => reopen(at.alice))).toEqual(tampered)
    at.host.putBack(before)
    at.host.replace(urlOf(at.alice), encodeIdentity(removed))
    expect(await notes(await reopen(at.alice))).toContain('MMR')

    const back = { type: 'add-device', ...publicOf(drawSeeds()), kind: 'device', name: 'again' } as const
    const older = identityOf(at.around, at.alice)
    expect(() => extendIdentity(older, thief.me.signer, 1, back)).toThrow(expect.objectContaining(tampered))
    const fork = extendIdentity(openIdentity(before.get(urlOf(at.alice))!.body), thief.me.signer, 1, back)
    at.host.replace(urlOf(at.alice), encodeIdentity(fork))
    const vault = await later(at.bob)
    expect(await orCode(() => vault.groups.members(at.group))).toEqual({ code: 'forked' })
  })
})
