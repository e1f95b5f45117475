/**
 * One passage for one text: what stands in two documents, revisions or collections is shown once, at its best place, with the other places
 * named. In: ranked chunks, best first. Out: those that stay, each with those that were folded into it.
 * Invariant: letters, digits and signs agree, so a copy with another value is never folded. Neighbour: the retriever.
 */
import type { IndexedChunk } from '../core/document.ts'

export interface FoldedChunk {
  readonly chunk: IndexedChunk
  /** Best first. */
  readonly copies: readonly IndexedChunk[]
}

/** The same text may be cut otherwise in another revision: then this much of the longer chunk must be the shorter one. */
const leastShare = 0.8

const plainText = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/gu, '')

const isCopy = (a: string, b: string): boolean => {
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a]
  return shorter.length >= leastShare * longer.length && longer.includes(shorter)
}

/** @param limit how many are to stay; no more are looked at than that takes */
export const foldDuplicates = (ranked: readonly IndexedChunk[], limit: number): FoldedChunk[] => {
  const kept: { readonly chunk: IndexedChunk; readonly text: string; readonly copies: IndexedChunk[] }[] = []
  for (const chunk of ranked) {
    const text = plainText(chunk.text)
    const original = kept.find((each) => isCopy(each.text, text))
    if (original) original.copies.push(chunk)
    else if (kept.length === limit) break
    else kept.push({ chunk, text, copies: [] })
  }
  return kept.map(({ chunk, copies }) => ({ chunk, copies }))
}
