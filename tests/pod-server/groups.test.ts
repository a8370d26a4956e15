/** Rules for groups: decided as by CSS's own checker, from what the documents say at the moment, without fetching them. */
import { once } from 'node:events'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { Parser, Store } from 'n3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { css } from '../../pod-server/css.ts'
import { Recent } from '../../pod-server/fast-read/recent.ts'
import { ForeignMembers } from '../../pod-server/groups/foreign-members.ts'
import { acl, alv, vcard, xsd } from '#vocab'
import { CSS, FastPod, PREFIX } from './fast-reads.ts'

let pod: FastPod
const asked: string[] = []
const onRequest = (message: unknown): void => {
  asked.push((message as { request: IncomingMessage }).request.url ?? '')
}

beforeAll(async () => {
  pod = await FastPod.start()
  subscribe('http.server.request.start', onRequest)
})

afterAll(async () => {
  unsubscribe('http.server.request.start', onRequest)
  await pod.stop()
})

/** Longer than any file system's step of time: what is read now is kept. */
const SETTLED_MS = 2_200

const turtle = (url: string, body: string) => pod.put(url, body, 'text/turtle')
const openTo = (url: string, more = ''): string =>
  `${PREFIX} <#all> a acl:Authorization; acl:agentClass foaf:Agent; acl:accessTo <${url}>; ${more} acl:mode acl:Read.
   <#owner> a acl:Authorization; acl:agent <${pod.alice.webId}>; acl:accessTo <${url}>; acl:mode acl:Read, acl:Write, acl:Control.`
const membership = (group: string, ...members: readonly string[]): string =>
  members.map(member => `<${group}> <${vcard.hasMember}> <${member}>.`).join('\n')

/** A sealed file that the group may read, and the group's document with bob in it. */
const shared = async (name: string, document = `${pod.alice.pod}${name}/members`) => {
  const url = `${pod.alice.pod}${name}/x.alv`
  await pod.put(url, 'sealed')
  await turtle(document, membership(`${document}#g`, pod.bob.webId))
  await turtle(`${document}.acl`, openTo(document))
  const rule = `<#owner> a acl:Authorization; acl:agent <${pod.alice.webId}>; acl:accessTo <${url}>; acl:mode acl:Read, acl:Control.
    <#group> a acl:Authorization; acl:agentGroup <${document}#g>; acl:accessTo <${url}>; acl:mode acl:Read.`
  await turtle(`${url}.acl`, `${PREFIX} ${rule}`)
  return { url, document }
}

/** What bob gets, of either path. */
const seenByBob = async (url: string): Promise<[fast: number, css: number]> => {
  const fast = await pod.get(pod.bob.fetch, url)
  return [fast.status, (await pod.get(pod.bob.fetch, url, CSS)).status]
}

describe('a removal counts at the next request', () => {
  type Case = [name: string, remove: (document: string) => Promise<unknown>]
  const cases: Case[] = [
    ['document written again', document => turtle(document, membership(`${document}#g`, pod.alice.webId))],
    [
      'document patched',
      document =>
        pod.alice.fetch(document, {
          method: 'PATCH',
          headers: { 'content-type': 'application/sparql-update' },
          body: `DELETE DATA { <${document}#g> <${vcard.hasMember}> <${pod.bob.webId}> }`,
        }),
    ],
    ['document deleted', document => pod.alice.fetch(document, { method: 'DELETE' })],
    ['document made private', document => turtle(`${document}.acl`, openTo(document).replace('foaf:Agent', 'acl:x'))],
    [
      'document of another type',
      document =>
        pod.put(document, JSON.stringify({ '@id': `${document}#g`, [vcard.hasMember]: [] }), 'application/ld+json'),
    ],
    ['not Turtle any more', document => writeFile(pod.file(`${document}$.ttl`), 'not <Turtle')],
    [
      'changed on disk, as many bytes',
      async document => {
        const file = pod.file(`${document}$.ttl`)
        await writeFile(file, (await readFile(file, 'utf8')).replace('/bob', '/bib'))
      },
    ],
    ['removed on disk', document => rm(pod.file(`${document}$.ttl`))],
  ]

  test('in eight ways, on either path', async () => {
    const all = await Promise.all(
      cases.map(async ([name, remove], at) => ({ name, remove, ...(await shared(`g${at}`)) })),
    )
    await wait(SETTLED_MS)
    for (const { name, url } of all)
      for (let time = 0; time < 2; time += 1) expect([name, await seenByBob(url)]).toEqual([name, [200, 200]])
    for (const { name, remove, url, document } of all) {
      await remove(document)
      expect([name, await seenByBob(url)]).toEqual([name, [403, 403]])
    }
  })

  test('an addition too', async () => {
    const { url, document } = await shared('added')
    await turtle(document, membership(`${document}#g`, pod.alice.webId))
    await wait(SETTLED_MS)
    expect(await seenByBob(url)).toEqual([403, 403])
    await turtle(document, membership(`${document}#g`, pod.alice.webId, pod.bob.webId))
    expect(await seenByBob(url)).toEqual([200, 200])
  })

  test('the end of the rule by which everybody may read the document', async () => {
    const { url, document } = await shared('ending')
    const end = new Date(Date.now() + SETTLED_MS + 1_000)
    await turtle(`${document}.acl`, openTo(document, `<${alv.validUntil}> "${end.toISOString()}"^^<${xsd.dateTime}>;`))
    expect(await seenByBob(url)).toEqual([200, 200])
    await wait(end.getTime() - Date.now() + 1)
    expect(await seenByBob(url)).toEqual([403, 403])
  })
})

test('a document of this server is not fetched', async () => {
  const { url, document } = await shared('fetched')
  asked.length = 0
  expect(await seenByBob(url)).toEqual([200, 200])
  expect(asked).not.toContain(new URL(document).pathname)
})

test('ten thousand members', async () => {
  const { url, document } = await shared('many')
  const others = Array.from({ length: 9_999 }, (_, at) => `https://people.example/${at}#me`)
  await turtle(document, membership(`${document}#g`, ...others, pod.bob.webId))
  expect(await seenByBob(url)).toEqual([200, 200])
  await turtle(document, membership(`${document}#g`, ...others))
  expect(await seenByBob(url)).toEqual([403, 403])
})

describe("as CSS's own checker decides", () => {
  const asCss = async (group: string): Promise<boolean> => {
    const rules = new Store(new Parser().parse(`<urn:r> <${acl.agentGroup}> ${group}.`))
    const [rule] = rules.getSubjects(acl.agentGroup, null, null)
    if (!rule) throw new Error('no rule')
    const credentials = { agent: { webId: pod.bob.webId } }
    return new css.AgentGroupAccessChecker().handle({ acl: rules, rule, credentials })
  }

  const is = (group: string, bob = `<${pod.bob.webId}>`): string => `${group} <${vcard.hasMember}> ${bob}.`

  type Case = [name: string, document: string, group: (document: string) => string, text: (document: string) => string]
  const cases: Case[] = [
    ['a member', 'm1', d => `<${d}#g>`, d => is(`<${d}#g>`)],
    ['a member by a relative IRI', 'm2', d => `<${d}#g>`, () => is('<#g>')],
    ['of another group in the document', 'm3', d => `<${d}#g>`, () => is('<#h>')],
    ['the document itself as a group', 'm4', d => `<${d}>`, () => is('<>')],
    ['a literal as a member', 'm5', d => `<${d}#g>`, () => is('<#g>', `"${pod.bob.webId}"`)],
    ['a file with its extension', 'm6.ttl', d => `<${d}#g>`, () => is('<#g>')],
    ['an empty document', 'm7', d => `<${d}#g>`, () => ''],
    ['a literal as a group', 'm8', d => `"${d}#g"`, () => is('<#g>')],
    ['a query', 'm9', d => `<${d}?q#g>`, d => is(`<${d}?q#g>`)],
    ['an escape', 'm%20a', d => `<${d}#g>`, () => is('<#g>')],
    ['two fragments', 'm10', d => `<${d}#g>`, () => `${is('<#h>')} ${is('<#g>')}`],
    ['another spelling of the host', 'm11', d => `<${d.replace('localhost', '127.0.0.1')}#g>`, d => is(`<${d}#g>`)],
  ]

  test.each(cases)('%s', async (name, path, group, text) => {
    const document = `${pod.alice.pod}cases/${path}`
    await turtle(document, text(document))
    await turtle(`${document}.acl`, openTo(document))
    const url = `${pod.alice.pod}cases/${path.replaceAll(/\W/g, '-')}.alv`
    await pod.put(url, 'sealed')
    const rule = `<#g> a acl:Authorization; acl:agentGroup ${group(document)}; acl:accessTo <${url}>; acl:mode acl:Read.`
    await turtle(`${url}.acl`, `${PREFIX} ${rule}`)
    const expected = (await asCss(group(document))) ? 200 : 403
    expect([name, await seenByBob(url)]).toEqual([name, [expected, expected]])
  })

  test('a folder, a file that is none, rules, and nothing at all', async () => {
    for (const path of ['', 'profile/', 'nothing', '.acl', 'profile/card.acl', '../.internal/x']) {
      const group = `<${pod.alice.pod}${path}#g>`
      const url = `${pod.alice.pod}odd.alv`
      await pod.put(url, 'sealed')
      const rule = `<#g> a acl:Authorization; acl:agentGroup ${group}; acl:accessTo <${url}>; acl:mode acl:Read.
        <#owner> a acl:Authorization; acl:agent <${pod.alice.webId}>; acl:accessTo <${url}>; acl:mode acl:Read, acl:Write, acl:Control.`
      await turtle(`${url}.acl`, `${PREFIX} ${rule}`)
      expect([path, await asCss(group).catch(() => false), await seenByBob(url)]).toEqual([path, false, [403, 403]])
    }
  })
})

describe('a document of another server', () => {
  const serve = async (answer: () => { status: number; body: string }) => {
    let requests = 0
    const server = createServer((_request, response) => {
      requests += 1
      const { status, body } = answer()
      response.writeHead(status, { 'content-type': 'text/turtle' }).end(body)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/g`
    return { url, requests: () => requests, close: () => server.close() }
  }

  test('is fetched once for all who ask, and again after seconds', async () => {
    let body = is('a')
    const { url, requests, close } = await serve(() => ({ status: 200, body }))
    const members = new ForeignMembers()
    const found = await Promise.all([members.of(url), members.of(url)])
    expect(found.map(one => one.get('urn:g')?.has('urn:a'))).toEqual([true, true])
    body = is('b')
    expect((await members.of(url)).get('urn:g')?.has('urn:a')).toBe(true)
    expect(requests()).toBe(1)
    await wait(5_100)
    expect([...((await members.of(url)).get('urn:g') ?? [])]).toEqual(['urn:b'])
    expect(requests()).toBe(2)
    close()
  })

  test('is not kept when it fails', async () => {
    let status = 500
    const { url, close } = await serve(() => ({ status, body: is('a') }))
    const members = new ForeignMembers()
    await expect(members.of(url)).rejects.toThrow('Could not retrieve')
    status = 200
    expect((await members.of(url)).get('urn:g')?.has('urn:a')).toBe(true)
    close()
  })

  const is = (name: string): string => `<urn:g> <${vcard.hasMember}> <urn:${name}>.`
})

test('what is kept is bounded by its weight, and what nobody asks for goes first', () => {
  const kept = new Recent<number>(10, weight => weight)
  kept.set('a', 4)
  kept.set('b', 4)
  expect(kept.get('a')).toBe(4)
  kept.set('c', 4)
  expect([kept.get('a'), kept.get('b'), kept.get('c')]).toEqual([4, undefined, 4])
  kept.set('d', 11)
  expect(['a', 'c', 'd'].map(key => kept.get(key))).toEqual([undefined, undefined, undefined])
  kept.set('e', 10)
  kept.set('e', 1)
  kept.set('f', 9)
  expect([kept.get('e'), kept.get('f')]).toEqual([1, 9])
})
