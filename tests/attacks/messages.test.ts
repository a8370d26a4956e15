/** Attacks by what others leave, say and name: announcements, requests to join, agreements, references, and a server's own word. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { CollectionId, GroupId, Pod, Vault } from '#core'
import {
  AlveoleError,
  drawSeeds,
  encode,
  hash32,
  id16,
  label,
  random,
  sealMessage,
  signBytes,
  signerOf,
  struct,
  text,
  utf8,
  type Signer,
} from '#crypto'
import { announcement } from '../../client/core/announce.ts'
import { openBlob } from '../../client/core/blobs/open-blob.ts'
import { open } from '../../client/core/open.ts'
import { inboxUrl } from '../../client/core/paths.ts'
import { DAY, folder, grantTo, openSeal, reopen, world, type Member, type World } from '../core/world.ts'
import { answering, attacked, before } from '../hostile-pod.ts'
import { identityOf } from './league.ts'

let around: World
let alice: Member
let bob: Member
let eve: Member
let collection: CollectionId
let group: GroupId
let back: () => void

beforeAll(async () => {
  around = world()
  ;[alice, bob, eve] = [await around.member('alice'), await around.member('bob'), await around.member('eve')]
  for (const { name, vault } of [alice, bob, eve])
    await vault.records.put('Immunization', { note: `of ${name}` }, { collection: await folder(vault) })
  collection = await folder(alice.vault)
  group = (await alice.vault.groups.found('Les Abeilles')).group
  const link = await alice.vault.groups.invite(group)
  for (const { vault } of [bob, eve]) {
    await vault.groups.join(link)
    await alice.vault.groups.admit(group, vault.owner)
  }
  for (const { vault } of [alice, bob, eve]) await vault.settle()
  back = around.save(...[alice, bob, eve].map(member => member.around.store))
})

let vault: Vault
beforeEach(async () => {
  back()
  vault = await reopen(alice)
})

/** Leaves a message for alice: sealed to her, signed by whomever. */
async function leave(
  container: string,
  what: Parameters<typeof signBytes>[1],
  signer: Signer,
  body: Uint8Array,
): Promise<void> {
  await eve.around.pod.post(container, sealMessage(identityOf(around, alice).kem, signBytes(signer, what, body)))
}

const request = struct({ group: hash32, webId: text, root: hash32, invitation: id16, mac: hash32 })

/** The pod, and every address that its client asks, those outside of it in vain as they would be. */
function watched(pod: Pod): { pod: Pod; asked: string[] } {
  const asked: string[] = []
  const profile = async (webId: string) => {
    asked.push(webId)
    if (!webId.startsWith('https://memory.example/')) throw new AlveoleError('offline', 'no answer')
    return pod.profile(webId)
  }
  return {
    pod: answering(
      attacked(
        pod,
        before('get', /^/, url => asked.push(url)),
      ),
      { profile },
    ),
    asked,
  }
}

test('[A21] a reference to a blob fetches no other file', async () => {
  const { pod, asked } = watched(alice.around.pod)
  const container = 'https://memory.example/eve/alveole/c/AAAAAAAAAAAAAAAAAAAAAA/'
  const [id, key] = ['A'.repeat(22), `${'A'.repeat(42)}A`]
  const ref = { type: 'blob', blob: id, key, size: 5, mediaType: '', name: '' } as const
  const names = [
    { folder: '../../../../alice/private', name: id, hash: key },
    { folder: id, name: 'x?delete=1#', hash: key },
  ]
  for (const name of names)
    for (const of of [{ parts: [name] }, { page: name }]) {
      const reader = openBlob({ pod, container }, { ...ref, ...of }).getReader()
      await expect(reader.read()).rejects.toMatchObject({ code: 'tampered' })
    }
  expect(asked).toEqual([])
})

test('[A27] a member whose agreement ends on no date hides nobody else’s records', async () => {
  await (await reopen(bob)).grants.give(grantTo(group, around.clock))
  const eves = await reopen(eve)
  const { grant } = await eves.grants.give(grantTo(group, around.clock))
  const honest = await eves.grants.receipt(grant)
  const end = new Date(around.clock() + 30 * DAY).toISOString()
  expect(honest).toContain(end)
  const { me, account } = await open(eve.around, { seal: openSeal })
  const agreement = signBytes(me.signer, label.agreement, utf8(honest.replace(end, 'whenever')))
  const id = random(16)
  await account.change(state => {
    const grants = state.grants.map(entry => ({ ...entry, id, agreement, state: 'giving' as const }))
    return { ...state, grants }
  })
  await reopen(eve) // gives what was begun
  const { rows, problems } = await vault.views.open(group)
  expect(rows.map(({ value }) => value['note'])).toEqual(['of bob'])
  expect(problems).toEqual([{ owner: eve.vault.owner, code: 'tampered' }])
})

test('[A35] a request to join by no invitation sends the steward nowhere, and hides no other', async () => {
  const { pod, asked } = watched(alice.around.pod)
  const steward = await reopen(alice, pod)
  const { group: other } = await steward.groups.found('Les Guêpes')
  const nowhere = 'http://127.0.0.1:6379/#x'
  const forged = { group: random(32), webId: nowhere, root: random(32), invitation: random(16), mac: random(32) }
  await (await reopen(bob)).groups.join(await steward.groups.invite(other))
  await leave(`${other}inbox/`, label.joinRequest, signerOf(drawSeeds()), encode(request, forged))
  expect((await steward.groups.requests(other)).map(({ name }) => name)).toEqual(['bob'])
  await steward.groups.admit(other, bob.vault.owner)
  expect(asked.filter(url => !url.startsWith('https://memory.example/'))).toEqual([])
})

test('[A35] an announcement of collections elsewhere than its owner’s sends nobody there', async () => {
  const { me } = await open(eve.around, { seal: openSeal })
  const elsewhere = ['http://localhost:9200/_shutdown?x=', `${vault.pod.storage}private/../alveole/account.alv?`]
  const collections = elsewhere.map(url => ({ id: random(16), url }))
  const claim = { owner: eve.vault.owner, to: vault.owner, grant: random(16), at: 1, until: 2, collections }
  await leave(inboxUrl(vault.pod.storage), label.announcement, me.signer, encode(announcement, claim))
  const { pod, asked } = watched(alice.around.pod)
  await (await reopen(alice, pod)).views.open(eve.vault.owner)
  const known = ['alice/alveole/', 'eve/alveole/identity.alv', 'eve/profile/'].map(
    path => `https://memory.example/${path}`,
  )
  expect(asked.filter(url => !known.some(start => url.startsWith(start)))).toEqual([])
})

test('[A35] a listing that names other places sends nobody there: not the member of a circle, not its steward', async () => {
  const elsewhere = ['http://127.0.0.1:6379/x', 'https://memory.example/alice/private', 'https://work.example/a?x=']
  const up = (container: string) =>
    ['../account.alv', '%2e%2e/account.alv', 'a/b', '?x', '#x', ''].map(name => container + name)
  const lying = (pod: Pod): Pod =>
    answering(pod, {
      list: async container => [...((await pod.list(container)) ?? []), ...elsewhere, ...up(container), 'not a url'],
    })
  await (await reopen(bob)).grants.give(grantTo(group, around.clock))
  const { group: other } = await vault.groups.found('Les Guêpes')
  await (await reopen(bob)).groups.join(await vault.groups.invite(other))
  await vault.settle()
  const { pod, asked } = watched(alice.around.pod)
  const misled = await reopen(alice, lying(pod))
  expect((await misled.views.open(group)).rows.map(({ value }) => value['note'])).toEqual(['of bob'])
  expect((await misled.groups.requests(other)).map(({ name }) => name)).toEqual(['bob'])
  expect(asked.filter(url => elsewhere.includes(url) || /(feed|inbox)\/.*[^\w-]|(feed|inbox)\/$/.test(url))).toEqual([])
})

// no cap on how many messages are kept, nor per sender, is built yet
test('[A35] an inbox that somebody filled is read a few messages at a time', async () => {
  for (let i = 0; i < 200; i++)
    around.server.files.set(`${inboxUrl(vault.pod.storage)}${i}`, { body: new Uint8Array(2000), type: '', version: 1 })
  let [now, most] = [0, 0]
  const counted = answering(alice.around.pod, {
    get: async (...args) => {
      most = Math.max(most, ++now)
      await new Promise(resolve => setTimeout(resolve, 1))
      return alice.around.pod.get(...args).finally(() => now--)
    },
  })
  await (await reopen(alice, counted)).views.open(eve.vault.owner)
  expect(most).toBeLessThanOrEqual(8)
})

test('[A37] where the server ends no access by itself, the owner’s client does when it opens', async () => {
  await vault.grants.give(grantTo(bob.vault.owner, around.clock))
  await vault.settle()
  around.pass(40 * DAY)
  const later = await reopen(alice, answering(alice.around.pod, { enforcesEnd: async () => false }))
  const rules = around.server.files.get(`${vault.pod.storage}alveole/c/${collection}/.acl`)!
  expect(new TextDecoder().decode(rules.body)).not.toContain('/bob/')
  expect((await later.doctor()).problems).toEqual([])
})
