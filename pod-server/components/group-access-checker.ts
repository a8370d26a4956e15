/**
 * `acl:agentGroup` as CSS decides it, without fetching and parsing the group's document for each request: documents of
 * this server are looked at where they stand, those of others every few seconds (`../groups/`).
 */
import type { AccessCheckerArgs } from '@solid/community-server'
import { css } from '../css.ts'
import { ForeignMembers, fetchMembers } from '../groups/foreign-members.ts'
import type { Members } from '../groups/members.ts'
import type { OwnMembers } from '../groups/own-members.ts'

type Group = ReturnType<AccessCheckerArgs['acl']['getObjects']>[number]

export class GroupAccessChecker extends css.AccessChecker {
  readonly #own: OwnMembers
  readonly #baseUrl: string
  readonly #foreign = new ForeignMembers()

  constructor(own: OwnMembers, baseUrl: string) {
    super()
    this.#own = own
    this.#baseUrl = baseUrl
  }

  override async handle({ acl, rule, credentials }: AccessCheckerArgs): Promise<boolean> {
    const webId = credentials.agent?.webId
    if (webId === undefined) return false
    const groups = acl.getObjects(rule, css.ACL.terms.agentGroup, null)
    return css.promiseSome(groups.map(group => this.#isMember(webId, group)))
  }

  async #isMember(webId: string, group: Group): Promise<boolean> {
    if (group.termType !== 'NamedNode') return false
    const [document = ''] = group.value.split('#', 1)
    const own = await this.#own.of(document)
    const members = own === 'unusual' ? await this.#fetched(document) : own
    return members.get(group.value)?.has(webId) ?? false
  }

  /** One of this server that is kept in an unusual way is asked for each time: a removal must count at once. */
  #fetched(document: string): Promise<Members> {
    return document.startsWith(this.#baseUrl) ? fetchMembers(document) : this.#foreign.of(document)
  }
}
