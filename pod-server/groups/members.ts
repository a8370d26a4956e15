/** Who is in the groups of one document: the WebIDs that it names, by group. All that a decision needs of it. */
import type { Readable } from 'node:stream'
import type { Quad } from 'n3'
import { css } from '../css.ts'
import { vcard } from '#vocab'

export type Members = ReadonlyMap<string, ReadonlySet<string>>

/** IRIs only: a literal or a blank node is no WebID and no group. */
export const membersIn = async (quads: Readable): Promise<Members> => {
  const groups = new Map<string, Set<string>>()
  quads.on('data', ({ subject, predicate, object }: Quad) => {
    if (predicate.value !== vcard.hasMember) return
    if (subject.termType !== 'NamedNode' || object.termType !== 'NamedNode') return
    const members = groups.get(subject.value) ?? new Set()
    groups.set(subject.value, members.add(object.value))
  })
  // Not `for await`: CSS's locking store lets go of the resource only by the events of a flowing stream.
  await css.endOfStream(quads)
  return groups
}

/** What keeping a document costs, in names. */
export const weightOf = (members: Members): number => [...members.values()].reduce((sum, { size }) => sum + size, 1)

/** Kept in all, in names, of this server's documents and of others': some 100 bytes each. */
export const MOST_KEPT = 500_000
