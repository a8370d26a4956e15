/** SPEC §16 (X): messages sealed to a person or a group; what their signed bytes, a link and an agreement hold. */
import { join, need, Refused, textOf } from './cbor.ts'
import { groupKey, type Epoch } from './group.ts'
import { kdf, openEnvelope, openSealed, openWithAny, steps, verified, type KeyOf } from './primitives.ts'
import { bytes, fields, id, is, key, parse, rows, text, uint, vector, type Shape } from './shape.ts'

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

const batch = fields({
  version: is(1),
  type: is('access-batch'),
  sealId: id,
  generation: uint,
  index: uint,
  previous: key,
})
const read = fields({ later: uint, who: uint, application: uint, path: uint })
const reads = fields({
  begun: uint,
  lost: uint,
  who: rows(text),
  applications: rows(text),
  paths: rows(text),
  reads: rows(read),
})

/** SPEC Y1, Y2: what a pod server noted of reads. */
export function accessBatch(stored: Uint8Array, seed: Uint8Array) {
  const { header, sealed } = parse(object, stored)
  parse(batch, header)
  const of = parse(reads, openSealed(seed, 'access batch', header, sealed, steps(512)))
  const listed = (texts: string[], place: number): string => {
    need(place < texts.length)
    return texts[place]!
  }
  return {
    lost: of.lost,
    reads: of.reads.map(({ later, who, application, path }) => ({
      at: of.begun + later,
      who: listed(of.who, who),
      application: listed(of.applications, application),
      path: listed(of.paths, path),
    })),
  }
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
  at: uint,
  until: uint,
  collections: rows(fields({ id, url: text })),
})
export const heads = rows(fields({ collection: id, vector, hash: key }))
/** X9. */
export const feedLines = fields({ owner: text, to: text, identity: key, heads })
export const leaveRequest = fields({ group: key, webId: text })
export const joinRequest = fields({ group: key, webId: text, root: key, invitation: id, mac: key })

const link = fields({
  url: text,
  name: text,
  group: key,
  steward: text,
  root: key,
  invitation: id,
  secret: key,
  seen: fields({ index: uint, hash: key }),
})

/** X7. */
export function invitation(from: string): Shape<typeof link> {
  const [, fragment] = /#join=([A-Za-z0-9_-]+)\s*$/.exec(from) ?? []
  need(fragment !== undefined, 'usage')
  const bytes = new Uint8Array(Buffer.from(fragment, 'base64url'))
  need(Buffer.from(bytes).toString('base64url') === fragment, 'usage')
  try {
    const read = parse(link, bytes)
    need(/^https?:\/\/.+\/alveole\/groups\/[\w-]{22}\/$/.test(read.url), 'usage')
    return read
  } catch {
    throw new Refused('usage')
  }
}

export const joinMac = (secret: Uint8Array, group: Uint8Array, root: Uint8Array, webId: string): Uint8Array =>
  kdf(secret, 'join request mac', join(group, root, new TextEncoder().encode(webId)))

const ODRL = 'http://www.w3.org/ns/odrl/2/'
const FACET = 'https://w3id.org/alveole#facet'
const ISSUED = 'http://purl.org/dc/terms/issued'
type Node = { [name: string]: Node }

/** X8: the end, purpose and facets of the JSON-LD text, which is rebuilt from what it says and compared. */
export function agreement(from: Uint8Array, assigner: string, keyOf: KeyOf) {
  const json = textOf(verified(from, 'agreement', keyOf))
  try {
    const jsonLd = JSON.parse(json) as Node
    const permission = jsonLd[`${ODRL}permission`]!
    const [start, until, purpose] = (permission[`${ODRL}constraint`] as unknown as Node[]).map(
      limit => limit[`${ODRL}rightOperand`]!,
    )
    const said = {
      grant: str(jsonLd['@id']),
      assigner: str(jsonLd[`${ODRL}assigner`]!['@id']),
      assignee: str(jsonLd[`${ODRL}assignee`]!['@id']),
      issued: time(jsonLd[ISSUED]),
      targets: (permission[`${ODRL}target`] as unknown as Node[]).map(target => str(target['@id'])),
      facets: (permission[FACET] as unknown as unknown[]).map(str),
      start: time(start),
      until: time(until),
      purpose: str(purpose!['@id']),
    }
    need(said.assigner === assigner && JSON.stringify(written(said)) === json)
    return { until: said.until, purpose: said.purpose, facets: said.facets, jsonLd }
  } catch {
    throw new Refused()
  }
}

function str(of: unknown): string {
  need(typeof of === 'string')
  return of
}
const time = (of: Node | undefined): number => Date.parse(str(of!['@value']))

interface Said {
  grant: string
  assigner: string
  assignee: string
  issued: number
  targets: string[]
  facets: string[]
  start: number
  until: number
  purpose: string
}

function written(said: Said): object {
  const id = (of: string) => ({ '@id': of })
  const date = (of: number) => ({
    '@type': 'http://www.w3.org/2001/XMLSchema#dateTime',
    '@value': new Date(of).toISOString(),
  })
  const limit = (left: string, operator: string, right: object) => ({
    [`${ODRL}leftOperand`]: id(ODRL + left),
    [`${ODRL}operator`]: id(ODRL + operator),
    [`${ODRL}rightOperand`]: right,
  })
  return {
    '@id': said.grant,
    '@type': [`${ODRL}Agreement`, 'https://w3id.org/alveole#Grant', 'https://w3id.org/dpv#ConsentRecord'],
    [`${ODRL}assigner`]: id(said.assigner),
    [`${ODRL}assignee`]: id(said.assignee),
    [ISSUED]: date(said.issued),
    [`${ODRL}permission`]: {
      [`${ODRL}action`]: id(`${ODRL}read`),
      [`${ODRL}target`]: said.targets.map(id),
      [FACET]: said.facets,
      [`${ODRL}constraint`]: [
        limit('dateTime', 'gteq', date(said.start)),
        limit('dateTime', 'lteq', date(said.until)),
        limit('purpose', 'isA', id(said.purpose)),
      ],
    },
  }
}
