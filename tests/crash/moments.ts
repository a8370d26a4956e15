/**
 * The moments of an action at which its program may die: the world before it, after each request and disk write that changed
 * something, and at the end. Dying before one change is dying after the last; dying at a reading changes nothing.
 */
import type { Pod, Store } from '#core'
import type { SavedStore, World } from '../core/world.ts'
import { changes, isLocal, Stage, type Ending, type Step } from './stage.ts'

export interface Moment {
  /** The last thing that happened. */
  line: string
  /** Puts the world back to this moment. */
  back(): void
}

/** Of changes asked for side by side, the first asked goes first, or the last: then the others never happened. */
export type Order = 'first' | 'last'

export async function moments<A extends { pod: Pod; store: Store }>(
  world: World,
  stores: SavedStore[],
  around: A,
  act: (around: A) => Promise<unknown>,
  order: Order = 'first',
): Promise<{ all: Moment[]; ending: Ending; sideBySide: boolean }> {
  const stage = new Stage()
  const all: Moment[] = [{ line: 'nothing', back: world.save(...stores) }]
  let last: Step | null = null
  let sideBySide = false
  const see = (): void => {
    if (last && changes(last)) all.push({ line: last.line, back: world.save(...stores) })
  }
  const ends = await stage.play({ one: () => act(stage.around('one', around)) }, waiting => {
    see()
    sideBySide ||= waiting.filter(one => changes(one) && !isLocal(one)).length > 1
    const step = waiting.at(order === 'first' ? 0 : -1)!
    last = step
    return { step }
  })
  see()
  return { all, ending: ends['one']!, sideBySide }
}
