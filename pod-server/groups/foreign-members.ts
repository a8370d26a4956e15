/**
 * Group documents that CSS has to fetch: fetched once for all who ask meanwhile, by CSS's own function, and kept for a
 * few seconds. What cannot be fetched or read is not kept, and its rule gives nothing.
 */
import { css } from '../css.ts'
import { Recent } from '../fast-read/recent.ts'
import { MOST_KEPT, membersIn, weightOf } from './members.ts'
import type { Members } from './members.ts'

/** How long somebody who was removed at another server may still be let in, counted from when we asked. */
const KEPT_MS = 5_000

/** As CSS does: with no credentials, in whatever format it is offered. */
export const fetchMembers = async (document: string): Promise<Members> =>
  membersIn((await css.fetchDataset(document)).data)

export class ForeignMembers {
  readonly #kept = new Recent<{ until: number; members: Members }>(MOST_KEPT, ({ members }) => weightOf(members))
  readonly #asked = new Map<string, Promise<Members>>()

  async of(document: string): Promise<Members> {
    const kept = this.#kept.get(document)
    if (kept && Date.now() < kept.until) return kept.members
    const asked = this.#asked.get(document)
    if (asked) return asked
    const asking = this.#fetch(document).finally(() => this.#asked.delete(document))
    this.#asked.set(document, asking)
    return asking
  }

  async #fetch(document: string): Promise<Members> {
    const until = Date.now() + KEPT_MS
    const members = await fetchMembers(document)
    this.#kept.set(document, { until, members })
    return members
  }
}
