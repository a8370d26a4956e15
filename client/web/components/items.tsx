/** Items in a list, and photos in a gallery: of any number of them those that are near the screen. */
import { useEffect, useRef, useState, type RefObject } from 'react'
import { kind } from '#vocab'
import { ItemRow, Photo } from './item-row.tsx'
import { useLines } from '../hooks/lines.ts'
import type { Listed } from '../worker/api.ts'
import styles from './list.module.css'

const inGallery = (name: string): boolean => kind(name)?.view === 'gallery'

/** As many as the style sheet puts beside one another. */
function useColumns(list: RefObject<HTMLElement | null>, gallery: boolean): number {
  const [columns, setColumns] = useState(1)
  useEffect(() => {
    if (!list.current) return undefined
    const element = list.current
    const observer = new ResizeObserver(() =>
      setColumns(getComputedStyle(element).gridTemplateColumns.split(' ').length),
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [list, gallery])
  return gallery ? columns : 1
}

interface Props {
  /** Those that are not there yet keep their place. */
  rows: readonly (Listed | undefined)[]
  total: number
  kinds: readonly string[]
  onLook: (first: number, last: number) => void
}

export function Items({ rows, total, kinds, onLook }: Props) {
  const list = useRef<HTMLUListElement>(null)
  const gallery = total > 0 && kinds.length > 0 && kinds.every(inGallery)
  const columns = useColumns(list, gallery)
  const lines = useLines(list, Math.ceil(total / columns))
  const first = lines.first * columns
  const end = Math.min(total, lines.end * columns)
  useEffect(() => onLook(first, Math.max(first, end - 1)), [first, end, onLook])
  const Shown = gallery ? Photo : ItemRow
  return (
    <ul
      ref={list}
      className={styles[gallery ? 'gallery' : 'rows']}
      style={{ paddingBlockStart: lines.before, paddingBlockEnd: lines.after }}
    >
      {Array.from({ length: end - first }, (_, index) => {
        const at = first + index
        return (
          <li
            key={rows[at]?.id ?? at}
            aria-setsize={total}
            aria-posinset={at + 1}
            data-line={at % columns === 0 ? at / columns : undefined}
          >
            {rows[at] ? <Shown item={rows[at]} /> : <div className={styles[gallery ? 'frame' : 'row']} />}
          </li>
        )
      })}
    </ul>
  )
}
