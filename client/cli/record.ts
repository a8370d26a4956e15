/** One record by its identifier. */
import type { RecordId, Vault, VaultRecord } from '#core'
import { recordIdOf } from './names.ts'
import { absent } from './told.ts'

export async function recordOf(vault: Vault, id: string): Promise<VaultRecord> {
  const record = await vault.records.get(recordIdOf(id))
  if (record) return record
  throw none(id)
}

/** Of a record that is there, or was and is deleted. */
export async function takenId(vault: Vault, id: string): Promise<RecordId> {
  const record = recordIdOf(id)
  if (await vault.records.isTaken(record)) return record
  throw none(id)
}

const none = (id: string) =>
  absent(`Aucune donnée ne porte l’identifiant « ${id} ».`, `No record has the identifier "${id}".`)
