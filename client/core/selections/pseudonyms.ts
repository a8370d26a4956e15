/**
 * Names in a de-identified selection (SPEC Z5): of each record and file another, by a key that was drawn for this selection and stays
 * in the account. The same on all of one's devices; of two selections they have nothing in common.
 */
import { fromBase64Url, fromHex, kdf, label, toBase64Url, toHex } from '#crypto'
import type { RecordId } from '../types.ts'

export const recordPseudonym = (key: Uint8Array, record: RecordId): RecordId =>
  toHex(kdf(key, label.selectionRecord, fromHex(record), 16)) as RecordId

/** What the copy of a file is called: it tells its owner's devices which one is there already. */
export const filePseudonym = (key: Uint8Array, blob: string): string =>
  toBase64Url(kdf(key, label.selectionFile, fromBase64Url(blob), 16))
