/**
 * The Store port: what one device keeps between openings (sealed device keys, high-water marks, commit counters).
 * Never in clear what a pod may not see. `set` is durable when it resolves, and atomic per key.
 */
export interface Store {
  get(key: string): Promise<Uint8Array | null>
  set(key: string, value: Uint8Array | null): Promise<void>
}

export function memoryStore(): Store {
  const values = new Map<string, Uint8Array>()
  return {
    get: async key => values.get(key) ?? null,
    set: async (key, value) => {
      if (value) values.set(key, value.slice())
      else values.delete(key)
    },
  }
}
