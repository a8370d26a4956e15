/** Directors of a stage (stage.ts) for two devices of one person: whose request is next, and who dies of which. */
import { isLocal, type Cue, type Director, type Step } from './stage.ts'

export const DEVICES = ['phone', 'laptop'] as const
export type Device = (typeof DEVICES)[number]
export const otherThan = (device: Device): Device => (device === 'phone' ? 'laptop' : 'phone')

/** Gives the steps in turn to the devices that `turns` names; when it has no more to say, to whoever waits. */
export function byTurns(turns: Iterator<Device>): Director {
  let whose: Device | null = null
  return <S extends Step>(waiting: readonly S[]): Cue<S> => {
    const local = waiting.find(isLocal)
    if (local) return { step: local }
    whose = turns.next().value ?? null
    return { step: waiting.find(({ program }) => program === whose) ?? waiting[0]! }
  }
}

export interface Switch {
  first: Device
  leave: number
  stay: number
}

/** One device to its `leave`th request, the other for `stay` of its own, then the first to its end. */
export function* switching({ first, leave, stay }: Switch): Generator<Device> {
  for (let i = 0; i < leave; i++) yield first
  for (let i = 0; i < stay; i++) yield otherThan(first)
  for (;;) yield first
}

export const WHENS = ['before', 'after'] as const
export interface Death {
  device: Device
  /** Of its steps, from 0; beyond the last it does not die. */
  at: number
  when: (typeof WHENS)[number]
}

export function dying(direct: Director, { device, at, when }: Death): Director {
  let steps = 0
  return waiting => {
    const cue = direct(waiting)
    if (cue.step.program !== device || steps++ !== at) return cue
    return { ...cue, dies: when }
  }
}
