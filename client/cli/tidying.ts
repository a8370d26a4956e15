/** What a command that wrote does last: it tidies the vault, in seconds or not at all; what it does not get to waits for another. */
import type { Vault } from '#core'
import { AlveoleError } from '#crypto'
import { within } from '../core/parallel.ts'

/** Milliseconds. */
const PATIENCE = 10_000

/** Nothing depends on it: whatever stops it is not told. */
export async function tidied(vault: Pick<Vault, 'tidy'>, patience = PATIENCE): Promise<void> {
  try {
    await within(patience, vault.tidy())
  } catch (error) {
    if (!(error instanceof AlveoleError)) throw error
  }
}
