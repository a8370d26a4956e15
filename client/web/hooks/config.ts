/** What the server that serves this page says: where its vaults are, and whether there are doors to try it by. */
import type { Door } from '../../demo/doors.ts'
import { observable } from './observable.ts'

export interface Config {
  pod: string
  demo: boolean
}

export type { Door }

export const config = observable<Config | null>(null)

async function json<T>(path: string): Promise<T> {
  const response = await fetch(path, { cache: 'no-store' })
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return (await response.json()) as T
}

export const loadConfig = (): Promise<Config> => json('/config.json')
export const loadDoors = (): Promise<Door[]> => json('/demo.json')
