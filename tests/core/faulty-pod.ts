/**
 * A pod with bad days: the request of a given number fails as told, before the server did anything or after it did it all.
 * Every other request goes through; all are counted.
 */
import { AlveoleError, isCode } from '#crypto'
import type { Pod, Store } from '#core'
import { codeOf } from '../../client/core/answer.ts'

export interface Fault {
  /** From 1; beyond the last request nothing happens. */
  at: number
  /** 0: no answer. */
  status: number
  /** Whether the server had done it. */
  applied: boolean
}

export interface FaultyPod extends Pod {
  readonly requests: string[]
}

const REQUESTS = ['get', 'put', 'post', 'patch', 'delete', 'list', 'profile'] as const
type Request = (typeof REQUESTS)[number]
const isRequest = (name: PropertyKey): name is Request => REQUESTS.some(one => one === name)

export function faultyPod(pod: Pod, fault: Fault | null = null): FaultyPod {
  const requests: string[] = []
  const call = async (name: Request, args: unknown[]): Promise<unknown> => {
    const method = pod[name] as (...args: unknown[]) => Promise<unknown>
    const mine = requests.push(`${name.toUpperCase()} ${String(args[0])}`) === fault?.at
    if (!mine) return method.apply(pod, args)
    if (fault.applied) await method.apply(pod, args).catch(passOver)
    return fail(name, fault.status)
  }
  return new Proxy(pod, {
    get(target, property) {
      if (property === 'requests') return requests
      if (isRequest(property)) return (...args: unknown[]) => call(property, args)
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  }) as FaultyPod
}

/** Reading does the same whether its answer arrives or not: there is no “after the fact”. */
export const isReading = (request: string): boolean => /^(GET|LIST|PROFILE)/.test(request)

const passOver = (error: unknown): void => {
  if (!isCode(error, 'conflict')) throw error
}

/** As `solid-pod.ts` says it. */
function fail(name: Request, status: number): null {
  if (status === 404 && ['get', 'list', 'profile', 'delete'].includes(name)) return null
  if (name === 'profile' && [401, 403].includes(status)) return null
  throw new AlveoleError(status ? codeOf(status) : 'offline', status ? `HTTP ${status}` : 'no answer', {
    detail: { status },
  })
}

/** A disk that is full at its `at`th writing. */
export function faultyStore(store: Store, at: number): Store & { writes: number } {
  return {
    writes: 0,
    get: key => store.get(key),
    async set(key, value) {
      if (++this.writes === at) throw new AlveoleError('full', 'the disk is full')
      return store.set(key, value)
    },
  }
}
