/**
 * A family's vault in fifty folders (many/fill.ts): what it looks like on the server, what opening, a first page and all of it cost in
 * requests and bytes, what searching costs, and how much memory listing and searching it all takes.
 */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openVault, type Surroundings, type Vault } from '#core'
import { memoryObjects } from '../../client/core/object-store.ts'
import { bundled } from '../bundled-page.ts'
import { fill, PHOTOS, RECORDS } from './many/fill.ts'
import { memoryInChromium, memoryInNode } from './many/memory.ts'
import { newOwner, openSeal, type Asked, type Owner } from './many/owner.ts'
import type { Memory } from './many/process-memory.ts'
import { QUERIES } from './many/reader.ts'
import { signedInRelay } from './many/relay.ts'
import { withServer, type Server } from './server.ts'
import { atMost, duration, type Bench, type Row } from './table.ts'
import { cpuOf, median, timed } from './timing.ts'

const FOLDERS = 50
const PAGE = { order: '-date' as const, limit: 50 }

const row = (action: string, alveole: string, result: Pick<Row, 'result' | 'target' | 'met'>): Row => ({
  action,
  baseline: '',
  alveole,
  ...result,
})
const stated = (result: string): Pick<Row, 'result' | 'target' | 'met'> => ({ result, target: 'stated', met: true })
const kilobytes = (bytes: number): string => `${Math.round(bytes / 1024).toLocaleString('en')} KB`

interface Stored {
  children: number
  head: number
  objects: number
  bytes: number
}

/** The most children of a folder of the vault, the largest head, and all of it; what the server keeps beside an object aside. */
async function stored(folder: string): Promise<Stored> {
  const all: Stored = { children: 0, head: 0, objects: 0, bytes: 0 }
  const inVault = async (at: string): Promise<void> => {
    const entries = (await readdir(at, { withFileTypes: true })).filter(({ name }) => !/\.(meta|acl)$/.test(name))
    all.children = Math.max(all.children, entries.length)
    for (const entry of entries) {
      const path = join(at, entry.name)
      if (entry.isDirectory()) await inVault(path)
      else {
        const { size } = await stat(path)
        if (entry.name.startsWith('head.alv')) all.head = Math.max(all.head, size)
        all.objects++
        all.bytes += size
      }
    }
  }
  const paths = await readdir(folder, { recursive: true })
  const vault = paths.find(path => path.endsWith('/alveole'))
  if (!vault) throw new Error('no vault on the disk')
  await inVault(join(folder, vault))
  return all
}

/** What a step asks of the pod, and how long it takes. */
async function costOf(asked: Asked, work: () => Promise<unknown>): Promise<Asked & { ms: number }> {
  const before = { ...asked }
  const ms = await timed(work)
  return { requests: asked.requests - before.requests, bytes: asked.bytes - before.bytes, ms }
}

type Objects = NonNullable<Surroundings['objects']>

/** A device that has its keys and marks, and the copies in `objects` if any. */
async function device(owner: Owner, objects?: Objects) {
  const asked: Asked = { requests: 0, bytes: 0 }
  const around = { pod: await owner.pod(asked), store: owner.store, ...(objects && { objects }) }
  let vault!: Vault
  const open = await costOf(asked, async () => {
    vault = await openVault(around, { seal: openSeal })
  })
  return { vault, open, costOf: (work: () => Promise<unknown>) => costOf(asked, work) }
}

const said = ({ requests, bytes, ms }: Asked & { ms: number }): string =>
  `${requests} requests, ${kilobytes(bytes)}, ${duration(ms)}`

async function onServer(server: Server): Promise<Row[]> {
  const { children, head, objects, bytes } = await stored(server.folder)
  return [
    row('most children of a container', `${children}`, atMost(children, 300)),
    row('largest head', kilobytes(head), atMost(head / 1024, 40, ' KB')),
    row('all objects', objects.toLocaleString('en'), stated(`${Math.round(bytes / 1e6)} MB`)),
  ]
}

async function opening(owner: Owner): Promise<Row[]> {
  const cold = await device(owner)
  const page = await cold.costOf(() => cold.vault.records.list(PAGE))
  const whole = await device(owner)
  const list = await whole.costOf(() => whole.vault.records.list())
  const objects = memoryObjects()
  await (await device(owner, objects)).vault.records.list()
  const warm = await device(owner, objects)
  const again = await warm.costOf(() => warm.vault.records.list())
  return [
    row('open, cold', said(cold.open), atMost(cold.open.requests, 3)),
    row(`… then a first page of all ${FOLDERS} folders`, said(page), atMost(page.requests, 0)),
    row('… or all that there is', said(list), atMost(list.requests, 3 * FOLDERS)),
    row('open, warm, nothing changed', said(warm.open), atMost(warm.open.requests, 1)),
    row('… then all that there is', said(again), atMost(again.requests, 0)),
  ]
}

async function searching(owner: Owner): Promise<Row[]> {
  const { vault } = await device(owner)
  for (const query of QUERIES) await vault.records.list(query)
  const times: number[] = []
  for (const query of QUERIES) {
    const all: number[] = []
    for (let i = 0; i < 5; i++) all.push(await cpuOf(() => vault.records.list(query)))
    times.push(median(all))
  }
  const slowest = Math.max(...times)
  return [
    row(
      'find among all, first 50, warm, the slowest of five',
      `${duration(slowest)} of CPU`,
      atMost(slowest, 50, ' ms'),
    ),
  ]
}

function taken(where: string, steps: readonly Memory[]): Row {
  const idle = steps[0]!.rss
  const most = Math.max(...steps.map(({ peak }) => peak)) - idle
  const found = steps.find(({ step }) => step === 'list')?.found ?? 0
  const action = `memory over idle, to list, sort and search ${found.toLocaleString('en')}, ${where}`
  return row(action, `${Math.round(idle / 1e6)} MB idle`, atMost(most / 1e6, 300, ' MB'))
}

export const many = (): Promise<Bench> =>
  withServer(async server => {
    const owner = await newOwner(server)
    const building = await timed(() => fill(owner.vault))
    const relay = await signedInRelay(owner.fetch, await bundled(new URL('./many/page-reader.ts', import.meta.url)))
    const reader = owner.device(relay.prefix)
    const rows = [
      row('make it', duration(building), stated(`${Math.round((RECORDS + PHOTOS) / (building / 1000))} records/s`)),
      ...(await onServer(server)),
      ...(await opening(owner)),
      ...(await searching(owner)),
      taken('Node', await memoryInNode(reader)),
      taken('Chromium', await memoryInChromium(reader)),
    ]
    relay.close()
    return { about: ABOUT, rows }
  })

const ABOUT = `many: ${RECORDS.toLocaleString('en')} vaccinations in 40 folders, ${PHOTOS.toLocaleString('en')} photos of 3 KB with thumbnails of 1.2 KB in 10, 500 a commit. Cold: nothing but the keys and marks that the device keeps; warm: with the copies too. Memory: the most that the process, or all renderers of the browser, held at any time, garbage included, less what they held with the code loaded; in a process of its own and in a worker of a page.`
