/** What the server must know of a group: its containers' access rules, and the members document (protocol §5). */
import { DataFactory, Parser, Writer } from 'n3'
import { isCode } from '#crypto'
import { rdf, solid, vcard } from '#vocab'
import { checkIri, ownerRule, writeAcl, type Rule } from '../acl.ts'
import type { Context } from '../context.ts'
import type { Condition } from '../pod.ts'
import { everyoneOf } from './group-members.ts'
import { consentsOf, feedOf, inboxOf, membersUrl, type OpenGroup } from './open-group.ts'

const { namedNode, quad } = DataFactory
const TURTLE = 'text/turtle'

const iriIn = (document: string): string => `${document}#members`
export const membersIri = (group: Pick<OpenGroup, 'url' | 'state'>): string => iriIn(membersUrl(group))

/** Rules first, then the members document: nobody may read before the rules stand. Done again, it changes nothing. */
export async function publishGroup(context: Context, group: OpenGroup): Promise<void> {
  await writeGroupRules(context, group)
  try {
    await writeMembers(context, group, { ifNoneMatch: '*' })
  } catch (error) {
    if (!isCode(error, 'conflict') || !(await readMembers(context, group)).members) throw error
  }
}

/** Whether the circle stands in our own storage: only there its rules are ours to write. */
export const isHost = ({ pod }: Context, url: string): boolean => url.startsWith(pod.storage)

/** By whose storage it stands in: stewards write there, members read. */
export async function writeGroupRules(context: Context, group: OpenGroup): Promise<void> {
  const agents = [...group.state.stewards.keys()].filter(webId => webId !== context.me.webId).sort()
  const stewards: Rule[] = agents.length ? [{ agents, modes: ['Read', 'Write'], on: ['self', 'children'] }] : []
  const members: Rule = { groups: [membersIri(group)], modes: ['Read'], on: ['children'] }
  const senders: Rule = { public: 'authenticated', modes: ['Append'], on: ['self'] }
  const document = stewards.map((rule): Rule => ({ ...rule, on: ['self'] }))
  await setRules(context, membersUrl(group), [...document, { public: 'all', modes: ['Read'], on: ['self'] }])
  await setRules(context, group.url, [...stewards, members])
  await setRules(context, inboxOf(group.url), [...stewards, senders])
  const feed: Rule = { ...members, modes: ['Read', 'Append'], on: ['self', 'children'] }
  await setRules(context, feedOf(group.url), [...stewards, feed])
  const answers: Rule = { ...members, modes: ['Append'], on: ['self'] }
  await setRules(context, consentsOf(group.url), [...stewards, answers])
}

async function setRules({ pod, me }: Context, url: string, rules: Rule[]): Promise<void> {
  const owner: Rule = url.endsWith('/') ? ownerRule(me.webId) : { ...ownerRule(me.webId), on: ['self'] }
  await pod.put(await pod.aclOf(url), writeAcl(url, [owner, ...rules]), { type: TURTLE })
}

/** The whole document, as the log has it: at founding, and to mend one that differs. */
export async function writeMembers({ pod }: Context, group: OpenGroup, condition: Condition): Promise<void> {
  const self = namedNode(membersIri(group))
  const members = (await everyoneOf(group)).filter(({ state }) => state === 'member')
  const quads = [
    quad(self, namedNode(rdf.type), namedNode(vcard.Group)),
    ...members.map(({ webId }) => quad(self, namedNode(vcard.hasMember), namedNode(checkIri(webId)))),
  ]
  const turtle = new TextEncoder().encode(new Writer({ format: TURTLE }).quadsToString(quads))
  await pod.put(membersUrl(group), turtle, { ...condition, type: TURTLE })
}

/** Whom the server takes for members, null where it cannot be read; and what to write onto exactly this. */
export async function readMembers(
  { pod }: Context,
  group: OpenGroup,
): Promise<{ members: string[] | null; condition: Condition }> {
  const reply = await pod.get(membersUrl(group))
  if (!reply) return { members: null, condition: { ifNoneMatch: '*' } }
  return { members: membersIn(membersUrl(group), reply.body), condition: reply.etag ? { ifMatch: reply.etag } : {} }
}

/** null where it is no Turtle: another app's doing, or the host's. */
export function membersIn(document: string, turtle: Uint8Array): string[] | null {
  try {
    return new Parser({ baseIRI: document })
      .parse(new TextDecoder().decode(turtle))
      .filter(({ subject, predicate }) => subject.value === iriIn(document) && predicate.value === vcard.hasMember)
      .map(({ object }) => object.value)
  } catch {
    return null
  }
}

/** One small request, whatever the size of the group. False where the document does not say what was thought. */
export async function patchMember(
  { pod }: Context,
  group: OpenGroup,
  webId: string,
  change: 'inserts' | 'deletes',
): Promise<boolean> {
  const triple = `<${membersIri(group)}> <${vcard.hasMember}> <${checkIri(webId)}>.`
  try {
    await pod.patch(membersUrl(group), `<> a <${solid.InsertDeletePatch}>; <${solid[change]}> { ${triple} }.`)
    return true
  } catch (error) {
    if (!isCode(error, 'conflict')) throw error
    return false
  }
}
