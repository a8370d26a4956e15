/**
 * What a group's head does not carry any more: older entries of its log and secrets of older epochs, in pages of which each
 * names the one before (SPEC N14).
 *
 *   content = [ page before | null, [entry, …], number of the first secret's epoch, [secret, …] ]
 */
import { bytes, list, optional, struct, uint, type Of } from './codec.ts'
import { pageKind } from './group-page.ts'
import { label } from './labels.ts'
import { key32 } from './object.ts'
import { reference } from './reference.ts'

const content = struct({ before: optional(reference), entries: list(bytes), first: uint, secrets: list(key32) })
export type Archived = Of<typeof content>

export const archivePage = pageKind('group-archive', label.groupArchive, content)
