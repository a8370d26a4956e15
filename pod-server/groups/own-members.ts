/**
 * Group documents of this server, decided as the anonymous request would be that CSS makes for each: whether anybody may
 * read the document now, and what it says now. Both are kept only for as long as the files are unchanged, so that a
 * removal counts at the next request, whoever wrote it.
 */
import type { AccessChecker, ResourceStore } from '@solid/community-server'
import { css } from '../css.ts'
import type { AccessRules } from '../fast-read/access-rules.ts'
import { allowedModes } from '../fast-read/allowed-modes.ts'
import { placeOf } from '../fast-read/folder.ts'
import type { Folders } from '../fast-read/folder.ts'
import { FreshFiles } from '../fast-read/fresh-files.ts'
import { MOST_KEPT, membersIn, weightOf } from './members.ts'
import type { Members } from './members.ts'

/** A plain name in plain folders; no rules, no metadata, nothing that the server keeps for itself. */
const PATH = /^(?:[\w-][\w.-]*\/)+[\w-][\w.-]*(?<!\.acl|\.meta)$/

export class OwnMembers {
  readonly #baseUrl: string
  readonly #root: string
  readonly #store: ResourceStore
  readonly #folders: Folders
  readonly #rules: AccessRules
  readonly #everybody: AccessChecker
  readonly #kept = new FreshFiles<Members>(MOST_KEPT, weightOf)

  /** `everybody` decides for requests that nobody signed: it needs to know no groups. */
  constructor(
    baseUrl: string,
    root: string,
    store: ResourceStore,
    folders: Folders,
    rules: AccessRules,
    everybody: AccessChecker,
  ) {
    this.#baseUrl = baseUrl
    this.#root = root
    this.#store = store
    this.#folders = folders
    this.#rules = rules
    this.#everybody = everybody
  }

  /** `'unusual'`: of another server, in another format than Turtle, or kept in another way than as one plain file. */
  async of(document: string): Promise<Members | 'unusual'> {
    const path = document.startsWith(this.#baseUrl) ? document.slice(this.#baseUrl.length) : ''
    if (!PATH.test(path)) return 'unusual'
    try {
      const { folder, name } = placeOf(this.#root, path)
      const file = await this.#folders.fileName(folder, name)
      if (!file.endsWith('.ttl')) return 'unusual'
      const modes = await allowedModes(await this.#rules.for(path), {}, this.#everybody)
      return modes.has('read') ? await this.#kept.get(document, folder + file, () => this.#read(document)) : NOBODY
    } catch {
      return 'unusual'
    }
  }

  /** Under its read lock, and as quads: CSS does both. */
  async #read(path: string): Promise<Members> {
    const { data } = await this.#store.getRepresentation({ path }, { type: { [css.INTERNAL_QUADS]: 1 } })
    return membersIn(data)
  }
}

const NOBODY: Members = new Map()
