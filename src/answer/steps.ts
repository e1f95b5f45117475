/**
 * Procedures in a passage: runs of steps with ascending numbers. A procedure that is answered with a step left out, or in another order, hurts somebody; so
 * a step that was cited brings the others of its run with it. In: a passage. Out: its runs, each step with the segments that it is made of.
 */
import type { Passage } from '../core/answer.ts'
import type { Segment } from '../core/document.ts'
import { segmentText } from './segment-text.ts'

export interface Step {
  readonly number: number
  /** Where the step says more than one sentence, all of them. */
  readonly segments: readonly Segment[]
}

export type Procedure = readonly Step[]

const easternDigits = '一二三四五六七八九'
const easternNumber = (text: string): number => {
  const [tens = '', ones = ''] = text.includes('十') ? text.split('十') : ['0', text]
  const value = (digit: string, none: number) => (digit === '' ? none : easternDigits.indexOf(digit) + 1)
  return tens === '0' ? value(ones, 0) : value(tens, 1) * 10 + value(ones, 0)
}

const marker =
  /^\s*(?:(?:step|步驟|步骤|手順|ステップ|第)\s*)?(?:[（(]?(\d{1,2})(?:[.)、．）:：]|步|\s)(?!\d)|([①-⑳])|[（(]?([一二三四五六七八九十]{1,3})[、.．）)步])/iu

/** Of a line that begins with one: 3 for `3. `, `(3)`, `③`, `三、`, `Step 3:`, `步驟三`. */
const stepNumber = (text: string): number | undefined => {
  const [, digits, circled, eastern] = marker.exec(text) ?? []
  if (digits !== undefined) return Number(digits)
  if (circled !== undefined) return circled.charCodeAt(0) - 0x245f
  return eastern === undefined ? undefined : easternNumber(eastern)
}

/** A single step is no procedure. */
const minSteps = 2

/** @returns the runs in their order; a run may begin above 1, where the passage begins in the middle of it */
export const proceduresOf = (passage: Passage): Procedure[] => {
  const runs: { number: number; segments: Segment[] }[][] = []
  let run: { number: number; segments: Segment[] }[] = []
  const close = () => {
    if (run.length >= minSteps) runs.push(run)
    run = []
  }
  for (const segment of passage.segments) {
    if (segment.kind !== 'sentence') {
      close()
      continue
    }
    const number = stepNumber(segmentText(passage, segment))
    const last = run.at(-1)
    if (number !== undefined && (last === undefined || number === last.number + 1))
      run.push({ number, segments: [segment] })
    else if (number === 1) {
      close()
      run = [{ number, segments: [segment] }]
    } else last?.segments.push(segment)
  }
  close()
  return runs
}

/** The run that a segment is a step of, or stands in. */
export const procedureWith = (passage: Passage, segment: Segment): Procedure | undefined =>
  proceduresOf(passage).find((procedure) => procedure.some(({ segments }) => segments.includes(segment)))

/** Best quotes that are to be of one procedure before another one is taken for a slip. */
const agreeing = 3

/** The procedure that all of the best quotes are steps of, by its first segment; undefined where they are not of one. */
export const soughtProcedure = (
  quotes: readonly { readonly passage: Passage; readonly segment: Segment }[],
): Segment | undefined => {
  const best = quotes.slice(0, agreeing)
  const starts = new Set(best.map(({ passage, segment }) => procedureWith(passage, segment)?.[0]?.segments[0]))
  const [start] = starts
  return best.length === agreeing && starts.size === 1 ? start : undefined
}
