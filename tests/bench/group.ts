/**
 * A circle of ten thousand: what it costs its steward to let one in and out, who comes to join it, and all of it when a steward goes.
 * On a server in memory, whose own work is not counted: processor time is the client's.
 */
import { createVault, type GroupId, type Pod } from '#core'
import { drawSeeds, FLOOR, groupLeaf, publicOf, random, type GroupBody } from '#crypto'
import { changeGroup, standing } from '../../client/core/groups/change-group.ts'
import { groupBytes } from '../../client/core/groups/open-group.ts'
import { memoryServer } from '../../client/core/memory-pod.ts'
import { memoryStore } from '../../client/core/store.ts'
import { partsOf, type Vault } from '../../client/core/vault.ts'
import { atMost, significant, type Bench, type Row } from './table.ts'

const MEMBERS = 10_000
const IN_A_ROW = 200
const milliseconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000

/** What went over the line, without the account, and the time that the client worked. */
interface Cost {
  puts: number
  patches: number
  gets: number
  written: number
  read: number
  cpu: number
  ms: number
}

class Meter {
  #cost: Cost = none()
  #server = 0

  on(pod: Pod): Pod {
    return new Proxy(pod, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property, target)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => this.#call(String(property), args, () => value.apply(target, args) as unknown)
      },
    })
  }

  #call(method: string, args: unknown[], send: () => unknown): unknown {
    const isAccount = String(args[0]).endsWith('account.alv')
    if (method === 'put' && !isAccount) {
      this.#cost.puts++
      this.#cost.written += (args[1] as Uint8Array).length
    } else if (method === 'patch') this.#cost.patches++
    const before = process.cpuUsage()
    const answer = send() // all of its work, before it gives a promise
    this.#server += milliseconds(process.cpuUsage(before))
    if (method !== 'get' && method !== 'profile') return answer
    if (!isAccount) this.#cost.gets++
    return (answer as Promise<{ body?: Uint8Array } | null>).then(reply => {
      this.#cost.read += reply?.body?.length ?? 0
      return reply
    })
  }

  async of(work: () => Promise<unknown>): Promise<Cost> {
    ;[this.#cost, this.#server] = [none(), 0]
    const [began, before] = [performance.now(), process.cpuUsage()]
    await work()
    const cpu = milliseconds(process.cpuUsage(before)) - this.#server
    return { ...this.#cost, cpu, ms: performance.now() - began }
  }
}
const none = (): Cost => ({ puts: 0, patches: 0, gets: 0, written: 0, read: 0, cpu: 0, ms: 0 })

const webIdOf = (i: number): string => `https://pod.example/member-${i}/profile/card#me`

/** All at once: members with keys, and no pods. */
async function populate(vault: Vault, group: GroupId, count: number): Promise<void> {
  const { context, groups } = partsOf(vault)
  const open = await groups.opened(group, true)
  const id = groupBytes(open.id)
  const keys = Array.from({ length: count }, () => publicOf(drawSeeds()).kem)
  const entries = keys.map((kem, i): GroupBody => ({
    type: 'admit',
    member: webIdOf(i),
    root: random(32),
    role: 'member',
    leaf: groupLeaf(id, kem),
  }))
  const populated = await changeGroup(context, standing(open), { entries, keys })
  await groups.remember(group, { ...populated, news: [] }) // or the account has a line and a pin of each
}

const seconds = (ms: number): string => `${significant(ms / 1000)} s`
const kilobytes = (bytes: number): string => `${significant(bytes / 1000)} KB`
const row = (action: string, alveole: string, value: number, most: number, unit = ''): Row => ({
  action,
  baseline: '',
  alveole,
  ...atMost(value, most, unit),
})
const rowsOf = (action: string, cost: Cost, [puts, bytes, cpu]: [number, number, number]): Row[] => [
  row(`${action}: PUTs, beside ${cost.patches} PATCH`, `${cost.puts}`, cost.puts, puts),
  row(`${action}: written`, kilobytes(cost.written), cost.written / 1000, bytes, ' KB'),
  row(`${action}: processor time`, `${significant(cost.cpu)} ms`, cost.cpu, cpu, ' ms'),
]

export async function group(): Promise<Bench> {
  const server = memoryServer()
  const meter = new Meter()
  const member = async (name: string) =>
    (
      await createVault(
        { pod: meter.on(server.pod(name)), store: memoryStore() },
        { password: name, passwordCost: FLOOR },
      )
    ).vault
  const [steward, other, joiner] = [await member('steward'), await member('other'), await member('joiner')]
  const { group: circle } = await steward.groups.found('Les Abeilles')
  await populate(steward, circle, MEMBERS - 2)
  const link = await steward.groups.invite(circle)
  await other.groups.join(link)
  await steward.groups.admit(circle, other.owner)
  await steward.groups.remove(circle, webIdOf(0))

  const removed = await meter.of(() => steward.groups.remove(circle, webIdOf(1)))
  await joiner.groups.join(await steward.groups.invite(circle))
  const admitted = await meter.of(() => steward.groups.admit(circle, joiner.owner))
  const joined = await meter.of(() => joiner.groups.list())
  const inARow: Cost[] = []
  for (let i = 2; i < IN_A_ROW + 2; i++) inARow.push(await meter.of(() => steward.groups.remove(circle, webIdOf(i))))
  const most = (of: keyof Cost): number => Math.max(...inARow.map(cost => cost[of]))
  const worst = {
    ...none(),
    puts: most('puts'),
    patches: most('patches'),
    written: most('written'),
    cpu: median(inARow),
  }
  await steward.groups.changeRole(circle, other.owner, 'steward')
  const renewed = await meter.of(() => steward.groups.remove(circle, other.owner))
  return {
    about: `group: a circle of ${MEMBERS.toLocaleString('en')}, a server in memory, whose work is left out of processor times; the account’s own writes are not counted; of ${IN_A_ROW} removals in a row the most of each, and the median of processor times.`,
    rows: [
      ...rowsOf('remove one', removed, [4, 8.192, 50]),
      ...rowsOf(`remove ${IN_A_ROW} in a row, each`, worst, [4, 8.192, 50]),
      ...rowsOf('let one in', admitted, [6, 16, 50]),
      row('join: requests', `${joined.gets}`, joined.gets, 10),
      row('join: read', kilobytes(joined.read), joined.read / 1000, 200, ' KB'),
      row('join: processor time', `${significant(joined.cpu)} ms`, joined.cpu, 50, ' ms'),
      row(
        'remove a steward: processor time',
        `${seconds(renewed.cpu)}, ${kilobytes(renewed.written)} in ${renewed.puts} PUTs, ${seconds(renewed.ms)} in all`,
        renewed.cpu / 1000,
        15,
        ' s',
      ),
    ],
  }
}

const median = (costs: readonly Cost[]): number =>
  costs.map(({ cpu }) => cpu).toSorted((a, b) => a - b)[costs.length >> 1]!
