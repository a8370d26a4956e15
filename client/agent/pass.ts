/**
 * One look at the access lists of a vault's folders, without any key: rules past their own end go, where the server does not end them
 * by itself; and when the others end is told.
 */
import type { Pod } from '#core'
import { AlveoleError, isCode, type ErrorCode } from '#crypto'
import { contend } from '../core/contend.ts'
import { withoutEnded } from '../core/grants/ended-rules.ts'
import { inParallel } from '../core/parallel.ts'
import { collectionsUrl } from '../core/paths.ts'

/** Beside the errors of all: clocks that are apart; a dated rule that nothing can be done about. */
export type ProblemCode = ErrorCode | 'clock' | 'unreadable-rule'

export interface Problem {
  code: ProblemCode
  /** The random name of a folder; none where it is about no single one. */
  collection?: string
  /** Of an agent with keys: which part of the vault's upkeep was not done. */
  job?: string
}

export interface Pass {
  /** Folders looked at, and rules removed. */
  looked: number
  removed: number
  /** Rules that will end, milliseconds since 1970, the next first. */
  ends: { collection: string; until: number }[]
  problems: Problem[]
  /** Whether the server ends rules by itself. */
  enforced: boolean
}

/** A folder's name: 16 random bytes (protocol §5). */
const NAME = /^[A-Za-z0-9_-]{22}$/
/** How far two clocks may be apart before it is told. */
const APART = 60_000

/** Throws what keeps from all folders alike: `offline`, `busy`, `server`, `unauthorized`. `now`: the server's time. */
export async function removeEnded(pod: Pod, clock: { now(): number; skew(): number }): Promise<Pass> {
  const enforced = await pod.enforcesEnd()
  const pass: Pass = { looked: 0, removed: 0, ends: [], problems: [], enforced }
  await inParallel(await folders(pod), async collection => {
    try {
      await inFolder(pod, collection, clock.now, pass)
    } catch (error) {
      if (isCode(error, 'offline', 'busy', 'server', 'unauthorized') || !(error instanceof AlveoleError)) throw error
      pass.problems.push({ code: error.code, collection })
    }
  })
  if (Math.abs(clock.skew()) > APART) pass.problems.push({ code: 'clock' })
  pass.ends.sort((a, b) => a.until - b.until)
  return pass
}

/** Whatever else a server lists there is none of ours (A21). */
async function folders(pod: Pod): Promise<string[]> {
  const container = collectionsUrl(pod.storage)
  const listed = (await pod.list(container)) ?? []
  const names = listed.filter(url => url.startsWith(container)).map(url => url.slice(container.length, -1))
  return names.filter(
    (name, i) => NAME.test(name) && listed.includes(`${container}${name}/`) && names.indexOf(name) === i,
  )
}

/** Onto exactly the list that was read: where its owner changes it meanwhile, all of it is begun again (protocol §6). */
async function inFolder(pod: Pod, collection: string, now: () => number, pass: Pass): Promise<void> {
  const url = await pod.aclOf(`${collectionsUrl(pod.storage)}${collection}/`)
  const found = await contend(async () => {
    const list = await pod.get(url, { fresh: true })
    if (!list) return null // what holds above it gives nobody else anything
    if (!/^text\/turtle\b/i.test(list.type)) throw new AlveoleError('tampered', 'an access list that is not Turtle')
    const without = withoutEnded(url, list.body, now())
    if (!without.turtle || pass.enforced) return { ...without, removed: 0 }
    if (list.etag === null)
      throw new AlveoleError('refused', 'a server that cannot tell one state of a list from another')
    await pod.put(url, without.turtle, { ifMatch: list.etag, type: 'text/turtle' })
    return without
  })
  pass.looked += 1
  pass.removed += found?.removed ?? 0
  pass.ends.push(...(found?.ends ?? []).map(until => ({ collection, until })))
  if (found?.left) pass.problems.push({ code: 'unreadable-rule', collection })
}
