/** One run of server.ts: what is killed when, by a seed, and what must have come of it. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createVault, openVault, solidPod, type Pod, type RecordId, type Surroundings, type Vault } from '#core'
import { FLOOR, toHex } from '#crypto'
import { deviceStore } from '../../client/node/device-store.ts'
import { sqliteObjects } from '../../client/node/object-store.ts'
import { authenticatedFetch } from '../../client/node/session.ts'
import { newAccount } from '../accounts.ts'
import { DAY, openSeal } from '../core/world.ts'
import { randomFrom } from '../fuzz/random.ts'
import { ClientProcess } from './client-process.ts'
import { Model } from './model.ts'
import type { Scene } from './operations.ts'
import { converged, inOlderVersions, isWell } from './outcome.ts'
import { PodProcess } from './pod-process.ts'

export interface Plan {
  seed: number
  devices: number
  /** Of each device. */
  operations: number
  kills: number
}

export interface Figures {
  serverKills: number
  clientKills: number
  /** How many attempts ended how, by code. */
  ended: Record<string, number>
  records: number
}

const PASSWORD = 'a password of the soak'

export async function soakServer(plan: Plan): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'alveole-soak-'))
  const server = new PodProcess(join(folder, 'pods'))
  let clients: ClientProcess[] = []
  try {
    await server.start()
    const { devices, scene, begin } = await prepare(server, folder, plan)
    clients = devices.map((device, n) => begin(device, n))
    const kills = await killing(plan, server, clients)
    await Promise.all(clients.map(client => client.finished))
    const records = await check(server, devices, scene)
    return { ...kills, ended: ClientProcess.sum(clients), records }
  } finally {
    await Promise.all([server.kill(), ...clients.map(client => client.end())])
    await rm(folder, { recursive: true })
  }
}

interface RealDevice {
  name: string
  around: Surroundings
  folder: string
  readonly wellOpened: () => Promise<Vault>
}

async function prepare(server: PodProcess, folder: string, plan: Plan) {
  const { webId, pod: storage, clientId, clientSecret } = await newAccount(server.url, 'alice')
  const credentials = { oidcIssuer: server.url, clientId, clientSecret }
  const pod = await solidPod({ webId, storage, fetch: authenticatedFetch(credentials) })
  const devices = Array.from({ length: plan.devices }, (_, n) => realDevice(`device ${n}`, join(folder, `${n}`), pod))
  const { vault } = await createVault(devices[0]!.around, { password: PASSWORD, passwordCost: FLOOR })
  const { id: collection } = await vault.collections.create('Health')
  await vault.keepUnlocked(openSeal)
  await vault.settle()
  for (const device of devices.slice(1))
    await (await openVault(device.around, { password: PASSWORD }, { name: device.name })).keepUnlocked(openSeal)
  const random = randomFrom(plan.seed)
  const ids = Array.from({ length: 8 }, () => toHex(random.bytes(16)) as RecordId)
  const scene: Scene = { collection, ids, model: new Model() }
  const begin = (device: RealDevice, n: number): ClientProcess =>
    new ClientProcess(scene.model, {
      name: device.name,
      folder: device.folder,
      webId,
      storage,
      credentials,
      collection,
      ids,
      seed: plan.seed + 104_729 * n,
      from: 0,
      to: plan.operations,
      pause: 400,
    })
  return { devices, scene, begin }
}

function realDevice(name: string, folder: string, pod: Pod): RealDevice {
  const around = { pod, store: deviceStore(folder), objects: sqliteObjects(folder) }
  return { name, folder, around, wellOpened: () => openVault(around, { seal: openSeal }) }
}

async function killing({ seed, kills }: Plan, server: PodProcess, clients: readonly ClientProcess[]) {
  const random = randomFrom(seed + 1)
  let [serverKills, clientKills] = [0, 0]
  for (let n = 0; n < kills; n++) {
    await setTimeout(200 + random.below(1500))
    if (n % 2) {
      serverKills++
      await server.kill()
      await setTimeout(random.below(300))
      await server.start()
    } else if (await random.pick(clients).kill()) clientKills++
  }
  return { serverKills, clientKills }
}

/** How many records there are. */
async function check(server: PodProcess, devices: readonly RealDevice[], scene: Scene): Promise<number> {
  const { vaults, shown } = await converged(devices, scene)
  for (const vault of vaults) await vault.lock()
  await server.kill()
  await server.start()
  const left = await readdir(join(server.folder, '.internal', 'tempFiles')).catch(() => [])
  if (left.length) throw new Error(`half-written files stay: ${left.join(', ')}`)
  await repaired(devices[0]!, scene)
  await isWell(await devices.at(-1)!.wellOpened(), scene, shown)
  return (JSON.parse(shown) as unknown[]).length
}

/** Weeks later, by the device's own clock. */
async function repaired({ around }: RealDevice, scene: Scene): Promise<void> {
  let now = Date.now()
  const vault = await openVault({ ...around, clock: () => now }, { seal: openSeal })
  for (const days of [0, 7, 1, 1, 7, 1, 1, 7, 1]) {
    now += days * DAY
    const { problems } = await vault.repair()
    if (problems.length) throw new Error(`doctor: ${JSON.stringify(problems)}`)
  }
  const { garbage } = await vault.repair()
  const waiting = garbage.reduce((sum, one) => sum + one.waiting, 0)
  const older = await inOlderVersions(vault, scene.collection)
  if (waiting > older.size) throw new Error(`doctor leaves ${waiting} objects, of which ${older.size} are named`)
}
