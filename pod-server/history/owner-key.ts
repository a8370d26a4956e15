/**
 * Whom a pod's history is sealed to: the newest generation of the identity log that stands in the pod (SPEC Y1). Nothing is
 * remembered of the log but that key, and only for as long as the file is unchanged.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openIdentity } from '#crypto'
import { FreshFiles } from '../fast-read/fresh-files.ts'

export type OwnerKey = { kem: Uint8Array; generation: number }

/** `'exposed'`: a removed device still has that key, until its owner begins the next generation (SPEC I6). */
type Found = OwnerKey | 'exposed'

export class OwnerKeys {
  readonly #kept = new FreshFiles<Found>(1_000)

  /** Null: no vault, or a log that does not verify. `folder`: of the vault, on the disk. */
  async of(folder: string): Promise<Found | null> {
    const path = join(folder, 'identity.alv')
    return this.#kept.get(path, path, () => read(path)).catch(() => null)
  }
}

const read = async (path: string): Promise<Found> => {
  const { kem, generation, exposed } = openIdentity(new Uint8Array(await readFile(path)))
  return exposed ? 'exposed' : { kem, generation }
}
