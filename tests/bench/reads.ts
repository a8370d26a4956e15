/**
 * What it costs the server to answer an authenticated GET of a sealed file of 100 KB, granted to one person or to a group of
 * 10,000, ours beside Community Solid Server as published; and what noting reads for their owner adds. Processor time is the
 * server process's own (/proc), so that whatever else the machine does falls on neither.
 */
import { readFile } from 'node:fs/promises'
import { FLOOR } from '#crypto'
import { createVault, memoryStore, solidPod } from '#core'
import { newAccount, type Account } from '../accounts.ts'
import { startStock } from '../stock-server.ts'
import { readerOf, type Reader } from './reader.ts'
import { withServer } from './server.ts'
import { atLeast, atMost, duration, significant, type Bench, type Row } from './table.ts'
import { median, timed } from './timing.ts'

const SIZE = 100_000
const MEMBERS = 10_000
const [READS, OF_GROUP, AT_ONCE] = [300, 40, 8]
const WARM_MS = 6_000

interface Side {
  pid: number
  bob: Reader
  /** By who may read it. */
  files: { agent: string; group: string }
}

const put = async ({ fetch: as }: Account, url: string, type: string, body: string): Promise<void> => {
  const response = await as(url, { method: 'PUT', headers: { 'content-type': type }, body })
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
}

const rule = (owner: string, url: string, audience: string): string => `@prefix acl: <http://www.w3.org/ns/auth/acl#>.
  <#o> a acl:Authorization; acl:agent <${owner}>; acl:accessTo <${url}>; acl:mode acl:Read, acl:Write, acl:Control.
  <#r> a acl:Authorization; ${audience}; acl:accessTo <${url}>; acl:mode acl:Read.`

async function prepare({ url, pid }: { url: string; pid: number }): Promise<Side> {
  const [alice, bob] = [await newAccount(url, 'alice'), await newAccount(url, 'bob')]
  const { webId, pod: storage, fetch } = alice
  // With a vault, so that there is an owner to seal the history to.
  const pod = await solidPod({ webId, storage, fetch })
  await createVault({ pod, store: memoryStore() }, { password: 'bench', passwordCost: FLOOR })
  const share = async (path: string, type: string, body: string, audience: string): Promise<string> => {
    await put(alice, storage + path, type, body)
    await put(alice, `${storage}${path}.acl`, 'text/turtle', rule(webId, storage + path, audience))
    return storage + path
  }
  const others = Array.from({ length: MEMBERS - 1 }, (_, at) => `https://people.example/${at}#me`)
  const members = [...others, bob.webId].map(one => `<${one}>`).join(', ')
  const group = await share(
    'members',
    'text/turtle',
    `<#g> <http://www.w3.org/2006/vcard/ns#hasMember> ${members}.`,
    'acl:agentClass <http://xmlns.com/foaf/0.1/Agent>',
  )
  const file = (name: string, audience: string) =>
    share(`alveole/c/bench/${name}.alv`, 'application/vnd.alveole', 'x'.repeat(SIZE), audience)
  return {
    pid,
    bob: await readerOf(url, bob, AT_ONCE),
    files: {
      agent: await file('agent', `acl:agent <${bob.webId}>`),
      group: await file('group', `acl:agentGroup <${group}#g>`),
    },
  }
}

/** Milliseconds of processor time of a process so far; the kernel counts in hundredths of a second. */
async function processor(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

async function read({ bob }: Side, url: string): Promise<void> {
  const bytes = await bob.read(url)
  if (bytes !== SIZE) throw new Error(`${url}: ${bytes} bytes`)
}

async function readMany(side: Side, url: string, times: number): Promise<void> {
  let left = times
  const one = async (): Promise<void> => {
    while (left-- > 0) await read(side, url)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
}

/** As long for either: a server at work for a while is what is compared. */
async function warm(side: Side, url: string): Promise<void> {
  for (const end = performance.now() + WARM_MS; performance.now() < end;) await readMany(side, url, AT_ONCE * 4)
}

/** Processor time and wall time of one read, AT_ONCE at a time. */
async function cost(side: Side, url: string, times: number): Promise<{ cpu: number; wall: number }> {
  await warm(side, url)
  const before = await processor(side.pid)
  const wall = await timed(() => readMany(side, url, times))
  return { cpu: ((await processor(side.pid)) - before) / times, wall: wall / times }
}

async function rows(ours: Side, stock: Side): Promise<Row[]> {
  const [theirs, agent] = [await cost(stock, stock.files.agent, READS), await cost(ours, ours.files.agent, READS * 3)]
  const [theirGroup, group] = [
    await cost(stock, stock.files.group, OF_GROUP),
    await cost(ours, ours.files.group, READS * 3),
  ]
  const cpu = (ms: number) => `${significant(ms)} ms`
  return [
    {
      action: 'authenticated GET of 100 KB granted to one agent: processor time of the server',
      baseline: cpu(theirs.cpu),
      alveole: cpu(agent.cpu),
      ...atLeast(theirs.cpu / agent.cpu, 8),
    },
    {
      action: `the same, ${AT_ONCE} at a time: throughput`,
      baseline: `${significant(1000 / theirs.wall)}/s`,
      alveole: `${significant(1000 / agent.wall)}/s`,
      ...atLeast(theirs.wall / agent.wall, 5),
    },
    {
      action: `granted to a group of ${MEMBERS.toLocaleString('en')}: processor time`,
      baseline: cpu(theirGroup.cpu),
      alveole: cpu(group.cpu),
      ...atLeast(theirGroup.cpu / group.cpu, 50),
    },
    {
      action: 'the group of 10,000 beside one agent: processor time',
      baseline: cpu(agent.cpu),
      alveole: cpu(group.cpu),
      ...atMost(group.cpu / agent.cpu, 1.2, '×'),
    },
  ]
}

/** One read at a time, of two servers in turn: one notes, the other does not. */
async function history(noting: Side, silent: Side): Promise<Row> {
  for (const side of [noting, silent]) await warm(side, side.files.agent)
  const times: Record<'noting' | 'silent', number[]> = { noting: [], silent: [] }
  for (let at = 0; at < READS * 3; at++) {
    times.noting.push(await timed(() => read(noting, noting.files.agent)))
    times.silent.push(await timed(() => read(silent, silent.files.agent)))
  }
  const [with_, without] = [median(times.noting), median(times.silent)]
  return {
    action: 'what noting reads for their owner adds to one: median time',
    baseline: duration(without),
    alveole: duration(with_),
    ...atMost((with_ / without - 1) * 100, 5, ' %'),
  }
}

export const reads = (): Promise<Bench> =>
  withServer(async server => {
    const ours = await prepare(server)
    const stock = await startStock()
    let made: Row[]
    try {
      made = await rows(ours, await prepare(stock))
    } finally {
      await stock.stop()
    }
    const last = await withServer(async other => history(ours, await prepare(other)), { history: false })
    return {
      about: `reads: a sealed file of 100 KB, each server in a process of its own with a vault, reads noted on ours; stock CSS with its config/file.json, the same run. ${READS} reads of stock, ${OF_GROUP} where the group is asked, ${READS * 3} of ours, each after six seconds of the same.`,
      rows: [...made, last],
    }
  })
