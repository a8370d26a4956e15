/**
 * A vault in the middle of a day, to be opened in a process of its own: records in two folders, a file, a circle with an invitation
 * that somebody answered, grants given and received. Saved, so that nobody else's keys are in that process.
 */
import { writeFileSync } from 'node:fs'
import { serialize } from 'node:v8'
import type { Vault } from '#core'
import { grantTo, passwordOf, world } from '../core/world.ts'

/** Texts that nobody may find who has no keys. Each long enough not to stand anywhere by chance. */
export const TEXTS = {
  note: 'Rougeole, oreillons et rubéole, deuxième injection',
  condition: 'asthme sévère depuis l’enfance',
  file: 'ce que dit le compte rendu opératoire',
  fileName: 'compte-rendu-operatoire.txt',
  folder: 'Carnet de santé d’Élodie',
  circle: 'Les Abeilles du Marais',
  received: 'pénicilline : réaction grave en 2019',
  letter: 'lettre au cardiologue, à ne montrer à personne',
} as const

export interface Saved {
  now: number
  files: Map<string, { body: Uint8Array<ArrayBuffer>; type: string; version: number }>
  store: Map<string, Uint8Array>
  names: string[]
  group: string
  bob: string
}

export async function saveLivedIn(path: string): Promise<{ password: string; kit: string[]; link: string }> {
  const around = world()
  const [alice, bob, carol] = [await around.member('alice'), await around.member('bob'), await around.member('carol')]
  const { id } = await alice.vault.collections.create(TEXTS.folder)
  await alice.vault.records.put('Immunization', { note: TEXTS.note }, { collection: id })
  await alice.vault.records.put('Condition', { note: TEXTS.condition }, { collection: id })
  await alice.vault.import([{ name: TEXTS.fileName, blob: new Blob([TEXTS.file]) }], { into: TEXTS.folder })
  const { group } = await alice.vault.groups.found(TEXTS.circle)
  const link = await alice.vault.groups.invite(group)
  await joined(alice.vault, bob.vault, link)
  await alice.vault.grants.give(grantTo(group, around.clock))
  await bob.vault.records.put(
    'Immunization',
    { note: TEXTS.received },
    { collection: (await bob.vault.collections.create('Mine')).id },
  )
  await bob.vault.grants.give(grantTo(group, around.clock))
  await bob.vault.grants.give(grantTo(alice.vault.owner, around.clock))
  await carol.vault.groups.join(link) // and waits: to see so takes the invitation's secret
  await alice.vault.settle()
  const saved: Saved = {
    now: around.clock(),
    files: around.server.files,
    store: new Map([...alice.around.store.values].filter(([key]) => key !== 'device sealed')), // a test's seal seals nothing
    names: ['alice', 'bob', 'carol'],
    group,
    bob: bob.vault.owner,
  }
  writeFileSync(path, serialize(saved))
  return { password: passwordOf('alice'), kit: alice.kit, link }
}

async function joined(steward: Vault, member: Vault, link: string): Promise<void> {
  await member.groups.join(link)
  const [{ group } = {}] = await steward.groups.list()
  await steward.groups.admit(group!, member.owner)
}
