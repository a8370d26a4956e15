/** SPEC §16 (X): messages sealed to a person or a group; what their signed bytes, a link and an agreement hold. */
import { join, need, Refused, textOf } from './cbor.ts'
import { groupKey, type Epoch } from './group.ts'
import { kdf, openEnvelope, openSealed, openWithAny, steps, verified, type KeyOf } from './primitives.ts'
import { bytes, fields, id, is, key, parse, rows, text, uint, type Shape } from './shape.ts'

const object = fields({ header: bytes, sealed: bytes })
const toPerson = fields({ version: is(1), type: is('message'), sealId: id })
const toGroup = fields({ version: is(1), type: is('group-message'), sealId: id, epoch: uint })

const bounded = (stored: Uint8Array): Uint8Array => {
  need(stored.length <= 4096, 'too-large')
  return stored
}

export function personal(stored: Uint8Array, seeds: Uint8Array[]): Uint8Array {
  const { header, sealed } = parse(object, bounded(stored))
  parse(toPerson, header)
  return seeds.length === 1
    ? openSealed(seeds[0]!, 'message', header, sealed, steps(512))
    : openWithAny(seeds, 'message', header, sealed, steps(512))
}

/** Null: of an epoch that is not ours. */
export function ofGroup(stored: Uint8Array, epochs: Epoch[]): Uint8Array | null {
  const { header, sealed } = parse(object, bounded(stored))
  const { epoch: number } = parse(toGroup, header)
  const epoch = epochs.find(each => each.number === number)
  return epoch ? openEnvelope(groupKey(epoch), 'group message', header, sealed, steps(512)) : null
}

export const announcement = fields({
  owner: text,
  to: text,
  grant: id,
  collections: rows(fields({ id, url: text })),
})
export const joinRequest = fields({ group: key, webId: text, root: key, invitation: id, mac: key })

const link = fields({ url: text, name: text, group: key, steward: text, root: key, invitation: id, secret: key })

/** X7. */
export function invitation(from: string): Shape<typeof link> {
  const [, fragment] = /#join=([A-Za-z0-9_-]+)\s*$/.exec(from) ?? []
  need(fragment !== undefined, 'usage')
  const bytes = new Uint8Array(Buffer.from(fragment, 'base64url'))
  need(Buffer.from(bytes).toString('base64url') === fragment, 'usage')
  try {
    return parse(link, bytes)
  } catch {
    throw new Refused('usage')
  }
}

export const joinMac = (secret: Uint8Array, group: Uint8Array, root: Uint8Array, webId: string): Uint8Array =>
  kdf(secret, 'join request mac', join(group, root, new TextEncoder().encode(webId)))

const ODRL = 'http://www.w3.org/ns/odrl/2/'
type Node = { [name: string]: Node }

/** X8: the JSON-LD, whose names are whole IRIs, and the end, purpose and facets in it. */
export function agreement(from: Uint8Array, assigner: string, keyOf: KeyOf) {
  const json = textOf(verified(from, 'agreement', keyOf))
  try {
    const jsonLd = JSON.parse(json) as Node
    const permission = jsonLd[`${ODRL}permission`]!
    const [, until, purpose] = permission[`${ODRL}constraint`] as unknown as Node[]
    const right = (of: Node | undefined): { [name: string]: unknown } => of![`${ODRL}rightOperand`]!
    const end = Date.parse(String(right(until)['@value']))
    need((jsonLd[`${ODRL}assigner`]!['@id'] as unknown) === assigner && !Number.isNaN(end))
    return { until: end, purpose: right(purpose)['@id'], facets: permission['https://w3id.org/alveole#facet'], jsonLd }
  } catch {
    throw new Refused()
  }
}
