/** SPEC §18 (D3): what a device keeps, item by item. */
import { textOf } from './cbor.ts'
import { fields, flag, id, key, orNull, parse, rows, sized, text, uint, vector, type Read } from './shape.ts'
import { slot } from './unlock.ts'

const encoded =
  <T>(of: Read<T>) =>
  (value: Uint8Array): T =>
    parse(of, value)
const dated = rows(fields({ name: text, since: uint }))

/** By the first words of their names. */
export const items = {
  'device slot': encoded(slot),
  seen: encoded(fields({ vector, hash: key })),
  commits: encoded(fields({ count: uint })),
  group: encoded(fields({ index: uint, hash: key })),
  standing: encoded(fields({ epoch: uint, stewards: rows(text) })),
  kem: (value: Uint8Array): Uint8Array => sized(1216)(value),
  members: textOf,
  'to mend': (value: Uint8Array): Uint8Array => sized(1)(value),
  tidied: encoded(fields({ at: uint })),
  uninvited: encoded(dated),
  storage: textOf,
  outbox: encoded(fields({ first: uint, next: uint })),
  unconfirmed: encoded(fields({ grants: orNull(rows(id)), confirmed: flag })),
  garbage: encoded(fields({ at: uint, unnamed: dated, gone: dated })),
  secret: encoded(fields({ secret: key })),
}
