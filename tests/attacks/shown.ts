/** What one device shows of a scene, after a restart: all that a person may ask it for. */
import type { BlobRef, GroupId, Vault } from '#core'
import { AlveoleError } from '#crypto'
import { notes, reopen, type Member } from '../core/world.ts'

/** Each thing it can be asked for, or the code of its refusal. */
export type Shown = { [what: string]: unknown }

export async function shown(of: { group: GroupId; alice: Member; bob: Member }, member: Member): Promise<Shown> {
  const vault = await orCode(() => reopen(member))
  if (!(vault instanceof Object && 'records' in vault)) return { opening: vault }
  const view = async (from: string) => {
    const { rows, problems } = await vault.views.open(from)
    return [
      ...rows.map(({ ownerName, value }) => [ownerName, value['note'] ?? null]),
      ...problems.map(({ code }) => ({ code })),
    ]
  }
  return {
    opening: 'open',
    notes: await orCode(() => notes(vault)),
    file: await orCode(() => readFile(vault)),
    folders: await orCode(async () => (await vault.collections.list()).map(({ name }) => name)),
    grants: await orCode(async () => (await vault.grants.list()).map(({ to, facets, state }) => [to, facets, state])),
    members: await orCode(async () => (await vault.groups.members(of.group)).map(({ webId, state }) => [webId, state])),
    circle: await orCode(() => view(of.group)),
    alice: await orCode(() => view(of.alice.vault.owner)),
    bob: await orCode(() => view(of.bob.vault.owner)),
  }
}

/** What comes of it, or `{code}`; anything thrown without a code is a bug of ours. */
export async function orCode<T>(work: () => Promise<T>): Promise<T | { code: string }> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AlveoleError) return { code: error.code }
    throw error
  }
}

export const isRefused = (value: unknown): boolean => typeof value === 'object' && value !== null && 'code' in value
export const spelled = (value: unknown): string => JSON.stringify(value)

/** The text of the file that alice stored. */
export async function readFile(vault: Vault): Promise<string> {
  const [file] = await Array.fromAsync(vault.records.query({ kind: 'File' }))
  if (!file) return 'no file'
  const stream = await vault.blobs.open(file.value['content'] as unknown as BlobRef, file.collection)
  return new Response(stream).text()
}
