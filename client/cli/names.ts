/** Arguments that name things: checked here against what exists, so that a slip of the pen is said, not searched for. */
import type { CollectionId, CollectionInfo, RecordId, Vault } from '#core'
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

/** A WebID, a group's address, a grant: all are IRIs. */
export function iriOf(text: string): string {
  if (/^(https?|urn):/i.test(text) && URL.canParse(text)) return text
  throw usage(
    `« ${text} » n’est pas une adresse complète (https://…).`,
    `"${text}" is not a whole address (https://…).`,
  )
}
