/**
 * The rows of a list that are looked at, fetched by the page: the newest page stands at once, out of what the account lists, whatever
 * the number of folders; how many there are in all is counted behind it.
 */
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { Language } from '#vocab'
import type { Listed, Overview, Search } from '../worker/api.ts'
import { useReading, vault } from './vault.ts'
import { state } from './worker.ts'

/** Rows that are fetched at once. */
export const PAGE = 100

/** Rows that are fetched before somebody comes to them. */
const AHEAD = PAGE / 2

export interface Rows {
  /** Sparse: what was not looked at yet is not there. Undefined until the first page is. */
  rows: readonly (Listed | undefined)[] | undefined
  overview: Overview | undefined
  error: unknown
  /** These are on the screen. */
  look(first: number, last: number): void
}

interface Found {
  key: string
  rows: (Listed | undefined)[] | undefined
  error: unknown
}

const withPage = (rows: Found['rows'], at: number, page: readonly Listed[]): (Listed | undefined)[] => {
  const next = [...(rows ?? [])]
  for (let index = 0; index < PAGE; index++) {
    const row = page[index]
    if (row || at + index < next.length) next[at + index] = row
  }
  return next
}

export function useRows(search: Search, language: Language): Rows {
  const { version } = state.use()
  const key = JSON.stringify([search, language])
  const [found, setFound] = useState<Found>({ key, rows: undefined, error: null })
  const [[first, last], setSeen] = useState<[number, number]>([0, 0])
  const asked = useRef({ of: '', pages: new Set<number>() })
  const readPage = useEffectEvent((page: number) => vault.list(search, { offset: page * PAGE, limit: PAGE }, language))
  useEffect(() => {
    const of = `${key} ${version}`
    if (asked.current.of !== of) asked.current = { of, pages: new Set() }
    const { pages } = asked.current
    const read = async (page: number): Promise<void> => {
      pages.add(page)
      try {
        const rows = await readPage(page)
        if (asked.current.pages !== pages) return
        setFound(before => ({
          key,
          rows: withPage(before.key === key ? before.rows : undefined, page * PAGE, rows),
          error: null,
        }))
      } catch (error) {
        pages.delete(page)
        if (asked.current.pages === pages) setFound(before => ({ ...before, key, error }))
      }
    }
    const from = Math.floor(Math.max(0, first - AHEAD) / PAGE)
    for (let page = from; page <= Math.floor((last + AHEAD) / PAGE); page++) {
      if (!pages.has(page)) void read(page)
    }
  }, [key, version, first, last])
  const { kind: _, ...whatever } = search
  const { value: overview, error } = useReading(JSON.stringify([whatever]), () => vault.overview(whatever))
  const current = found.key === key ? found : { rows: undefined, error: null }
  const look = (from: number, to: number): void => {
    if (from !== first || to !== last) setSeen([from, to])
  }
  return { rows: current.rows, overview, error: current.error ?? error, look }
}
