/** Which lines of a long list are in the page: whatever their heights, those on the screen, and paddings that stand for all others. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { linesNear } from '../../client/web/hooks/lines.ts'

const lists = fc.record({
  heights: fc.array(fc.integer({ min: 20, max: 400 }), { maxLength: 300 }),
  top: fc.integer({ min: -2000, max: 150_000 }),
  screen: fc.integer({ min: 100, max: 3000 }),
})

it('what is on the screen is there, and the whole list keeps its height', () => {
  fc.assert(
    fc.property(lists, ({ heights, top, screen }) => {
      const { first, end, before, after } = linesNear(heights.length, line => heights[line]!, top, screen)
      const height = (from: number, to: number): number => heights.slice(from, to).reduce((sum, each) => sum + each, 0)
      expect(first).toBeLessThanOrEqual(end)
      expect(before).toBe(height(0, first))
      expect(after).toBe(height(end, heights.length))
      for (let line = 0, at = 0; line < heights.length; at += heights[line++]!) {
        const isOnScreen = at < top + screen && at + heights[line]! > top
        if (isOnScreen) expect(line >= first && line < end).toBe(true)
      }
      if (heights.length) expect(end).toBeGreaterThan(first)
    }),
  )
})

it('few are there of many', () => {
  const { first, end } = linesNear(10_000, () => 84, 400_000, 900)
  expect(end - first).toBeLessThan(40)
})
