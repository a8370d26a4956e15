/**
 * What must have come of it, in good weather, weeks later: all devices show the same, and what the model says; nothing waits, nothing is
 * stuck, nothing that nobody names is left, and every byte verifies.
 */
import type { CollectionId, RecordId, Vault } from '#core'
import { objectsOf } from '../../client/core/blobs/parts.ts'
import { partUrl } from '../../client/core/blobs/ref.ts'
import { filesEver } from '../../client/core/collections/own-files.ts'
import { inParallel } from '../../client/core/parallel.ts'
import { unreachable } from '../crash/disk.ts'
import { DAY, type Member, type World } from '../core/world.ts'
import type { Device } from './device.ts'
import { shownBy, type Scene } from './operations.ts'

/** Days on which somebody looks (tests/crash/weeks.ts), several times over: what goes may leave something. */
const WEEK = [0, 7, 1, 1]

/** A device of this or another kind of soak. */
interface Openable {
  readonly name: string
  readonly wellOpened: () => Promise<Vault>
}

export async function check(world: World, member: Member, devices: readonly Device[], scene: Scene): Promise<void> {
  world.pass(8 * DAY)
  const { vaults, shown } = await converged(devices, scene)
  await nothingIsLeft(world, member, vaults[0]!, scene)
  await isWell(await devices.at(-1)!.wellOpened(), scene, shown)
}

/** Their vaults, and what all of them show. */
export async function converged(
  devices: readonly Openable[],
  scene: Scene,
): Promise<{ vaults: Vault[]; shown: string }> {
  const vaults = []
  for (const device of devices) vaults.push(await wellOpened(device, scene))
  const shown: string[] = []
  for (const vault of vaults) {
    await vault.sync()
    shown.push(await stateOf(vault, scene))
  }
  if (new Set(shown).size !== 1) throw new Error(`devices show different states: ${shown.join('\n')}`)
  return { vaults, shown: shown[0]! }
}

/** What waited is sent, and the device is not stuck: what it writes is there. */
async function wellOpened({ name, wellOpened: open }: Openable, { collection, model }: Scene): Promise<Vault> {
  const vault = await open()
  await vault.sync()
  const waiting = vault.outbox.list()
  if (waiting.length) throw new Error(`${name} still waits: ${JSON.stringify(waiting)}`)
  const note = `last of ${name}`
  const id = await vault.records.put('Immunization', { note }, { collection })
  model.begin(name, [[id, note]]).done()
  await vault.settle()
  return vault
}

/** Of a vault opened anew. */
export async function isWell(vault: Vault, scene: Scene, shown: string): Promise<void> {
  const after = await stateOf(vault, scene)
  if (after !== shown) throw new Error(`tidying changed what is there: ${shown}\n${after}`)
  const { problems } = await vault.verify()
  if (problems.length) throw new Error(`verify: ${JSON.stringify(problems)}`)
  const told = (await vault.doctor()).problems
  if (told.length) throw new Error(`doctor: ${JSON.stringify(told)}`)
}

async function stateOf(vault: Vault, scene: Scene): Promise<string> {
  const shown = await shownBy(vault, scene)
  const listed = new Set((await vault.records.list()).map(({ id }) => id))
  if (listed.symmetricDifference(new Set(shown.keys())).size)
    throw new Error('the index lists other records than there are')
  const known = new Set([...scene.ids, ...scene.model.ids()])
  for (const id of known) {
    const wrong = scene.model.wrong(id, shown.get(id) ?? null)
    if (wrong) throw new Error(`record ${id} ${wrong}`)
  }
  for (const [id, value] of shown) if (!known.has(id)) isCopy(value, shown, scene)
  return JSON.stringify([...shown].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Whose record somebody deleted before the change arrived (SPEC D5). */
function isCopy(value: string, shown: ReadonlyMap<RecordId, string>, { model }: Scene): void {
  const origin = model.origin(value)
  if (!origin) throw new Error(`${value} came from nowhere`)
  if (shown.has(origin)) throw new Error(`${value} is a copy of what is there`)
}

async function nothingIsLeft(world: World, member: Member, vault: Vault, { collection }: Scene): Promise<void> {
  for (const days of [...WEEK, ...WEEK, ...WEEK]) {
    world.pass(days * DAY)
    await vault.tidy()
  }
  const stood = await unreachable(world, [member])
  const left = stood.length ? new Set(stood).difference(await inOlderVersions(vault, collection)) : new Set()
  if (left.size) throw new Error(`still there: ${[...left].join(', ')}`)
}

/** Parts of files that older cells refer to, which a listed segment still holds: they go with it (client/core/README.md). */
export async function inOlderVersions(vault: Vault, id: CollectionId): Promise<Set<string>> {
  const collection = await vault.collections.open(id)
  const { pod, container } = collection.place
  const refs = ((await filesEver(collection)) ?? []).filter(({ record }) => !collection.index.row(record)?.isDeleted)
  const parts = await inParallel(refs, ({ ref }) => objectsOf(pod, container, ref))
  return new Set(parts.flat().map(part => partUrl(container, part)))
}
