/**
 * The one place where a sentence, a table row or a line of code is cut: when it alone is longer than a chunk. The cut is made
 * at the softest boundary near the wanted length: clause or cell, then comma, then blank, then between two characters.
 * In: a unit and its tokens. Out: pieces that follow each other without loss. Neighbours: chunk-units -> here -> pack-units.
 */
import type { Unit } from './chunk-units.ts'

/** From softest to hardest; each pattern matches what the piece before the cut ends with. */
const boundaries = [/[；;。！？!?][」』）】”’)\]]?\s?/gu, /\t|\s\|\s?|\n/gu, /[，、,：:]\s?/gu, /\s/gu]

/** A cut is looked for between this share of the wanted length and the wanted length itself. */
const earliestShare = 0.5

/**
 * @param tokens of the whole unit
 * @param maxTokens a piece is aimed well below it, since tokens are not spread evenly; the caller counts the pieces again
 */
export const splitOversized = (unit: Unit, tokens: number, maxTokens: number): Unit[] => {
  const pieces = Math.max(2, Math.ceil(tokens / (maxTokens * 0.9)))
  const length = Math.max(1, Math.floor(unit.text.length / pieces))
  const found: Unit[] = []
  let offset = 0
  while (offset < unit.text.length) {
    const rest = unit.text.length - offset
    const end = rest <= length * 1.05 ? unit.text.length : offset + findCut(unit.text.slice(offset), length)
    found.push(...pieceOf(unit, offset, end, offset > 0))
    offset = end
  }
  return found
}

const findCut = (text: string, wanted: number): number => {
  const window = text.slice(0, wanted)
  for (const boundary of boundaries) {
    let cut = 0
    for (const match of window.matchAll(boundary)) cut = match.index + match[0].length
    if (cut >= wanted * earliestShare) return cut
  }
  return betweenCharacters(text, Math.max(1, wanted))
}

const joinsBackward = /^(?:\p{M}|\u200d|\ufe0f|[\udc00-\udfff])/u
/** Marks kept with their character; a longer row of marks is no text. */
const maxJoined = 8

/** Never between the two halves of a surrogate pair, nor before a mark that belongs to the character in front. */
const betweenCharacters = (text: string, wanted: number): number => {
  let cut = wanted
  while (cut < wanted + maxJoined && joinsBackward.test(text.slice(cut, cut + 1))) cut += 1
  return /^[\udc00-\udfff]/u.test(text.slice(cut, cut + 1)) ? cut + 1 : cut
}

const pieceOf = (unit: Unit, from: number, to: number, continues: boolean): Unit[] => {
  const slice = unit.text.slice(from, to)
  const text = slice.trim()
  if (text === '') return []
  const start = unit.start + from + (slice.length - slice.trimStart().length)
  return [{ ...unit, start, end: start + text.length, text, continues: continues ? false : unit.continues }]
}
