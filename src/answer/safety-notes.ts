/**
 * Warnings that stand with what is cited: in the same section, at or above a cited sentence or step. They are shown verbatim, whatever was asked and
 * whatever the model has written. In: passages and cited segments. Out: the segments of the notes, in the order of the page.
 */
import type { Passage } from '../core/answer.ts'
import type { Segment } from '../core/document.ts'
import { segmentText } from './segment-text.ts'

/** Signal words of ANSI Z535 and ISO 3864-2, and what Chinese and Japanese manuals print for them; at the head of a line, in capitals or before a mark. */
const signal =
  /^\s*(?:[\p{P}\p{S}]+\s*)?(?:(?:DANGER|WARNING|CAUTION)\b|(?:Danger|Warning|Caution)\s*[:：!！]|(?:危險|危险|警告|注意|小心|危険)(?:事項|事项)?\s*(?:[:：!！】」\]）)]|[\u3000 ]))/u

export const isSafetyNote = (text: string): boolean => signal.test(text)

/** A note that is a sentence of its own has the reason or the prohibition in the next one: `DANGER` / `Hot oil. Wear gloves.` */
const isSignalOnly = (text: string): boolean => text.replace(signal, '').trim().length < 3

/** How far above a cited sentence a note may stand to be about it. */
const maxDistance = 12

export const safetyNotesFor = (passage: Passage, cited: readonly Segment[]): Segment[][] => {
  const { segments } = passage
  const places = cited.map((each) => segments.indexOf(each)).filter((at) => at >= 0)
  return segments.flatMap((segment, at) => {
    if (segment.kind === 'heading' || segment.kind === 'header') return []
    const text = segmentText(passage, segment)
    if (!isSafetyNote(text)) return []
    const isNear = places.some((place) => place >= at - 1 && place - at <= maxDistance)
    if (!isNear) return []
    const next = segments[at + 1]
    return [isSignalOnly(text) && next?.kind === 'sentence' ? [segment, next] : [segment]]
  })
}
