/** SPEC §17 (F3, F4): the access list of each resource, as it stands on the disk and as the account wants it; the members document. */
import type { AccountState } from './account.ts'
import { need, same } from './cbor.ts'
import type { Disk } from './disk.ts'
import { triples } from './turtle.ts'

const ACL = 'http://www.w3.org/ns/auth/acl#'
const ALV = 'https://w3id.org/alveole#'
const FOAF = 'http://xmlns.com/foaf/0.1/'
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'
const VCARD = 'http://www.w3.org/2006/vcard/ns#'
const XSD = 'http://www.w3.org/2001/XMLSchema#'

/** A rule as the set of what it says, but for what it is called: lines in order. */
export type Rule = string[]

function stored(disk: Disk, url: string): Uint8Array {
  const bytes = disk.read(url)
  need(bytes !== null)
  return bytes
}

/** By what each says, in no order of theirs. */
export function rulesAt(disk: Disk, resource: string): Rule[] {
  const all = triples(stored(disk, `${resource}.acl`), resource)
  const rules = Map.groupBy(all, ([subject]) => subject)
  return [...rules.values()].map(of => of.map(([, predicate, object]) => `${predicate} ${object}`).sort()).sort(byText)
}

const byText = (one: Rule, other: Rule): number => (String(one) < String(other) ? -1 : 1)

type Where = 'itself' | 'inside'
interface Said {
  who: [property: 'agent' | 'agentGroup' | 'agentClass', iri: string]
  where: Where[]
  modes: ('Read' | 'Append' | 'Write' | 'Control')[]
  from?: number
  until?: number
}

const date = (at: number): string => `"${new Date(at).toISOString()}"^^${XSD}dateTime`

const rule = (resource: string, { who: [property, iri], where, modes, from, until }: Said): Rule =>
  [
    `${RDF}type ${ACL}Authorization`,
    `${ACL}${property} ${iri}`,
    ...where.map(at => `${ACL}${at === 'itself' ? 'accessTo' : 'default'} ${resource}`),
    ...modes.map(mode => `${ACL}mode ${ACL}${mode}`),
    ...(from === undefined ? [] : [`${ALV}validFrom ${date(from)}`]),
    ...(until === undefined ? [] : [`${ALV}validUntil ${date(until)}`]),
  ].sort()

function listed(resource: string, owner: string, ...others: Said[]): Rule[] {
  const where: Where[] = resource.endsWith('/') ? ['itself', 'inside'] : ['itself']
  const all: Said[] = [{ who: ['agent', owner], where, modes: ['Read', 'Write', 'Control'] }, ...others]
  return all.map(of => rule(resource, of)).sort(byText)
}

const EVERYBODY: Said = { who: ['agentClass', `${FOAF}Agent`], where: ['itself'], modes: ['Read'] }
const SIGNED_IN: Said = { who: ['agentClass', `${ACL}AuthenticatedAgent`], where: ['itself'], modes: ['Append'] }

/** Of a vault: the folder, the log, the inbox, each collection; `membersIri` of a group by its URL. */
export function wantedOfVault(
  { collections, selections, grants }: AccountState,
  owner: string,
  folder: string,
  membersIri: (group: string) => string,
  now: number,
): Map<string, Rule[]> {
  const of = (collection: Uint8Array): Said[] =>
    grants
      .filter(({ state, until }) => (state === 'giving' || state === 'live') && now < until)
      .filter(grant => grant.collections.some(id => same(id, collection)))
      .map(({ to, toKind, from, given, until }) => ({
        who: toKind === 'person' ? ['agent', to] : ['agentGroup', membersIri(to)],
        where: ['inside'],
        modes: ['Read'],
        ...(from > given && { from }),
        until,
      }))
  const one = (path: string, ...others: Said[]): [string, Rule[]] => [
    folder + path,
    listed(folder + path, owner, ...others),
  ]
  return new Map([
    one(''),
    one('identity.alv', EVERYBODY),
    one('inbox/', SIGNED_IN),
    ...[...collections, ...selections].map(({ id }) => one(`c/${Buffer.from(id).toString('base64url')}/`, ...of(id))),
  ])
}

/** Of a group, at its steward's. */
export function wantedOfGroup(url: string, owner: string, document: string): Map<string, Rule[]> {
  const members: Said = { who: ['agentGroup', `${document}#members`], where: ['inside'], modes: ['Read'] }
  const feed: Said = { ...members, where: ['itself', 'inside'], modes: ['Read', 'Append'] }
  return new Map([
    [url, listed(url, owner, members)],
    [`${url}inbox/`, listed(`${url}inbox/`, owner, SIGNED_IN)],
    [`${url}feed/`, listed(`${url}feed/`, owner, feed)],
    [`${url}consents/`, listed(`${url}consents/`, owner, { ...members, where: ['itself'], modes: ['Append'] })],
    [document, listed(document, owner, EVERYBODY)],
  ])
}

export const membersDocument = (group: string, nonce: Uint8Array): string =>
  `${group}members-${Buffer.from(nonce.subarray(0, 16)).toString('base64url')}`

/** Whom the server takes for members: WebIDs, sorted. */
export function membersIn(disk: Disk, document: string): string[] {
  const all = triples(stored(disk, document), document)
  need(all.every(([subject]) => subject === `${document}#members`))
  const [types, members] = [`${RDF}type`, `${VCARD}hasMember`].map(wanted =>
    all.filter(([, predicate]) => predicate === wanted).map(([, , object]) => object),
  ) as [string[], string[]]
  need(types.join() === `${VCARD}Group` && types.length + members.length === all.length)
  return members.sort()
}
