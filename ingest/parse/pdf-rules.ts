/**
 * Lines that a page draws: the rules of its tables. In: the straight strokes of a page. Out: horizontal and vertical rules in the plane of one
 * orientation. Neighbours: `pdf-paths.ts` before, `pdf-tables.ts` after.
 */
import { type Orientation, turnPoint } from './pdf-geometry.ts'
import type { PageFrame } from './pdf-runs.ts'

/** A straight line along one axis: at `at` on the other axis, from `from` to `to`. */
export interface Rule {
  readonly at: number
  readonly from: number
  readonly to: number
}

export interface Rules {
  readonly horizontal: readonly Rule[]
  readonly vertical: readonly Rule[]
}

/** Straight strokes and thin filled boxes on the shown page: x1, y1, x2, y2 in points. */
export type Stroke = readonly [number, number, number, number]

/** Joins pieces of one line that touch or overlap. */
const joinRules = (rules: Rule[]): Rule[] => {
  const joined: { at: number; from: number; to: number }[] = []
  for (const rule of rules.sort((one, other) => one.at - other.at || one.from - other.from)) {
    const touching = joined.findLast(
      (other) => Math.abs(other.at - rule.at) < 1.5 && rule.from <= other.to + 3 && rule.to >= other.from - 3,
    )
    if (touching) {
      touching.from = Math.min(touching.from, rule.from)
      touching.to = Math.max(touching.to, rule.to)
    } else joined.push({ ...rule })
  }
  return joined
}

/** The rules among the strokes in the plane of one orientation; strokes shorter than 4 points are no rules. */
export const rulesOf = (strokes: readonly Stroke[], frame: PageFrame, orientation: Orientation): Rules => {
  const horizontal: Rule[] = []
  const vertical: Rule[] = []
  for (const [x1, y1, x2, y2] of strokes) {
    const [u1, v1] = turnPoint(x1, y1, frame, orientation)
    const [u2, v2] = turnPoint(x2, y2, frame, orientation)
    const [width, height] = [Math.abs(u2 - u1), Math.abs(v2 - v1)]
    if (height < 1 && width >= 4) horizontal.push({ at: (v1 + v2) / 2, from: Math.min(u1, u2), to: Math.max(u1, u2) })
    else if (width < 1 && height >= 4)
      vertical.push({ at: (u1 + u2) / 2, from: Math.min(v1, v2), to: Math.max(v1, v2) })
  }
  return { horizontal: joinRules(horizontal), vertical: joinRules(vertical) }
}
