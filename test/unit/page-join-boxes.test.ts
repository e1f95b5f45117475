import { describe, expect, it } from 'vitest'
import { joinBoxes } from '../../src/page/viewer/join-boxes.ts'

describe('joinBoxes', () => {
  it('joins what touches on one line, also where the boxes differ a little in height', () => {
    const boxes = [
      { x: 0.5, y: 0.199, width: 0.2, height: 0.022 },
      { x: 0.1, y: 0.2, width: 0.39, height: 0.02 },
    ]
    const [joined, ...others] = joinBoxes(boxes)
    expect(others).toEqual([])
    expect(joined?.x).toBe(0.1)
    expect(joined?.y).toBe(0.199)
    expect(joined?.width).toBeCloseTo(0.6)
    expect(joined?.height).toBeCloseTo(0.022)
  })

  it('keeps lines and columns apart, in reading order', () => {
    const line = { x: 0.1, y: 0.2, width: 0.3, height: 0.02 }
    const nextLine = { x: 0.1, y: 0.225, width: 0.3, height: 0.02 }
    const nextColumn = { x: 0.55, y: 0.2, width: 0.3, height: 0.02 }
    expect(joinBoxes([nextLine, nextColumn, line])).toEqual([line, nextColumn, nextLine])
  })

  it('draws a line once that two sentences share', () => {
    const line = { x: 0.1, y: 0.2, width: 0.3, height: 0.02 }
    expect(joinBoxes([line, line])).toHaveLength(1)
  })
})
