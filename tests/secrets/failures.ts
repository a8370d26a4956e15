/** For each code of an error something that throws it: a host's doing, a person's mistake, a line that went dead. */
import { openAsBlob } from 'node:fs'
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVault, memoryStore, openVault, solidPod, type RecordId, type ViewRow } from '#core'
import { drawSeeds, encodeIdentity, foundIdentity, hash, publicOf, sealMessage, type ErrorCode } from '#crypto'
import { sensitiveFacets } from '#vocab'
import { bytesOf } from '../../client/core/formats/fail.ts'
import { fhir } from '../../client/core/formats/fhir.ts'
import { checkMark } from '../../client/core/marks.ts'
import { accountUrl, identityUrl } from '../../client/core/paths.ts'
import { DAY, folder, grantTo, reopen, world, type Member } from '../core/world.ts'
import { takeOver } from '../hostile-pod.ts'
import { TEXTS } from './lived-in.ts'

export type Failures = Record<ErrorCode, () => Promise<unknown>>

export async function failures(): Promise<Failures> {
  const around = world()
  const host = takeOver(around.server, around.clock)
  const [alice, bob, carol] = [await around.member('alice'), await around.member('bob'), await around.member('carol')]
  const account = accountUrl(alice.around.pod.storage)
  const first = host.files.get(account)!
  const collection = await folder(alice.vault, TEXTS.folder)
  const record = await alice.vault.records.put('Immunization', { note: TEXTS.note }, { collection })
  const { group } = await alice.vault.groups.found(TEXTS.circle)
  const newest = host.files.get(account)!
  /** Reopened on what the host serves in the account's place. */
  const served = async (body: Uint8Array): Promise<unknown> => {
    host.replace(account, body)
    try {
      return await reopen(alice)
    } finally {
      host.files.set(account, newest)
    }
  }
  return {
    tampered: () => served(newest.body.map((byte, i) => (i === newest.body.length - 100 ? ~byte : byte))),
    'rolled-back': () => served(first.body),
    forked,
    'identity-changed': async () => {
      await alice.vault.grants.give(grantTo(carol.vault.owner, around.clock)) // pins her root
      host.replace(
        identityUrl(carol.around.pod.storage),
        encodeIdentity(foundIdentity(carol.vault.owner, drawSeeds(), 0)),
      )
      return (await reopen(alice)).grants.give(grantTo(carol.vault.owner, around.clock))
    },
    'wrong-unlock': () => openVault({ ...alice.around, store: memoryStore() }, { password: 'not the password at all' }),
    'not-granted': () => alice.vault.records.remove('0'.repeat(32) as RecordId),
    expired: () => afterItsDate(alice, bob, around),
    refused: async () => {
      await alice.vault.records.remove(record)
      return alice.vault.records.put('Immunization', { note: TEXTS.note }, { collection, id: record })
    },
    unconfirmed: () =>
      alice.vault.grants.give({ ...grantTo(bob.vault.owner, around.clock), facets: sensitiveFacets.slice(0, 1) }),
    usage: () => alice.vault.groups.join(`${group}#join=${'A'.repeat(40)}`),
    taken: () => alice.vault.collections.create(TEXTS.folder),
    'unknown-person': () =>
      alice.vault.grants.give(grantTo('https://memory.example/zoe/profile/card#me', around.clock)),
    'bad-file': () => Array.fromAsync(fhir.read({ name: 'a.json', blob: new Blob([`{"a": "${TEXTS.condition}`]) })),
    'too-large': async () => sealMessage(publicOf(drawSeeds()).kem, new TextEncoder().encode(TEXTS.note.repeat(100))),
    'source-changed': sourceChanged,
    cancelled: () =>
      alice.vault.import([{ name: TEXTS.fileName, blob: new Blob([TEXTS.file]) }], { signal: AbortSignal.abort() }),
    locked: async () => {
      const vault = await reopen(alice)
      await vault.lock()
      return vault.records.get(record)
    },
    offline: () => answered(null),
    unauthorized: () => answered(401),
    conflict: () => answered(412),
    busy: () => answered(429),
    server: () => answered(500),
    full: () => answered(507),
  }
}

/** Two histories of one thing, as this device meets them. */
async function forked(): Promise<void> {
  const store = memoryStore()
  const [one, other] = [new Uint8Array(16), new Uint8Array(16).fill(1)]
  for (const device of [one, other])
    await checkMark(store, 'https://memory.example/head.alv', {
      vector: [{ device, commits: 1, last: hash(device) }],
      hash: hash(device),
    })
}

async function afterItsDate(alice: Member, bob: Member, around: ReturnType<typeof world>): Promise<unknown> {
  const collection = await folder(alice.vault, 'Photos')
  const ref = await alice.vault.blobs.put(new Blob([TEXTS.file]), {
    collection,
    name: TEXTS.fileName,
    mediaType: 'text/plain',
  })
  await alice.vault.records.put('Immunization', { note: TEXTS.note }, { collection })
  await alice.vault.grants.give({ ...grantTo(bob.vault.owner, around.clock), collections: [collection] })
  const [row] = (await bob.vault.views.open(alice.vault.owner)).rows as [ViewRow]
  around.pass(40 * DAY)
  return bob.vault.views.blob(row, ref)
}

async function sourceChanged(): Promise<void> {
  const at = await mkdtemp(join(tmpdir(), 'alveole-changing-'))
  const path = join(at, 'a.txt')
  await writeFile(path, TEXTS.file)
  const file = { name: 'a.txt', blob: await openAsBlob(path) }
  await appendFile(path, TEXTS.file)
  await bytesOf(file, 1000).finally(() => rm(at, { recursive: true }))
}

/** null: not at all. */
async function answered(status: number | null): Promise<unknown> {
  const fetch = async (): Promise<Response> => {
    if (status === null) throw new TypeError('fetch failed')
    return new Response(`no ${TEXTS.note}`, { status })
  }
  const storage = 'https://pod.example/alice/'
  const pod = await solidPod({ webId: `${storage}profile/card#me`, storage, fetch })
  return createVault({ pod, store: memoryStore() }, { password: 'of no vault, since none is made' })
}
