/**
 * Divides a page's text into marked and unmarked stretches. The cited words are found without regard to blanks and line ends,
 * since the text of a page may be broken into other lines than a passage of it.
 */
import type { Range } from '../../core/document.ts'
import type { CitedWords } from './viewer-target.ts'

export interface TextStretch {
  readonly text: string
  readonly marked: boolean
}

/** The text without blanks, and the offset of each remaining code unit in the original. */
const squeeze = (text: string): { readonly letters: string; readonly offsets: readonly number[] } => {
  const offsets: number[] = []
  let letters = ''
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at)
    if (/\s/.test(letter)) continue
    letters += letter
    offsets.push(at)
  }
  return { letters, offsets }
}

/**
 * Where the cited words stand in the text: behind what stood before them in the passage, else behind the former words, else
 * at their first place. Words that are not there have no range.
 */
export const locateWords = (text: string, cited: readonly CitedWords[]): Range[] => {
  const { letters, offsets } = squeeze(text)
  const ranges: Range[] = []
  let from = 0
  for (const words of cited) {
    const wanted = squeeze(words.text).letters
    const before = squeeze(words.before).letters
    if (wanted === '') continue
    const inContext = before === '' ? -1 : letters.indexOf(before + wanted)
    const after = letters.indexOf(wanted, from)
    const at = inContext >= 0 ? inContext + before.length : after >= 0 ? after : letters.indexOf(wanted)
    const first = offsets[at]
    const last = offsets[at + wanted.length - 1]
    if (first === undefined || last === undefined) continue
    ranges.push({ start: first, end: last + 1 })
    from = at + wanted.length
  }
  return ranges
}

/** Sorted, inside the text, overlapping and touching ranges joined (blanks between two do not part them). */
const joinRanges = (text: string, ranges: readonly Range[]): Range[] => {
  const joined: Range[] = []
  const inside = ranges.filter(({ start, end }) => start >= 0 && start < end && end <= text.length)
  for (const range of [...inside].sort((a, b) => a.start - b.start)) {
    const last = joined.at(-1)
    if (last !== undefined && text.slice(last.end, range.start).trim() === '') {
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, range.end) }
    } else {
      joined.push(range)
    }
  }
  return joined
}

/** The whole text in order, cut where a mark begins or ends. */
export const markText = (text: string, ranges: readonly Range[]): TextStretch[] => {
  const stretches: TextStretch[] = []
  let at = 0
  for (const { start, end } of joinRanges(text, ranges)) {
    if (start > at) stretches.push({ text: text.slice(at, start), marked: false })
    stretches.push({ text: text.slice(start, end), marked: true })
    at = end
  }
  if (at < text.length) stretches.push({ text: text.slice(at), marked: false })
  return stretches
}
