/**
 * Who leaves the vault when a device does (SPEC A14): it, and whom it let in. Only the root, and a password that the root certified,
 * let devices in (I11); so whoever else one that leaves has certified goes with it, and so does whom such a password certified and
 * to whom nothing is wrapped yet. Else a thief would stay by a second device, and be rid of the first.
 */
import {
  drawGeneration,
  equal,
  generationPublic,
  keyId,
  toHex,
  type AccountHeader,
  type Device,
  type Generation,
  type Identity,
} from '#crypto'
import type { AccountState } from './account-state.ts'
import { withLine } from './journal.ts'
import type { Me } from './me.ts'

type Wraps = AccountHeader['wraps']

const has = (ids: readonly Uint8Array[], id: Uint8Array): boolean => ids.some(one => equal(one, id))

export const isWrapped = (wraps: Wraps, { id }: Pick<Device, 'id'>): boolean => wraps.some(({ to }) => equal(to, id))

/** Those of `asked` that are active, and who goes with them; never the device in hand, which is the one that asks. */
export function whoLeaves({ identity, device: own }: Me, asked: readonly Uint8Array[], wraps: Wraps): Device[] {
  const leaving: Device[] = []
  for (const device of identity.devices) {
    const by = leaving.find(({ id }) => equal(id, device.by)) // who certifies stands before
    const follows = by && !(letsIn(identity, by) && isWrapped(wraps, device))
    if (device.active && !equal(device.id, own) && (follows || has(asked, device.id))) leaving.push(device)
  }
  return leaving
}

const letsIn = ({ root }: Identity, { kind, by }: Device): boolean => kind === 'password' && equal(by, keyId(root))

/**
 * It leaves as of `at`. A line that says so of before is taken out: a device is removed once, and who knew that it would be may have
 * written one to hold that up.
 */
export function withLeaving(state: AccountState, { id }: Device, at: number, who: string): AccountState {
  const line = { at, what: 'device-removed', object: toHex(id), who } as const
  const journal = state.journal.filter(({ what, object }) => what !== line.what || object !== line.object)
  return withLine({ ...state, journal, leaving: [...state.leaving, id] }, line)
}

/** Whether the newest generation that the log states is one of the account's: else it is nobody's, or of who wrote it alone (A3). */
export function isBacked({ identity, generations }: Me): boolean {
  const stated = generations.find(({ number }) => number === identity.generation)
  return stated !== undefined && equal(generationPublic(stated), identity.kem)
}

/** Whether the log can state none of the account's generations now: one above all that it states must begin. */
export const isBehind = (me: Me): boolean => !isBacked(me) && me.generation.number <= me.identity.generation

/** All generations, up to a new one above those of account and log. */
export function drawnAbove({ generations, generation: { number }, identity }: Me): Generation[] {
  const count = Math.max(number, identity.generation) + 1 - number
  return [...generations, ...Array.from({ length: count }, (_, i) => drawGeneration(number + 1 + i))]
}
