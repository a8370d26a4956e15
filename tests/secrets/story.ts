/**
 * The main job, told by one program on the real pod server: store, grant a circle until a date, browse as a member, remove a member,
 * let the date pass, grant again and revoke, open on another device. The devices' stores are folders in FOLDER.
 *
 *   node --import ./record.ts story.ts SERVER FOLDER
 */
import { join } from 'node:path'
import { createVault, openVault, solidPod, type GroupId, type Surroundings, type Vault } from '#core'
import { FLOOR } from '#crypto'
import { purpose } from '#vocab'
import { blobsIn, isBlob } from '../../client/core/blob-refs.ts'
import { createServerAccount } from '../../client/core/server-account.ts'
import { deviceStore } from '../../client/node/device-store.ts'
import { authenticatedFetch } from '../../client/node/session.ts'
import { bundle } from '../scenarios/generated-bundle.ts'
import { TEXTS } from './lived-in.ts'
import { note } from './note.ts'

const [server = '', folder = ''] = process.argv.slice(2)
const FACETS = ['health/medications', 'health/immunizations']
const HOUR = 3600_000

interface Actor {
  vault: Vault
  kit: string[]
  password: string
  /** Another device of theirs: nothing but the pod. */
  device(name: string): Surroundings
}

async function actor(name: string): Promise<Actor> {
  const account = { email: `${name}@example.org`, password: `account of ${name}`, name }
  const { webId, pod: storage, ...credentials } = await createServerAccount(server, account)
  const pod = await solidPod({ webId, storage, fetch: authenticatedFetch(credentials) })
  const device = (of: string): Surroundings => ({ pod, store: deviceStore(join(folder, name, of)) })
  const password = `le mot de passe du coffre de ${name}`
  const { vault, kit } = await createVault(device('first'), { password, passwordCost: FLOOR, language: 'fr' })
  note('text', 'password', password)
  note('text', 'kit', kit.join(' '))
  for (let word = 0; word < 24; word += 6) note('text', 'words of a kit', kit.slice(word, word + 6).join(' '))
  return { vault, kit, password, device }
}

async function circleOf(steward: Vault, members: readonly Vault[]): Promise<GroupId> {
  const { group } = await steward.groups.found(TEXTS.circle)
  const link = await steward.groups.invite(group)
  note('text', 'invitation', link.slice(link.indexOf('#') + 1))
  for (const member of members) {
    await member.groups.join(link)
    await steward.groups.admit(group, member.owner)
  }
  return group
}

/** Every text of every record, but for what anybody may say: the names of types, single words, the time of day, the addresses of a file's parts. */
function noteTexts(json: unknown): void {
  if (typeof json === 'string' && json.length >= 8 && !/^[a-z]+\/[\w.+-]+$|^[A-Z]?[a-z]+$|^\d{4}-\d\d-\d\dT/.test(json))
    note('text', 'record', json.slice(0, 80))
  if (typeof json !== 'object' || json === null) return
  Object.values(isBlob(json) ? [json.name, json.key] : json).forEach(noteTexts)
}

const bytesOf = (stream: ReadableStream<Uint8Array>): Promise<Uint8Array> =>
  new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).bytes()

const [owner, first, second] = (await Promise.all(['owner', 'first', 'second'].map(actor))) as [Actor, Actor, Actor]
for (const text of [...Object.values(TEXTS), ...FACETS, 'Immunization', 'HealthcareManagement'])
  note('text', 'known', text)

const files = [bundle(40), { name: TEXTS.fileName, blob: new Blob([TEXTS.file]) }]
await owner.vault.import(files, { into: TEXTS.folder })
await owner.vault.import(files, { into: TEXTS.folder })
for await (const { value } of owner.vault.records.query()) noteTexts(value)
const { id: collection, url } = (await owner.vault.collections.list())[0]!
const [document] = await Array.fromAsync(owner.vault.records.query({ kind: 'File' }))
await bytesOf(await owner.vault.blobs.open(blobsIn(document!.value)[0]!, collection))

const group = await circleOf(owner.vault, [first.vault, second.vault])
const terms = (until: number, to: string = group) => ({
  to,
  facets: FACETS,
  until: new Date(until),
  purpose: purpose('dpv:HealthcareManagement')!,
})
const { grant } = await owner.vault.grants.give(terms(Date.now() + HOUR))
await owner.vault.grants.give(terms(Date.now() + HOUR, first.vault.owner))
await first.vault.views.open(group)
await first.vault.views.open(owner.vault.owner)
await first.vault.views.sharedWithMe()
await owner.vault.records.put('Immunization', { note: TEXTS.note }, { collection })
await second.vault.views.open(group)
await owner.vault.groups.remove(group, second.vault.owner)
await second.vault.views.open(group).catch(() => null) // refused
await owner.vault.records.put('Condition', { note: TEXTS.condition }, { collection })
await owner.vault.grants.revoke(grant)
const end = Date.now() + 1500
await owner.vault.grants.give(terms(end))
await new Promise(resolve => setTimeout(resolve, end - Date.now()))
await first.vault.views.open(group)
const { grant: last } = await owner.vault.grants.give(terms(Date.now() + HOUR))
await first.vault.views.open(group)
await owner.vault.grants.revoke(last)
await owner.vault.grants.receipt(last)
await owner.vault.journal.lines()
await owner.vault.verify()
await owner.vault.doctor()
await owner.vault.lock()
const { kit, password } = owner
const tablet = 'La tablette rouge de la cuisine'
note('text', 'device', tablet)
const again = await openVault(owner.device('second'), { password }, { name: tablet })
await again.recovery.kit('en')
const third = await openVault(owner.device('third'), { words: kit, password }, { name: 'third' })
const lost = (await third.devices.list()).find(({ name }) => name === tablet)!
await third.devices.remove(lost.id)
await again.sync().catch(() => null) // refused
await openVault(owner.device('fourth'), { password: 'not at all the password' }).catch(() => null) // refused
process.stdout.write(`${url}\n`)
process.exit(0)
