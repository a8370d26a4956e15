/** What a person does in the soak: writes, changes, deletes and erases records and files, looks, and lets the vault tidy. */
import type { CollectionId, RecordId, Vault } from '#core'
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
type Asking = Scene<Pick<Model, 'asked'>>

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
  const done = model.asked(name, id, null)
  await vault.records[how](id)
  done()
}

const isFile = ({ ids }: Asking, id: RecordId): boolean => ids.indexOf(id) % 4 === 3

async function put(vault: Vault, { name }: Named, scene: Asking, id: RecordId, what: string, filler: number) {
  const { collection, model } = scene
  if (!isFile(scene, id)) {
    const done = model.asked(name, id, what)
    await vault.records.put(
      'Immunization',
      { note: what, ...(filler && { place: 'x'.repeat(filler) }) },
      { collection, id },
    )
    return done()
  }
  const bytes = new Blob([what.padEnd(what.length + filler)])
  const content = await vault.blobs.put(bytes, { collection, name: 'a.txt', mediaType: 'text/plain' })
  const done = model.asked(name, id, what)
  await vault.records.put('File', { content: content as never }, { collection, id })
  done()
}

async function putAll(vault: Vault, { name }: Named, scene: Asking, ids: readonly RecordId[], what: string) {
  const chosen = ids.filter(id => !isFile(scene, id))
  const asked = chosen.map((id, n) => scene.model.asked(name, id, `${what}/${n}`))
  const records = chosen.map((id, n) => ({ kind: 'Immunization', value: { note: `${what}/${n}` }, id }))
  await vault.records.putAll(records, scene.collection)
  for (const done of asked) done()
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
