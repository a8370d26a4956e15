/** What our own server refuses by itself, on the real one: to who was taken off, to a page elsewhere, to another app's rewrite. */
import { beforeAll, describe, expect, inject, test } from 'vitest'
import type { CollectionInfo } from '#core'
import { readAcl, writeAcl } from '../../client/core/acl.ts'
import { DAY, FACET, PURPOSE } from '../core/world.ts'
import { actor, type Actor } from '../scenarios/member.ts'

const pod = inject('pod')
let alice: Actor
let bob: Actor
let folder: CollectionInfo

beforeAll(async () => {
  ;[alice, bob] = [await actor(pod, 'alice'), await actor(pod, 'bob')]
  folder = await alice.vault.collections.create('Health')
  await alice.vault.records.put('Immunization', { note: 'BCG' }, { collection: folder.id })
})

const give = () =>
  alice.vault.grants.give({
    to: bob.webId,
    facets: [FACET],
    collections: [folder.id],
    until: new Date(Date.now() + 30 * DAY),
    purpose: PURPOSE,
  })
const status = async (): Promise<number> => (await bob.fetch(`${folder.url}head.alv`)).status

// subscriptions are not closed when access ends yet: the client opens none
test('[A26] the token that read a moment ago is refused from the next request on', async () => {
  const { grant } = await give()
  expect(await status()).toBe(200)
  await alice.vault.grants.revoke(grant)
  expect(await status()).toBe(403)
  expect((await bob.vault.views.open(alice.webId)).rows).toEqual([])
})

describe('[A36] a page on a sibling origin, with the account’s cookie', () => {
  const json = { accept: 'application/json', 'content-type': 'application/json' }
  const siblings = ['http://localhost:1', 'http://other.localhost', `http://sub.${new URL(pod).host}`, 'null']

  test.each(siblings)('from %s reads nothing and changes nothing', async origin => {
    const body = JSON.stringify({ email: alice.email, password: alice.password })
    const login = await fetch(`${pod}.account/login/password/`, { method: 'POST', headers: json, body })
    const cookie = login.headers.getSetCookie()[0]!.split(';')[0]!
    const controls = async (headers: Record<string, string>) => {
      const response = await fetch(`${pod}.account/`, { headers: { accept: json.accept, cookie, ...headers } })
      return ((await response.json()) as { controls: { account: { pod?: string; clientCredentials?: string } } })
        .controls.account
    }
    const own = await controls({})
    expect(own.clientCredentials).toBeDefined()
    expect((await controls({ origin })).clientCredentials).toBe(undefined)
    for (const url of [own.pod!, own.clientCredentials!]) {
      const taken = await fetch(url, {
        method: 'POST',
        headers: { ...json, cookie, origin },
        body: '{"name":"stolen"}',
      })
      expect(taken.status).toBe(401)
    }
  })
})

test('[A37] a rule that another app wrote back without its end is found, and gone with the next grant or the next tidying', async () => {
  const acl = `${folder.url}.acl`
  const dated = async (): Promise<number> =>
    readAcl(folder.url, await (await alice.fetch(acl)).bytes()).filter(({ until }) => until).length
  const rewrite = async (): Promise<void> => {
    const rules = readAcl(folder.url, await (await alice.fetch(acl)).bytes())
    for (const rule of rules) delete rule.until // as a generic helper does, which does not know the term
    const body = Buffer.from(writeAcl(folder.url, rules))
    const put = await alice.fetch(acl, { method: 'PUT', headers: { 'content-type': 'text/turtle' }, body })
    expect(put.ok).toBe(true)
    expect((await alice.vault.doctor()).problems).toEqual([{ code: 'rules-differ', detail: 'Health' }])
  }
  await give()
  expect(await dated()).toBe(1)
  await rewrite()
  await give()
  expect([(await alice.vault.doctor()).problems, await dated()]).toEqual([[], 2])
  await rewrite()
  await alice.vault.tidy()
  expect([(await alice.vault.doctor()).problems, await dated()]).toEqual([[], 2])
  expect((await alice.vault.journal.lines()).filter(({ what }) => what === 'rules-changed')).toHaveLength(1)
})
