/** A network that is dead for a while: pauses that grow, one line in the log, and the work done once there is an answer. */
import { expect, test } from 'vitest'
import { AlveoleError } from '#crypto'
import type { Pod } from '#core'
import { logTo, type Event } from '../../client/agent/log.ts'
import { newState, type AgentState } from '../../client/agent/state.ts'
import { watch } from '../../client/agent/watch.ts'

const clock = { now: () => 0, skew: () => 0, fetch: globalThis.fetch }

function watching(answer: (asked: number) => void, signal: AbortSignal, told: (state: AgentState) => void) {
  let asked = 0
  const pod = {
    storage: 'https://pod.example/',
    enforcesEnd: async () => (answer(++asked), false),
    list: async () => [],
  } as Partial<Pod> as Pod
  const events: Event[] = []
  const log = logTo({ write: line => events.push(JSON.parse(line) as Event) })
  const tell = async (state: AgentState): Promise<void> => told(state)
  const ended = watch({ pod, clock, log, tell, signal, longest: 20, state: newState(1, 0, false) })
  return { ended, events, asked: () => asked }
}

test('is told once, however long it lasts, and so is its end', async () => {
  const stop = new AbortController()
  const problems: string[][] = []
  const { ended, events } = watching(
    asked => {
      if (asked <= 6) throw new AlveoleError('offline', 'no answer')
      if (asked === 8) stop.abort()
    },
    stop.signal,
    state => problems.push(state.problems.map(({ code }) => code)),
  )
  await ended
  expect(events.map(({ event }) => event)).toEqual(['started', 'problem', 'well', 'stopped'])
  expect(problems.slice(0, 7)).toEqual([...Array.from({ length: 6 }, () => ['offline']), []])
})

test('what is no failure of the world ends it: somebody is to look', async () => {
  const { ended } = watching(
    () => {
      throw new TypeError('a bug')
    },
    new AbortController().signal,
    () => undefined,
  )
  await expect(ended).rejects.toThrow('a bug')
})

test('a disk that is full keeps it from telling, not from working', async () => {
  const stop = new AbortController()
  let tried = 0
  const { ended, events, asked } = watching(
    () => undefined,
    stop.signal,
    () => {
      if (++tried === 3) stop.abort()
      throw new AlveoleError('full', 'no room')
    },
  )
  await ended
  expect(asked()).toBeGreaterThanOrEqual(3)
  expect(events.filter(({ event }) => event === 'problem')).toHaveLength(1)
})
