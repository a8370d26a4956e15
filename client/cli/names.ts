/** Arguments that name things: checked here against what exists, so that a slip of the pen is said, not searched for. */
import type { CollectionId, CollectionInfo, GroupId, RecordId, Vault } from '#core'
import { children, facet, kind, kinds, purpose, purposes } from '#vocab'
import { absent, usage } from './told.ts'

export function kindNamed(name: string): string {
  const found = kind(name) ?? kinds.find(candidate => candidate.name.toLowerCase() === name.toLowerCase())
  if (found) return found.name
  const known = kinds.map(candidate => candidate.name).join(', ')
  throw usage(
    `« ${name} » n’est pas un type de donnée. Types connus : ${known}.`,
    `"${name}" is not a kind of record. Known kinds: ${known}.`,
  )
}

export function facetNamed(path: string): string {
  if (facet(path)) return path
  const nearest = path.split('/').findLastIndex((_, at, parts) => facet(parts.slice(0, at).join('/')) !== null)
  const known = children(path.split('/').slice(0, Math.max(0, nearest)).join('/'))
    .map(child => child.path)
    .join(', ')
  throw usage(
    `« ${path} » n’est pas une facette. Ici il y a : ${known}.`,
    `"${path}" is not a facet. There is: ${known}.`,
  )
}

export function purposeNamed(term: string): string {
  const found = purpose(term)
  if (found) return found
  const known = purposes.map(({ curie }) => curie).join(', ')
  throw usage(
    `« ${term} » n’est pas une finalité proposée. Finalités : ${known}.`,
    `"${term}" is not an offered purpose. Purposes: ${known}.`,
  )
}

export async function collectionNamed(vault: Vault, name: string): Promise<CollectionInfo> {
  const found = await vault.collections.find(name)
  if (found) return found
  throw absent(`Il n’y a pas de collection « ${name} ».`, `There is no collection "${name}".`)
}

export async function collectionNames(vault: Vault): Promise<Map<CollectionId, string>> {
  return new Map((await vault.collections.list()).map(({ id, name }) => [id, name]))
}

export function recordIdOf(text: string): RecordId {
  if (/^[0-9a-f]{32}$/.test(text)) return text as RecordId
  throw absent(`Aucune donnée ne porte l’identifiant « ${text} ».`, `No record has the identifier "${text}".`)
}

/** A circle by its address, or by its name where only one has it. */
export async function groupNamed(vault: Vault, text: string): Promise<GroupId> {
  if (isIri(text)) return text as GroupId
  const named = (await vault.groups.list()).filter(({ name }) => name.toLowerCase() === text.toLowerCase())
  if (named[0] && named.length === 1) return named[0].group
  throw named.length
    ? usage(
        `Plusieurs cercles s’appellent « ${text} » : donnez l’adresse.`,
        `Several circles are called "${text}": give the address.`,
      )
    : absent(`Aucun de vos cercles ne s’appelle « ${text} ».`, `None of your circles is called "${text}".`)
}

const isIri = (text: string): boolean => /^(https?|urn):/i.test(text) && URL.canParse(text)

/** A WebID, a group's address, a grant: all are IRIs. */
export function iriOf(text: string): string {
  if (isIri(text)) return text
  throw usage(
    `« ${text} » n’est pas une adresse complète (https://… ou urn:uuid:…).`,
    `"${text}" is not a whole address (https://… or urn:uuid:…).`,
  )
}
