/** A pod of which some requests are answered otherwise. */
import type { Pod } from '#core'

export const answering = (pod: Pod, otherwise: Partial<Pod>): Pod =>
  new Proxy(pod, {
    get(target, property) {
      if (property in otherwise) return Reflect.get(otherwise, property) as unknown
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
