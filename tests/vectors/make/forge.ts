/** Objects that no writer of ours makes, right in all but what a vector says: signed and sealed by who may. */
import { signBytes, signerOf, type Seeds } from '#crypto'
import { decodeCbor, encodeCbor, type Item } from '../../../crypto/cbor.ts'
import type { Label } from '../../../crypto/labels.ts'

export const cbor = encodeCbor

/** An encoded array with one of its items, at `path`, replaced. Byte strings on the way are decoded and encoded again. */
export function changed(bytes: Uint8Array, path: readonly number[], to: Item | ((old: Item) => Item)): Uint8Array {
  return encodeCbor(at(decodeCbor(bytes), path, to))
}

function at(item: Item, [index, ...path]: readonly number[], to: Item | ((old: Item) => Item)): Item {
  if (index === undefined) return typeof to === 'function' ? to(item) : to
  if (item instanceof Uint8Array) return changed(item, [index, ...path], to)
  return (item as readonly Item[]).map((child, i) => (i === index ? at(child, path, to) : child))
}

/** Signed bytes, changed within and signed anew. */
export const resigned = (
  bytes: Uint8Array,
  use: Label,
  signer: Seeds,
  path: readonly number[],
  to: Item | ((old: Item) => Item),
): Uint8Array => signBytes(signerOf(signer), use, changed((decodeCbor(bytes) as [Uint8Array])[0], path, to))

export const without = (item: Item): Item => (item as Item[]).slice(0, -1)
export const withMore = (item: Item): Item => [...(item as Item[]), 0]
export const twice = (item: Item): Item => [...(item as Item[]), ...(item as Item[])]
export const reversed = (item: Item): Item => (item as Item[]).toReversed()
