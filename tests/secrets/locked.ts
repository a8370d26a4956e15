/**
 * A program that opens the saved vault, does with it what people do, leaves work under way, and locks it. Writes all that it can
 * reach before and after into folders; on standard output, as JSON, what became of the work under way.
 *
 *   node --import ./record.ts locked.ts SAVED PASSWORD LETTER FOLDER
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize } from 'node:v8'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { openVault, type BlobRef, type CollectionId, type DeviceSeal, type GroupId, type Pod, type Vault } from '#core'
import { AlveoleError } from '#crypto'
import { blobsIn } from '../../client/core/blob-refs.ts'
import { memoryServer } from '../../client/core/memory-pod.ts'
import { memoryObjects } from '../../client/core/object-store.ts'
import { grantTo, savedStore } from '../core/world.ts'
import { answering } from '../hostile-pod.ts'
import { dumpHeap } from './heap.ts'
import type { Saved } from './lived-in.ts'

const [path = '', passwordPath = '', letterPath = '', folder = ''] = process.argv.slice(2)
/** Read anew each time: this program keeps no copy of it. */
const letter = (): string => readFileSync(letterPath, 'utf8')

/** Requests that are never answered, with all that was asked, as a line holds them that went dead. */
const waiting = new Set<unknown>()
let isDead = false
/** Requests fail at once, as without a network. */
let isCut = false

function waits(asked: unknown[], signal?: AbortSignal): Promise<never> {
  return new Promise((resolve, reject) => {
    const request = { asked, resolve }
    waiting.add(request)
    signal?.addEventListener('abort', () => {
      waiting.delete(request)
      reject(new AlveoleError('cancelled'))
    })
  })
}

function deadening(pod: Pod): Pod {
  const calls = ['get', 'put', 'list', 'post'] as const
  const call = (name: (typeof calls)[number]) => (pod[name] as (...args: unknown[]) => Promise<unknown>).bind(pod)
  const signalIn = (args: unknown[]) => (args.at(-1) as { signal?: AbortSignal } | undefined)?.signal
  const answer = (name: (typeof calls)[number], args: unknown[]): Promise<unknown> => {
    if (isCut) return Promise.reject(new AlveoleError('offline'))
    return isDead ? waits(args, signalIn(args)) : call(name)(...args)
  }
  const or = calls.map(name => [name, (...args: unknown[]) => answer(name, args)])
  return answering(pod, Object.fromEntries(or) as Partial<Pod>)
}

/** As a browser keeps it: by a key that does not leave. */
async function seal(): Promise<DeviceSeal> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const by = { name: 'AES-GCM', iv: new Uint8Array(12) }
  return {
    seal: async secret => new Uint8Array(await crypto.subtle.encrypt(by, key, Uint8Array.from(secret))),
    open: async sealed => new Uint8Array(await crypto.subtle.decrypt(by, key, Uint8Array.from(sealed))),
  }
}

interface Opened {
  vault: Vault
  group: GroupId
  bob: string
  now: number
}

async function opened(): Promise<Opened> {
  const { files, store, names, now, group, bob } = deserialize(readFileSync(path)) as Saved
  const password = readFileSync(passwordPath, 'utf8')
  const clock = () => now
  const server = memoryServer(clock)
  for (const [url, file] of files) server.files.set(url, { ...file, version: file.version + 1e6 })
  for (const name of names) server.pod(name)
  const around = { pod: deadening(server.pod('alice')), store: savedStore(store), objects: memoryObjects(), clock }
  return { vault: await openVault(around, { password }), group: group as GroupId, bob, now }
}

async function use({ vault, group, bob }: Opened): Promise<{ ref: BlobRef; collection: CollectionId }> {
  await vault.keepUnlocked(await seal())
  await vault.recovery.kit('fr')
  await vault.import([{ name: 'empty.txt', blob: new Blob(['nothing to see']) }])
  await vault.groups.requests(group)
  await vault.groups.members(group)
  await vault.groups.invite(group)
  await vault.views.open(group)
  await vault.views.open(bob)
  await vault.verify()
  await vault.journal.lines()
  await vault.journal.reads()
  for (const form of ['source', 'nquads', 'jsonld'] as const)
    for await (const { body } of vault.export(form)) if (!(body instanceof Uint8Array)) await drain(body)
  await drain(await vault.exportAge({ recipients: [await identityToRecipient(await generateX25519Identity())] }))
  const [{ id: collection } = {}] = await vault.collections.list()
  await vault.records.put('Immunization', { note: letter() }, { collection: collection! })
  await keepForLater(vault, collection!)
  const [document] = await Array.fromAsync(vault.records.query({ text: 'operatoire' }))
  const ref = blobsIn(document!.value)[0]!
  await drain(await vault.blobs.open(ref, collection!))
  return { ref, collection: collection! }
}

/** Written without a network: shown, and queued. */
async function keepForLater(vault: Vault, collection: CollectionId): Promise<void> {
  isCut = true
  await vault.records.put('Condition', { note: letter() }, { collection })
  await Array.fromAsync(vault.records.query())
  if (vault.outbox.list().length !== 1) throw new Error('nothing waits')
  isCut = false
}

async function drain(stream: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stream.getReader()
  while (!(await reader.read()).done);
}

/** Each waits for an answer that does not come. */
function begin(
  { vault, group, bob, now }: Opened,
  { ref, collection }: Awaited<ReturnType<typeof use>>,
): Promise<string>[] {
  const blob = new Blob([letter()])
  isDead = true
  const work = [
    vault.import([{ name: 'lettre.txt', blob }]),
    vault.records.put('Condition', { note: letter() }, { collection }),
    vault.blobs.put(blob, { name: 'lettre.txt', mediaType: 'text/plain', collection }),
    vault.blobs.open(ref, collection).then(drain),
    vault.grants.give(grantTo(bob, () => now)),
    vault.groups.invite(group),
    vault.groups.remove(group, bob),
    vault.views.open(group),
    vault.verify(),
    vault.settle(),
  ]
  return work.map(outcome)
}

const busy = async (of: Opened): Promise<Promise<string>[]> => begin(of, await use(of))

const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  )

async function dumpTo(name: string): Promise<void> {
  mkdirSync(join(folder, name))
  await dumpHeap(join(folder, name))
}

const held = await opened()
const underWay = await busy(held)
await dumpTo('before')
await held.vault.lock()
const outcomes = await Promise.all(underWay)
await dumpTo('after')
process.stdout.write(JSON.stringify({ outcomes, waiting: waiting.size, held: held.vault.owner }))
process.exit(0)
