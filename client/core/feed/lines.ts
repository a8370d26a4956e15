/**
 * Feed lines: which head a collection has, said by its owner's device to a group after a burst of writes (SPEC X9). A reader learns from
 * them what changed, and holds what the pod serves against them. They carry no data, and one that is lost harms nothing.
 */
import { encode, hash32, id16, label, list, sealGroupMessage, signBytes, struct, text, vector, type Of } from '#crypto'
import type { Me } from '../me.ts'
import type { OpenGroup } from '../groups/open-group.ts'

export const toldHead = struct({
  collection: id16,
  vector,
  /** Of the head as it is stored. */
  hash: hash32,
})
export const feedLines = struct({
  owner: text,
  to: text,
  /** The newest entry of its owner's identity log: who signs may be in no older one. */
  identity: hash32,
  heads: list(toldHead),
})
export type ToldHead = Of<typeof toldHead>

/** What a message holds at most (X3), less what envelope, signature and addresses take. */
const ROOM = 2800

/** Messages that tell these heads, as few as they fit in. */
export function sealLines(me: Me, group: OpenGroup, heads: readonly ToldHead[]): Uint8Array[] {
  if (!heads.length) return []
  const [first, second] = [heads.slice(0, Math.ceil(heads.length / 2)), heads.slice(Math.ceil(heads.length / 2))]
  if (second.length && encode(list(toldHead), [...heads]).length > ROOM)
    return [...sealLines(me, group, first), ...sealLines(me, group, second)]
  const of = { owner: me.webId, to: group.url, identity: me.identity.entries.at(-1)!, heads: [...heads] }
  return [sealGroupMessage(group.epochs.at(-1)!, signBytes(me.signer, label.feedLines, encode(feedLines, of)))]
}
