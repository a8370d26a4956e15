/** What runs in the browser for idb-objects.test.ts: the stores it opened, by number, since only plain data crosses. */
import type { ObjectStore } from '../../client/core/object-store.ts'
import { idbObjects } from '../../client/web/worker/idb-objects.ts'

const stores: ObjectStore[] = []
/** Set by the test before each call. */
let now = 0

export const setNow = (time: number): void => void (now = time)
export const open = (person: string, limit?: number): number =>
  stores.push(idbObjects(person, { clock: () => now, ...(limit !== undefined && { limit }) })) - 1
export const limit = (store: number): number => stores[store]!.limit
export const has = (store: number, url: string): Promise<boolean> => stores[store]!.has(url)
export async function get(store: number, url: string): Promise<number[] | null> {
  const found = await stores[store]!.get(url)
  return found && [...found]
}
export const put = (store: number, url: string, bytes: number[]): Promise<void> =>
  stores[store]!.put(url, new Uint8Array(bytes))
export const remove = (store: number, url: string): Promise<void> => stores[store]!.delete(url)
export const size = (store: number): Promise<{ objects: number; bytes: number }> => stores[store]!.size()

/** From now on the browser refuses so many writings of objects for want of room. */
export function refuse(times: number): void {
  const add = IDBObjectStore.prototype.put
  let left = times
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: Parameters<typeof add>) {
    if (this.name !== 'objects' || left-- <= 0) return add.apply(this, args)
    throw new DOMException('no room', 'QuotaExceededError')
  }
}
