/**
 * Immutable objects of a group under a key of their own, which whatever names them holds (SPEC N14):
 *
 *   [ header, envelope(page key, header, content), padded by Padmé ]     header = [version, type, seal id, group]
 *
 *   "group-archive"  older entries of the log, and secrets of older epochs (archive.ts)
 *   "group-state"    what the log comes to (checkpoint.ts)
 *   "group-roster"   a node of the roster (roster.ts)
 */
import { equal } from './bytes.ts'
import { bytes, decode, encode, literal, struct, type Codec } from './codec.ts'
import type { StoredObject } from './enrolment.ts'
import { open, seal } from './envelope.ts'
import { tampered } from './errors.ts'
import { VERSION, type Label } from './labels.ts'
import { drawSealId, hash32, id16 } from './object.ts'
import { padme } from './padding.ts'
import { hash, KEY_BYTES, random } from './primitives.ts'
import type { Reference } from './reference.ts'
import type { Reading } from './trie.ts'

const object = struct({ header: bytes, sealed: bytes })

export interface PageKind<T> {
  seal(group: Uint8Array, content: T): StoredObject & { reference: Reference }
  open(group: Uint8Array, key: Uint8Array, from: Uint8Array): T
  /** Asks for what a reference names, and checks its hash before it is opened. */
  read(group: Uint8Array, from: Reference): Reading<T>
}

export function pageKind<T>(type: string, use: Label, content: Codec<T>): PageKind<T> {
  const header = struct({ version: literal(VERSION), type: literal(type), sealId: id16, group: hash32 })
  const openPage = (group: Uint8Array, key: Uint8Array, from: Uint8Array): T => {
    const { header: head, sealed } = decode(object, from)
    if (!equal(decode(header, head).group, group)) return tampered('a page of another group')
    return decode(content, open(key, use, head, sealed, padme))
  }
  return {
    open: openPage,
    seal(group, of) {
      const [sealId, key] = [drawSealId(), random(KEY_BYTES)]
      const head = encode(header, { version: 1, type, sealId, group })
      const stored = encode(object, { header: head, sealed: seal(key, use, head, encode(content, of), padme) })
      return { sealId, bytes: stored, reference: { sealId, hash: hash(stored), size: stored.length, key } }
    },
    *read(group, { sealId, hash: expected, key }) {
      const from = yield { sealId, hash: expected }
      if (!equal(hash(from), expected)) return tampered('another page than was named')
      return openPage(group, key, from)
    },
  }
}
