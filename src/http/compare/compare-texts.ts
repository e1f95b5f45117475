/**
 * What was added to a text and removed from it, word by word. In: two texts. Out: parts in order; those that are the same and those that were
 * added make up the second text. Bounded in time: what takes too long is compared line by line, at last not at all.
 */
import { diffArrays } from 'diff'
import { type Token, tokensOf } from './text-tokens.ts'

export interface TextPart {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

/** What few words two changes have in common is mostly chance, and cuts both into pieces that nobody can read. */
const maxIslandTokens = 2

/** A stretch of both texts: tokens [fromStart, fromEnd) and [toStart, toEnd). */
interface Stretch {
  readonly same: boolean
  readonly fromStart: number
  readonly fromEnd: number
  readonly toStart: number
  readonly toEnd: number
}

/** @param timeoutMs for each of the attempts, of which there are a few */
export const compareTexts = (from: string, to: string, timeoutMs: number): TextPart[] => {
  const [before, after] = [new TokenText(from), new TokenText(to)]
  const stretches = byWord(before, after, timeoutMs) ?? byLine(before, after, timeoutMs)
  return joinIslands(stretches).flatMap((stretch) => partsOf(stretch, before, after))
}

/** A text with its tokens; slices go from the start of a token to that of the next, so that they join up again. */
class TokenText {
  readonly tokens: readonly Token[]
  readonly keys: string[]
  readonly #text: string

  constructor(text: string) {
    this.#text = text
    this.tokens = tokensOf(text)
    this.keys = this.tokens.map(({ key }) => key)
  }

  slice(start: number, end: number): string {
    const first = this.tokens[start]
    if (!first || end <= start) return ''
    return this.#text.slice(first.start, this.tokens[end]?.start ?? this.#text.length)
  }

  /** Index of the first token of each line that has any, and the number of tokens. */
  lineStarts(): number[] {
    const starts = this.tokens.flatMap((token, index) => {
      const previous = this.tokens[index - 1]
      return !previous || this.#text.slice(previous.end, token.start).includes('\n') ? [index] : []
    })
    return [...starts, this.tokens.length]
  }
}

/** The stretches of two lists of texts; undefined where that would take too long. */
const compareLists = (from: string[], to: string[], timeout: number): Stretch[] | undefined => {
  const changes = diffArrays(from, to, { timeout })
  if (!changes) return undefined
  const stretches: Stretch[] = []
  let [fromAt, toAt] = [0, 0]
  for (const { value, added, removed } of changes) {
    const [fromEnd, toEnd] = [added ? fromAt : fromAt + value.length, removed ? toAt : toAt + value.length]
    addStretch(stretches, { same: !added && !removed, fromStart: fromAt, fromEnd, toStart: toAt, toEnd })
    ;[fromAt, toAt] = [fromEnd, toEnd]
  }
  return stretches
}

/** What is removed and what is added in its place are one change. */
const addStretch = (stretches: Stretch[], next: Stretch): void => {
  const last = stretches.at(-1)
  if (last && last.same === next.same) {
    stretches[stretches.length - 1] = { ...last, fromEnd: next.fromEnd, toEnd: next.toEnd }
  } else stretches.push(next)
}

const byWord = (before: TokenText, after: TokenText, timeoutMs: number): Stretch[] | undefined =>
  compareLists(before.keys, after.keys, timeoutMs)

/** Lines first, then the words of each group of lines that changed. */
const byLine = (before: TokenText, after: TokenText, timeoutMs: number): Stretch[] => {
  const [fromLines, toLines] = [before.lineStarts(), after.lineStarts()]
  const whole = { same: false, fromStart: 0, fromEnd: fromLines.length - 1, toStart: 0, toEnd: toLines.length - 1 }
  const lines = compareLists(linesOf(before, fromLines), linesOf(after, toLines), timeoutMs) ?? [whole]
  const deadline = Date.now() + timeoutMs
  const stretches: Stretch[] = []
  for (const { same, ...range } of lines) {
    const fromStart = fromLines[range.fromStart] ?? 0
    const toStart = toLines[range.toStart] ?? 0
    const [fromEnd, toEnd] = [fromLines[range.fromEnd] ?? fromStart, toLines[range.toEnd] ?? toStart]
    const coarse = { same, fromStart, fromEnd, toStart, toEnd }
    const remaining = deadline - Date.now()
    const words =
      same || remaining <= 0
        ? undefined
        : compareLists(before.keys.slice(fromStart, fromEnd), after.keys.slice(toStart, toEnd), remaining)
    for (const each of words ?? []) addStretch(stretches, moved(each, fromStart, toStart))
    if (!words) addStretch(stretches, coarse)
  }
  return stretches
}

const linesOf = (text: TokenText, starts: readonly number[]): string[] =>
  starts.slice(0, -1).map((start, index) => text.keys.slice(start, starts[index + 1]).join(' '))

const moved = (stretch: Stretch, from: number, to: number): Stretch => ({
  same: stretch.same,
  fromStart: stretch.fromStart + from,
  fromEnd: stretch.fromEnd + from,
  toStart: stretch.toStart + to,
  toEnd: stretch.toEnd + to,
})

const joinIslands = (stretches: readonly Stretch[]): Stretch[] => {
  const joined: Stretch[] = []
  for (const [index, stretch] of stretches.entries()) {
    const [previous, next] = [joined.at(-1), stretches[index + 1]]
    const size = sizeOf(stretch)
    const isIsland =
      stretch.same &&
      size <= maxIslandTokens &&
      [previous, next].every((change) => change !== undefined && sizeOf(change) >= 2 * size)
    addStretch(joined, isIsland ? { ...stretch, same: false } : stretch)
  }
  return joined
}

const sizeOf = ({ fromStart, fromEnd, toStart, toEnd }: Stretch): number =>
  Math.max(fromEnd - fromStart, toEnd - toStart)

const partsOf = (stretch: Stretch, before: TokenText, after: TokenText): TextPart[] => {
  const text = after.slice(stretch.toStart, stretch.toEnd)
  if (stretch.same) return [{ kind: 'same', text }]
  const removed = before.slice(stretch.fromStart, stretch.fromEnd)
  return [
    ...(removed === '' ? [] : [{ kind: 'removed', text: removed } as const]),
    ...(text === '' ? [] : [{ kind: 'added', text } as const]),
  ]
}
