/** One record by its identifier. */
import type { Vault, VaultRecord } from '#core'
import { recordIdOf } from './names.ts'
import { absent } from './told.ts'

export async function recordOf(vault: Vault, id: string): Promise<VaultRecord> {
  const record = await vault.records.get(recordIdOf(id))
  if (record) return record
  throw absent(`Aucune donnée ne porte l’identifiant « ${id} ».`, `No record has the identifier "${id}".`)
}
