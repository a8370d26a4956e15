/** A new pod: private root, public profile, private type index, an inbox that takes and does not show. */
import { Parser, Store } from 'n3'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { turtleIri, turtleString } from '../../pod-server/components/pod-template-generator.ts'
import { newAccount } from '../accounts.ts'
import type { Account } from '../accounts.ts'

const base = inject('pod')
let alice: Account
let bob: Account

beforeAll(async () => {
  alice = await newAccount(base, 'alice')
  bob = await newAccount(base, 'bob')
})

const read = async (fetcher: typeof fetch, url: string): Promise<Store> => {
  const response = await fetcher(url, { headers: { accept: 'text/turtle' } })
  expect(response.status).toBe(200)
  return new Store(new Parser({ baseIRI: url }).parse(await response.text()))
}

const status = async (fetcher: typeof fetch, url: string, init?: RequestInit): Promise<number> =>
  (await fetcher(url, init)).status

describe('privacy', () => {
  test.each(['', 'profile/', 'settings/', 'settings/privateTypeIndex.ttl', 'inbox/', '.acl', 'profile/card.acl'])(
    'only the owner reads /%s',
    async path => {
      expect(await status(fetch, alice.pod + path)).toBe(401)
      expect(await status(bob.fetch, alice.pod + path)).toBe(403)
      expect(await status(alice.fetch, alice.pod + path)).toBe(200)
    },
  )

  test('the root is a storage with a listing for its owner', async () => {
    const response = await alice.fetch(alice.pod)
    expect(response.headers.get('link')).toContain('<http://www.w3.org/ns/pim/space#Storage>; rel="type"')
    const listing = await read(alice.fetch, alice.pod)
    const names = listing.getObjects(alice.pod, 'http://www.w3.org/ns/ldp#contains', null).map(term => term.value)
    expect(names.sort()).toEqual(['inbox/', 'profile/', 'settings/'].map(name => alice.pod + name))
  })

  test('only the owner writes', async () => {
    const put = { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: 'x' }
    for (const path of ['x', 'profile/card', 'inbox/x', '.acl']) {
      expect(await status(bob.fetch, alice.pod + path, put)).toBe(403)
    }
    expect(await status(alice.fetch, `${alice.pod}x`, put)).toBe(201)
  })
})

describe('profile', () => {
  test('anyone finds the name, the issuer, the storage, the inbox and the type index', async () => {
    const card = await read(fetch, `${alice.pod}profile/card`)
    const values = (predicate: string): string[] =>
      card.getObjects(alice.webId, predicate, null).map(term => term.value)
    expect(alice.webId).toBe(`${alice.pod}profile/card#me`)
    expect(values('http://xmlns.com/foaf/0.1/name')).toEqual(['alice'])
    expect(values('http://www.w3.org/2006/vcard/ns#fn')).toEqual(['alice'])
    expect(values('http://www.w3.org/ns/solid/terms#oidcIssuer')).toEqual([base])
    expect(values('http://www.w3.org/ns/pim/space#storage')).toEqual([alice.pod])
    expect(values('http://www.w3.org/ns/ldp#inbox')).toEqual([`${alice.pod}inbox/`])
    expect(values('http://www.w3.org/ns/solid/terms#privateTypeIndex')).toEqual([
      `${alice.pod}settings/privateTypeIndex.ttl`,
    ])
  })

  test('the private type index is one', async () => {
    const url = `${alice.pod}settings/privateTypeIndex.ttl`
    const index = await read(alice.fetch, url)
    const types = index.getObjects(url, 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type', null).map(t => t.value)
    expect(types).toContain('http://www.w3.org/ns/solid/terms#TypeIndex')
    expect(types).toContain('http://www.w3.org/ns/solid/terms#UnlistedDocument')
  })

  test.each(["L'Hôte & fils", 'a "quoted" \\ name\\', 'two\nlines', '<b>{{webId}}</b>'])(
    'keeps the name %j',
    async name => {
      const account = await newAccount(base, name)
      const card = await read(fetch, `${account.pod}profile/card`)
      expect(card.getObjects(account.webId, 'http://xmlns.com/foaf/0.1/name', null)[0]?.value).toBe(name)
    },
  )

  test('[Turtle §6.4] an IRI cannot end early', () => {
    expect(turtleString('"')).toBe(String.raw`"\""`)
    expect(turtleIri('https://a.example/b c')).toBe('<https://a.example/b%20c>')
    expect(() => turtleIri('https://a.example/#\\')).toThrow('IRI')
  })
})

describe('inbox', () => {
  const message = { method: 'POST', headers: { 'content-type': 'application/vnd.alveole' }, body: 'sealed' }

  test('whoever is signed in drops a message that only the owner reads', async () => {
    const dropped = await bob.fetch(`${alice.pod}inbox/`, message)
    expect(dropped.status).toBe(201)
    const url = dropped.headers.get('location') ?? ''
    expect(await status(bob.fetch, url)).toBe(403)
    expect(await status(bob.fetch, url, { method: 'DELETE' })).toBe(403)
    expect(await status(alice.fetch, url)).toBe(200)
    expect(await status(alice.fetch, url, { method: 'DELETE' })).toBe(205)
  })

  test('a stranger drops nothing', async () => {
    expect(await status(fetch, `${alice.pod}inbox/`, message)).toBe(401)
  })
})
