/**
 * Chunks that follow each other in one section, list or table and were both found become one passage, so that a procedure that runs on is read,
 * quoted and cited as a whole. In: chunks, best first, with their scores. Out: groups; and a group as one chunk.
 * Invariant: `text.slice(segment.start, segment.end)` is what stood there before: offsets are moved, pages and their offsets are not touched.
 */
import type { IndexedChunk } from '../core/document.ts'

/** Two chunks of the usual size: more than that is a chapter, which nobody reads to check a sentence. */
const maxTokens = 700
const maxChunks = 3
/** A neighbour that matches much less than the best one was found for something else. */
const leastShare = 0.5

const listMark = /^\s*(?:[-–•●○▪■◆□·*]|\(?\d{1,3}[.)）、]|[①-⑳]|[a-zA-Z][.)]|第?[一二三四五六七八九十]+[、.)步])/u

/** Rows of a table, or items of a list, on both sides of the cut. */
const runsOn = (before: IndexedChunk, after: IndexedChunk): boolean => {
  const last = before.segments.at(-1)
  const first = after.segments.find(({ kind }) => kind === 'sentence' || kind === 'row')
  if (!last || !first) return false
  if (last.kind === 'row' && first.kind === 'row') return true
  const lastLine = before.text.slice(before.text.lastIndexOf('\n') + 1)
  return listMark.test(lastLine) && listMark.test(after.text.slice(first.start, first.end))
}

const sameSection = (a: IndexedChunk, b: IndexedChunk): boolean =>
  a.headingPath.length > 0 && a.headingPath.join('\n') === b.headingPath.join('\n')

const follows = (before: IndexedChunk, after: IndexedChunk): boolean =>
  before.revisionId === after.revisionId &&
  before.ordinal + 1 === after.ordinal &&
  (sameSection(before, after) || runsOn(before, after))

interface Joinable {
  readonly chunk: IndexedChunk
  readonly fused: number
}

/** @param found best first */
export const groupNeighbours = <Item extends Joinable>(found: readonly Item[]): Item[][] => {
  const rest = [...found]
  const groups: Item[][] = []
  for (let best = rest.shift(); best; best = rest.shift()) {
    const group = [best]
    for (;;) {
      const ordered = inOrder(group)
      const [first, last] = [ordered[0] ?? best, ordered.at(-1) ?? best]
      const tokens = group.reduce((sum, { chunk }) => sum + chunk.tokens, 0)
      const least = leastShare * best.fused
      const next = rest.findIndex(
        ({ chunk, fused }) =>
          group.length < maxChunks &&
          fused >= least &&
          tokens + chunk.tokens <= maxTokens &&
          (follows(last.chunk, chunk) || follows(chunk, first.chunk)),
      )
      if (next < 0) break
      group.push(...rest.splice(next, 1))
    }
    groups.push(group)
  }
  return groups
}

const inOrder = <Item extends Joinable>(group: readonly Item[]): Item[] =>
  group.toSorted((a, b) => a.chunk.ordinal - b.chunk.ordinal)

/** The group as one chunk, with the id of its best one. A table's header that is repeated in a later chunk is left out there. */
export const joinChunks = (group: readonly Joinable[]): IndexedChunk | undefined => {
  const best = group[0]?.chunk
  const [first, ...others] = inOrder(group).map(({ chunk }) => chunk)
  if (!best || !first) return undefined
  const joined = others.reduce(appendChunk, first)
  return { ...joined, id: best.id, ordinal: first.ordinal }
}

const appendChunk = (before: IndexedChunk, after: IndexedChunk): IndexedChunk => {
  const isThere = (page: number, start: number): boolean =>
    before.segments.some((segment) => segment.page === page && segment.pageStart === start)
  const kept = after.segments.findIndex(({ page, pageStart }) => !isThere(page, pageStart))
  const cut = after.segments[Math.max(0, kept)]?.start ?? 0
  const shift = before.text.length + 1 - cut
  return {
    ...before,
    text: `${before.text}\n${after.text.slice(cut)}`,
    segments: [
      ...before.segments,
      ...after.segments
        .slice(Math.max(0, kept))
        .map((segment) => ({ ...segment, start: segment.start + shift, end: segment.end + shift })),
    ],
    pageStart: Math.min(before.pageStart, after.pageStart),
    pageEnd: Math.max(before.pageEnd, after.pageEnd),
    tokens: before.tokens + after.tokens,
  }
}
