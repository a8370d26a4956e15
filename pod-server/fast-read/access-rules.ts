/**
 * The rules that hold for a resource: those of its own `.acl`, or those that the nearest container with one hands down
 * (WAC, "Effective ACL Resource"). Found and read as CSS's WebAclReader does, each level under the same read lock; but
 * what was found is kept for as long as the folder and the file are the same.
 */
import type { AccessCheckerArgs, ExpiringReadWriteLocker, ResourceStore } from '@solid/community-server'
import { css } from '../css.ts'
import { FreshFiles } from './fresh-files.ts'
import { placeOf } from './folder.ts'
import type { Folders, Presence } from './folder.ts'

type Acl = AccessCheckerArgs['acl']
export type Mode = 'read' | 'write' | 'append' | 'control'
export type Rule = Pick<AccessCheckerArgs, 'acl' | 'rule'> & { modes: readonly Mode[] }

/** One `.acl`: the rules for its own subject, and those for what is below it. */
type Rules = { own: Rule[]; inherited: Rule[] }

export class AccessRules {
  readonly #root: string
  readonly #baseUrl: string
  readonly #store: ResourceStore
  readonly #locker: ExpiringReadWriteLocker
  readonly #folders: Folders
  /** Whether a resource has its own, seen under its lock: a change of type removes one file before it adds the other. */
  readonly #levels = new FreshFiles<Presence>(2_000)
  readonly #parsed = new FreshFiles<Rules>(500)

  constructor(root: string, baseUrl: string, store: ResourceStore, locker: ExpiringReadWriteLocker, folders: Folders) {
    this.#root = root
    this.#baseUrl = baseUrl
    this.#store = store
    this.#locker = locker
    this.#folders = folders
  }

  /** Throws when there are none, or when they are kept in an unusual way. `path` begins after the base URL. */
  async for(path: string): Promise<Rule[]> {
    const own = await this.#at(path)
    if (own) return own.own
    for (let container = path; container;) {
      container = container.slice(0, container.lastIndexOf('/', container.length - 2) + 1)
      const found = await this.#at(container)
      if (found) return found.inherited
    }
    throw new Error('no rules')
  }

  async #at(subject: string): Promise<Rules | null> {
    const { folder, name } = placeOf(this.#root, `${subject}.acl`)
    const target = { path: this.#baseUrl + subject }
    const presence = await this.#levels.get(subject, folder, () =>
      this.#locker.withReadLock(target, () => this.#folders.presence(folder, name)),
    )
    if (presence === 'unusual') throw new Error('rules of another type')
    return presence === 'present' ? this.#parsed.get(subject, folder + name, () => this.#read(target.path)) : null
  }

  /** By CSS itself, parser and all. */
  async #read(subject: string): Promise<Rules> {
    const wanted = { type: { [css.INTERNAL_QUADS]: 1 } }
    const { data } = await this.#store.getRepresentation({ path: `${subject}.acl` }, wanted)
    const acl = await css.readableToQuads(data)
    return {
      own: rulesAbout(acl, css.ACL.terms.accessTo, subject),
      inherited: rulesAbout(acl, css.ACL.terms.default, subject),
    }
  }
}

const MODES: Record<string, readonly Mode[]> = {
  [css.ACL.Read]: ['read'],
  [css.ACL.Write]: ['append', 'write'],
  [css.ACL.Append]: ['append'],
  [css.ACL.Control]: ['control'],
}

const rulesAbout = (acl: Acl, relation: Parameters<Acl['getSubjects']>[0], subject: string): Rule[] =>
  acl
    .getSubjects(relation, subject, null)
    .filter(rule => acl.countQuads(rule, css.RDF.terms.type, css.ACL.terms.Authorization, null) > 0)
    .map(rule => ({
      acl,
      rule,
      modes: acl.getObjects(rule, css.ACL.terms.mode, null).flatMap(({ value }) => MODES[value] ?? []),
    }))
    // A group of another server may have to be fetched: last, in case nothing is left to gain from it.
    .sort((a, b) => groups(a) - groups(b))

const groups = ({ acl, rule }: Pick<Rule, 'acl' | 'rule'>): number =>
  acl.countQuads(rule, css.ACL.terms.agentGroup, null, null)
