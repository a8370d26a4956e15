/**
 * What an action costs in requests and bytes, and how the account and the index grow: counted, not timed, on the in-memory server.
 *
 *   node tests/bench/costs.ts [records …]       1000 and 10000 unless told
 */
import { createVault, openVault, type CollectionId, type ObjectStore, type Pod, type Vault } from '#core'
import { FLOOR } from '#crypto'
import { memoryObjects } from '../../client/core/object-store.ts'
import { memoryServer } from '../../client/core/memory-pod.ts'
import { memoryStore } from '../../client/core/store.ts'
import { accountUrl } from '../../client/core/paths.ts'
import { purpose } from '#vocab'
import { KIND, vaccination, vaccinations } from './vaccinations.ts'

const PASSWORD = 'benches count requests'
const METHODS = ['get', 'put', 'post', 'patch', 'delete', 'list', 'profile'] as const
const DAY = 24 * 3600_000

/** Requests, bytes sent, bytes received. */
class Count {
  requests = 0
  sent = 0
  received = 0

  /** The same pod, counted. */
  on(pod: Pod): Pod {
    const counted = METHODS.map(method => {
      const call = pod[method].bind(pod) as (...args: unknown[]) => Promise<unknown>
      return [method, async (...args: unknown[]) => this.#note(args, await call(...args))]
    })
    return new Proxy(pod, { get: (of, name) => Object.fromEntries(counted)[name] ?? bound(of, name) })
  }

  #note(args: unknown[], answer: unknown): unknown {
    this.requests++
    if (args[1] instanceof Uint8Array) this.sent += args[1].length
    this.received += (answer as { body?: Uint8Array } | null)?.body?.length ?? 0
    return answer
  }

  /** What a piece of work costs. */
  async of(work: () => Promise<unknown>): Promise<string> {
    Object.assign(this, { requests: 0, sent: 0, received: 0 })
    await work()
    return `${this.requests} | ${size(this.sent)} | ${size(this.received)}`
  }
}

const bound = (of: object, name: string | symbol): unknown => {
  const value: unknown = Reflect.get(of, name, of)
  return typeof value === 'function' ? (value.bind(of) as unknown) : value
}
const size = (bytes: number): string =>
  bytes < 1e6 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`
const say = (what: string, cost: string): void => console.log(`| ${what} | ${cost} |`)

async function read({ body }: { body: Uint8Array | ReadableStream<Uint8Array> }): Promise<void> {
  if (body instanceof ReadableStream) for await (const _ of body);
}

interface Filled {
  server: ReturnType<typeof memoryServer>
  count: Count
  vault: Vault
  collection: CollectionId
  /** Another opening: by a device that has these objects, or none. */
  open(objects: ObjectStore): Promise<Vault>
}

async function filled(records: number): Promise<Filled> {
  const server = memoryServer()
  const count = new Count()
  const around = { pod: count.on(server.pod('alice')), store: memoryStore() }
  const made = await createVault(around, { password: PASSWORD, passwordCost: FLOOR })
  const { id: collection } = await made.vault.collections.create('Health')
  const all = vaccinations(records).map(value => ({ kind: KIND, value }))
  for (let from = 0; from < all.length; from += 500)
    await made.vault.records.putAll(all.slice(from, from + 500), collection)
  await made.vault.settle()
  const open = (objects: ObjectStore): Promise<Vault> => openVault({ ...around, objects }, { password: PASSWORD })
  return { server, count, vault: made.vault, collection, open }
}

async function actions(records: number): Promise<void> {
  const { count, collection, open } = await filled(records)
  const objects = memoryObjects()
  let vault!: Vault
  const list = () => vault.records.list({ limit: 50 })
  console.log(`\n| with ${records.toLocaleString('en')} records | requests | sent | received |\n|---|---|---|---|`)
  say('open on a new store, first page', await count.of(async () => ((vault = await open(objects)), list())))
  const [first] = await list()
  say('look at one record', await count.of(() => vault.records.get(first!.id)))
  say('sync, and all records fetched behind', await count.of(async () => (await vault.sync(), vault.fetchAhead())))
  say('open again, first page', await count.of(async () => ((vault = await open(objects)), list())))
  say('sync, nothing changed', await count.of(() => vault.sync()))
  const add = (n: number) => vault.records.put(KIND, vaccination(n), { collection })
  say('add a record', await count.of(() => add(records)))
  const hundred = async () => {
    for (let n = 1; n <= 100; n++) await add(records + n)
  }
  say('add a hundred, one by one', await count.of(hundred))
  const meta = { collection, name: 'film.mp4', mediaType: 'video/mp4' }
  const film = new Blob([new Uint8Array(64 << 20)])
  let content!: Awaited<ReturnType<typeof vault.blobs.put>>
  say('store a file of 64 MiB', await count.of(async () => (content = await vault.blobs.put(film, meta))))
  await vault.records.put('File', { content: content as never, name: 'film.mp4' }, { collection })
  say('erase a record', await count.of(() => vault.records.erase(first!.id)))
  const everything = async (): Promise<void> => {
    for await (const file of vault.export('source')) await read(file)
  }
  say('export everything', await count.of(everything))
  say(
    'export everything, on a new store',
    await count.of(async () => ((vault = await open(memoryObjects())), everything())),
  )
}

async function growth(): Promise<void> {
  const { server, vault, collection } = await filled(10)
  const bob = await createVault(
    { pod: server.pod('bob'), store: memoryStore() },
    { password: PASSWORD, passwordCost: FLOOR },
  )
  const url = accountUrl(vault.pod.storage)
  const terms = { to: bob.vault.owner, collections: [collection], facets: ['health/immunizations'] }
  console.log('\n| grants that ended | account | its pages |\n|---|---|---|')
  for (let given = 0; given <= 1000; given++) {
    if ([0, 10, 100, 1000].includes(given)) {
      await vault.settle()
      const pages = [...server.files].filter(([one]) => one.startsWith(url.replace(/\.alv$/, '/')))
      const bytes = pages.reduce((sum, [, { body }]) => sum + body.length, 0)
      console.log(`| ${given} | ${size(server.files.get(url)!.body.length)} | ${pages.length}, ${size(bytes)} |`)
    }
    const until = new Date(Date.now() + DAY)
    const { grant } = await vault.grants.give({ ...terms, until, purpose: purpose('dpv:HealthcareManagement')! })
    await vault.grants.revoke(grant)
  }
}

const asked = process.argv.slice(2).map(Number)
for (const records of asked.length ? asked : [1000, 10_000]) await actions(records)
await growth()
process.exit(0) // sessions keep timers
