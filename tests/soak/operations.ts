/** What a person does in the soak: writes, changes, deletes and erases records and files, looks, and lets the vault tidy. */
import type { CollectionId, RecordId, Vault } from '#core'
import type { RecordValue } from '#vocab'
import type { Random } from '../fuzz/random.ts'
import type { Model } from './model.ts'

/** Who does it. */
interface Named {
  readonly name: string
}

export interface Scene<M = Model> {
  collection: CollectionId
  model: M
  /** Every fourth is a file. */
  ids: readonly RecordId[]
}

/** All that is asked of the model while it goes on. */
type Asking = Scene<Pick<Model, 'attempt'>>

/** Some are large, so that heads spill into segments, which are then put together. */
const FILLER = [0, 0, 0, 2000, 6000]

export function operation(device: Named, random: Random, scene: Asking, what: string): (vault: Vault) => Promise<void> {
  const id = random.pick(scene.ids)
  const filler = random.pick(FILLER)
  const many = Array.from({ length: 4 }, () => random.pick(scene.ids))
  switch (random.below(24)) {
    case 0:
    case 1:
      return vault => remove(vault, device, scene, id, random.below(3) ? 'remove' : 'erase')
    case 2:
      return vault => vault.sync()
    case 3:
      return vault => vault.tidy()
    case 4:
      return vault => vault.settle()
    case 5:
      return async vault => void (await vault.records.list())
    case 6:
      return vault => putAll(vault, device, scene, [...new Set(many)], what)
    default:
      return vault => put(vault, device, scene, id, what, filler)
  }
}

async function remove(vault: Vault, { name }: Named, { model }: Asking, id: RecordId, how: 'remove' | 'erase') {
  if (!(await vault.records.get(id))) return
  await model.attempt(name, [[id, null]], () => vault.records[how](id))
}

const isFile = ({ ids }: Asking, id: RecordId): boolean => ids.indexOf(id) % 4 === 3

async function put(vault: Vault, { name }: Named, scene: Asking, id: RecordId, what: string, filler: number) {
  const { collection, model } = scene
  const write = (kind: string, value: object) =>
    model.attempt(name, [[id, what]], () => vault.records.put(kind, value as RecordValue, { collection, id }))
  if (!isFile(scene, id)) return write('Immunization', { note: what, ...(filler && { place: 'x'.repeat(filler) }) })
  const bytes = new Blob([what.padEnd(what.length + filler)])
  const content = await vault.blobs.put(bytes, { collection, name: 'a.txt', mediaType: 'text/plain' })
  return write('File', { content })
}

async function putAll(vault: Vault, { name }: Named, scene: Asking, ids: readonly RecordId[], what: string) {
  const wanted = ids.filter(id => !isFile(scene, id)).map((id, n) => [id, `${what}/${n}`] as const)
  const records = wanted.map(([id, note]) => ({ kind: 'Immunization', value: { note }, id }))
  await scene.model.attempt(name, wanted, () => vault.records.putAll(records, scene.collection))
}

/** What stands, by record: a note, or what a file says. */
export async function shownBy(vault: Vault, { collection }: Asking): Promise<Map<RecordId, string>> {
  const shown = new Map<RecordId, string>()
  for await (const { id, value } of vault.records.query()) {
    const { note, content } = value
    const text = content
      ? await new Response(await vault.blobs.open(content as never, collection)).text()
      : (note as string)
    shown.set(id, text.trimEnd())
  }
  return shown
}
