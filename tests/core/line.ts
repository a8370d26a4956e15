/** A line to the pod that can be cut, and a device behind it that keeps what it fetches. */
import { openVault, type ObjectStore, type Pod, type Vault } from '#core'
import { AlveoleError } from '#crypto'
import { memoryObjects } from '../../client/core/object-store.ts'
import { openSeal, type Member, type SavedStore } from './world.ts'

const METHODS = ['get', 'put', 'post', 'patch', 'delete', 'list', 'aclOf', 'enforcesEnd', 'profile'] as const

export interface LinedPod extends Pod {
  /** No request gets through. */
  cut: boolean
  /** As many requests from now on are done by the server, and the answer to the last one does not come, nor anything after it. */
  cutAfter: number
}

export function line(pod: Pod): LinedPod {
  const state = { cut: false, cutAfter: Infinity }
  const calls = METHODS.map(method => {
    const call = pod[method].bind(pod) as (...args: unknown[]) => Promise<unknown>
    return [
      method,
      async (...args: unknown[]) => {
        if (lined.cut) throw new AlveoleError('offline')
        const answer = await call(...args)
        if (--lined.cutAfter > 0) return answer
        lined.cut = true
        throw new AlveoleError('offline')
      },
    ]
  })
  const lined: LinedPod = Object.assign(state, Object.fromEntries(calls) as Pod, {
    webId: pod.webId,
    storage: pod.storage,
  })
  return lined
}

export interface Device {
  objects: ObjectStore
  store: SavedStore
  pod: LinedPod
  open(): Promise<Vault>
}

/** The member's own device, from now on with objects kept and behind a line. */
export function deviceOf({ around }: Member): Device {
  const objects = memoryObjects()
  const pod = line(around.pod)
  const open = () => openVault({ ...around, pod, objects }, { seal: openSeal })
  return { objects, pod, open, store: around.store }
}
