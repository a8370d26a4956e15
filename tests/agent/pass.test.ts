/** One look without keys, on a server that ends nothing by itself: races, deaths at any request, clocks that are wrong. */
import { describe, expect, test } from 'vitest'
import type { Pod } from '#core'
import { isCode } from '#crypto'
import { removeEnded } from '../../client/agent/pass.ts'
import { serverClock } from '../../client/agent/server-clock.ts'
import { readAcl, writeAcl, type Rule } from '../../client/core/acl.ts'
import { memoryServer } from '../../client/core/memory-pod.ts'
import { collectionsUrl, vaultRoot } from '../../client/core/paths.ts'
import { answering } from '../crash/answering.ts'
import { faultyPod, type Fault } from '../core/faulty-pod.ts'

const NOW = Date.UTC(2026, 5, 1)
const DAY = 24 * 3600_000
const onTime = { now: () => NOW, skew: () => 0 }
const names = ['AAAAAAAAAAAAAAAAAAAAAA', 'BBBBBBBBBBBBBBBBBBBBBB', 'CCCCCCCCCCCCCCCCCCCCCC']

const unenforced = (pod: Pod): Pod => answering(pod, { enforcesEnd: async () => false })

const reader = (name: string, until: number): Rule => ({
  agents: [`https://example.org/${name}#me`],
  modes: ['Read'],
  on: ['children'],
  until,
})

/** Three folders, each shared with somebody whose time is over and somebody whose time is not. */
async function scene() {
  const server = memoryServer(() => NOW)
  const pod = unenforced(server.pod('alice'))
  const owner: Rule = { agents: [pod.webId], modes: ['Read', 'Write', 'Control'], on: ['self', 'children'] }
  const folders = names.map(name => `${collectionsUrl(pod.storage)}${name}/`)
  await pod.put(`${vaultRoot(pod.storage)}.acl`, writeAcl(vaultRoot(pod.storage), [owner]), { type: 'text/turtle' })
  const put = (url: string, rules: readonly Rule[]) =>
    pod.put(`${url}.acl`, writeAcl(url, [owner, ...rules]), { type: 'text/turtle' })
  for (const url of folders) {
    await put(url, [reader('past', NOW - 1), reader('soon', NOW + DAY)])
    await pod.put(`${url}head.alv`, new Uint8Array(1))
  }
  const readers = (url: string): string[] =>
    readAcl(url, server.files.get(`${url}.acl`)!.body).flatMap(({ agents = [] }) =>
      agents.map(who => who.replace(/.*\/(?=\w+#)|#me/g, '')),
    )
  return { server, pod, folders, put, readers }
}

const SHOULD = ['card', 'soon']

test('what has ended goes from every folder, and when the next ends is told', async () => {
  const { pod, folders, readers } = await scene()
  const first = await removeEnded(pod, onTime)
  expect(first).toMatchObject({ looked: 3, removed: 3, problems: [], enforced: false })
  expect(first.ends).toEqual(names.map(collection => ({ collection, until: NOW + DAY })))
  expect(folders.map(readers)).toEqual([SHOULD, SHOULD, SHOULD])
  expect(await removeEnded(pod, onTime)).toMatchObject({ looked: 3, removed: 0 })
})

test('where the server ends rules by itself, nothing is written', async () => {
  const { server, folders, readers } = await scene()
  const seen = faultyPod(server.pod('alice'))
  expect(await removeEnded(seen, onTime)).toMatchObject({ removed: 0, enforced: true })
  expect(seen.requests.filter(request => request.startsWith('PUT'))).toEqual([])
  expect(readers(folders[0]!)).toEqual(['card', 'past', 'soon'])
})

test('two agents at once do what one does', async () => {
  const { pod, folders, readers } = await scene()
  const both = await Promise.all([removeEnded(pod, onTime), removeEnded(pod, onTime)])
  expect(both.flatMap(({ problems }) => problems)).toEqual([])
  expect(folders.map(readers)).toEqual([SHOULD, SHOULD, SHOULD])
})

test('a list that its owner changes meanwhile is read again: nothing of the change is lost', async () => {
  const { pod, folders, put, readers } = await scene()
  let raced = 0
  const racing = answering(pod, {
    put: async (...args) => {
      if (++raced <= 2) await put(folders[0]!, [reader('past', NOW - 1), reader(`new${raced}`, NOW + 2 * DAY)])
      return pod.put(...args)
    },
  })
  const { problems } = await removeEnded(racing, onTime)
  expect([raced > 2, problems]).toEqual([true, []])
  expect(readers(folders[0]!)).toEqual(['card', 'new2'])
})

describe('dead or refused at any request', () => {
  const statuses = [0, 403, 412, 500, 503, 507]
  test.each(statuses)('with %i, the next look does all that is left, and nobody else loses anything', async status => {
    const counted = faultyPod((await scene()).pod)
    await removeEnded(counted, onTime)
    for (const applied of [false, true]) {
      for (let at = 1; at <= counted.requests.length; at++) {
        const { pod, folders, readers } = await scene()
        await survived(pod, { at, status, applied })
        for (const url of folders) expect(readers(url)).toEqual(expect.arrayContaining(SHOULD))
        await removeEnded(pod, onTime)
        expect(folders.map(readers)).toEqual([SHOULD, SHOULD, SHOULD])
      }
    }
  })
})

async function survived(pod: Pod, fault: Fault): Promise<void> {
  try {
    await removeEnded(faultyPod(pod, fault), onTime)
  } catch (error) {
    if (!isCode(error, 'offline', 'server', 'busy', 'not-granted', 'full', 'conflict')) throw error
  }
}

test('a folder whose list is none of ours is told and left; the others are done', async () => {
  const { pod, folders, readers } = await scene()
  const [json, broken, fine] = folders as [string, string, string]
  const foreign: { [url: string]: { type: string; text: string } } = {
    [`${json}.acl`]: { type: 'application/ld+json', text: '{}' },
    [`${broken}.acl`]: { type: 'text/turtle', text: '<a> <b>' },
  }
  const puts: string[] = []
  const around = answering(pod, {
    put: (...args) => (puts.push(args[0]), pod.put(...args)),
    get: async url => {
      const { type, text } = foreign[url] ?? {}
      if (!type) return pod.get(url)
      return { status: 200, etag: '"1"', type, body: new TextEncoder().encode(text) }
    },
  })
  const { problems, removed } = await removeEnded(around, onTime)
  expect(problems).toEqual([
    { code: 'tampered', collection: names[0] },
    { code: 'tampered', collection: names[1] },
  ])
  expect([removed, readers(fine), puts]).toEqual([1, SHOULD, [`${fine}.acl`]])
})

test('a server that lists other names has nothing else looked at', async () => {
  const { pod, folders } = await scene()
  const others = [vaultRoot(pod.storage), `${folders[0]!}../../x/`, `${collectionsUrl(pod.storage)}short/`]
  const elsewhere = 'https://evil.example/c/AAAAAAAAAAAAAAAAAAAAAA/'
  const lying = faultyPod(answering(pod, { list: async () => [folders[0]!, folders[0]!, ...others, elsewhere] }))
  expect(await removeEnded(lying, onTime)).toMatchObject({ looked: 1, removed: 1 })
  const asked = lying.requests.filter(request => request.startsWith('GET'))
  expect(asked).toEqual([`GET ${folders[0]!}.acl`])
})

describe('a machine whose clock is a day off', () => {
  const answering = (date: number) =>
    serverClock(
      async () => new Response(null, { headers: { date: new Date(date).toUTCString() } }),
      () => NOW,
      () => 0,
    )

  test('ahead: takes nothing away early, by the time of the server, and says so', async () => {
    const { pod, folders, readers } = await scene()
    const clock = answering(NOW - DAY)
    await clock.fetch(pod.storage)
    expect(await removeEnded(pod, clock)).toMatchObject({ removed: 0, problems: [{ code: 'clock' }] })
    expect(readers(folders[0]!)).toEqual(['card', 'past', 'soon'])
  })

  test('behind: leaves nothing standing', async () => {
    const { pod, folders, readers } = await scene()
    const clock = answering(NOW + DAY)
    await clock.fetch(pod.storage)
    expect(await removeEnded(pod, clock)).toMatchObject({ removed: 6, problems: [{ code: 'clock' }] })
    expect(readers(folders[0]!)).toEqual(['card'])
  })

  test('goes on from the last answer by a clock that nobody sets; a server without a date leaves its own', async () => {
    let passed = 0
    const said = serverClock(
      async () => new Response(null, { headers: { date: new Date(NOW).toUTCString() } }),
      () => 0,
      () => passed,
    )
    expect(said.now()).toBe(0)
    await said.fetch('https://pod.example/')
    passed = 5000
    expect([said.now(), said.skew()]).toEqual([NOW + 5000, -NOW - 5000])
    const silent = serverClock(
      async () => new Response(),
      () => 7,
    )
    await silent.fetch('https://pod.example/')
    expect([silent.now(), silent.skew()]).toEqual([7, 0])
  })
})
