/**
 * Which lines of a long list are near the screen: only those are in the page, between two paddings that stand for the others. Lines keep
 * the height that they had when they were there; what was never there is taken to be as high as those that were seen first.
 */
import { useEffect, useRef, useState, type RefObject } from 'react'

/** Pixels: what a line takes until one was seen, and what is between two (list.module.css). */
const [GUESS, GAP] = [76, 8]
/** Pixels beyond the screen on both sides: who goes on by the keyboard finds the next line there. */
const BEYOND = 1000

export interface Lines {
  first: number
  /** The first that is not there any more. */
  end: number
  /** Pixels. */
  before: number
  after: number
}

/** `top`: pixels of the list that are above the screen; negative where it begins below. */
export function linesNear(count: number, heightOf: (line: number) => number, top: number, screen: number): Lines {
  const near: Lines = { first: count, end: count, before: 0, after: 0 }
  let at = 0
  for (let line = 0; line < count; line++) {
    const below = at + heightOf(line)
    if (near.first === count && (below > top - BEYOND || line === count - 1))
      Object.assign(near, { first: line, before: at })
    if (near.end === count && at > top + screen + BEYOND && line > near.first)
      Object.assign(near, { end: line, after: at })
    at = below
  }
  return { ...near, after: near.end < count ? at - near.after : 0 }
}

const isSame = (a: Lines, b: Lines): boolean =>
  a.first === b.first && a.end === b.end && a.before === b.before && a.after === b.after

const unseen = () => ({ heights: new Map<number, number>(), usual: 0 })

/** Elements of the list with `data-line` are measured: the first of each line. */
export function useLines(list: RefObject<HTMLElement | null>, count: number): Lines {
  const [lines, setLines] = useState<Lines>({ first: 0, end: Math.min(count, 20), before: 0, after: 0 })
  const seen = useRef(unseen())
  useEffect(() => {
    const look = (): void => {
      if (!list.current) return
      const { heights, usual } = seen.current
      const there = list.current.querySelectorAll<HTMLElement>('[data-line]')
      for (const line of there) heights.set(Number(line.dataset['line']), line.offsetHeight + GAP)
      if (!usual && heights.size) seen.current.usual = [...heights.values()].reduce((a, b) => a + b) / heights.size
      const heightOf = (line: number): number => heights.get(line) ?? (seen.current.usual || GUESS)
      const next = linesNear(count, heightOf, -list.current.getBoundingClientRect().top, innerHeight)
      setLines(before => (isSame(before, next) ? before : next))
    }
    let frame = requestAnimationFrame(look)
    const soon = (): void => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(look)
    }
    const anew = (): void => {
      seen.current = unseen() // on another width lines have other heights
      soon()
    }
    const observer = new ResizeObserver(soon)
    observer.observe(document.body) // whatever appears above moves the list
    addEventListener('scroll', soon, { passive: true })
    addEventListener('resize', anew)
    return () => {
      cancelAnimationFrame(frame)
      observer.disconnect()
      removeEventListener('scroll', soon)
      removeEventListener('resize', anew)
    }
  }, [list, count])
  const end = Math.min(lines.end, count)
  return { ...lines, first: Math.min(lines.first, end), end }
}
