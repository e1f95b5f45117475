/**
 * Finds running heads and feet: the first and last blocks of pages that come back on many pages, whatever their numbers.
 * They stay in the text (nothing is dropped), but they are no headings and do not stand between the halves of a sentence.
 * Neighbours: `chunk-units` is the only user.
 */
import type { Block, ParsedDocument, ParsedPage } from '../../src/core/document.ts'

/** Blocks looked at from each end of a page. */
const depth = 2
/** A text that comes back on fewer pages may be a real heading ("Overview"). */
const minPages = 3
const minShare = 0.1
const maxLength = 160

/** @returns `<page number>:<start of the block>` of each running block */
export const findRunningBlocks = (document: ParsedDocument): Set<string> => {
  if (!document.paginated) return new Set()
  const places = new Map<string, string[]>()
  for (const page of document.pages) {
    for (const [edge, block] of edgesOf(page)) {
      const key = `${edge}:${shapeOf(page, block)}`
      const found = places.get(key) ?? []
      found.push(`${page.number}:${block.start}`)
      places.set(key, found)
    }
  }
  const least = Math.max(minPages, document.pages.length * minShare)
  return new Set([...places.values()].filter((found) => found.length >= least).flat())
}

const edgesOf = (page: ParsedPage): ['head' | 'foot', Block][] => {
  const short = (block: Block): boolean => block.kind !== 'table' && block.end - block.start <= maxLength
  const head = page.blocks.slice(0, depth).filter(short)
  const foot = page.blocks.slice(-depth).filter((block) => short(block) && !head.includes(block))
  return [
    ...head.map((block) => ['head', block] as ['head', Block]),
    ...foot.map((block) => ['foot', block] as ['foot', Block]),
  ]
}

/**
 * `Page 12 of 250` and `Page 13 of 250` have one shape; so have `iv` and `v` when they stand alone. `Chapter 2` set as a heading
 * is a heading, though `Chapter 3` stands at the same place: there only the page's own number is left out.
 */
const shapeOf = (page: ParsedPage, block: Block): string => {
  const text = page.text.slice(block.start, block.end).replaceAll(/\s+/gu, ' ').trim()
  if (block.kind === 'heading') return text.replaceAll(new RegExp(`(?<!\\d)${page.number}(?!\\d)`, 'gu'), '#')
  return /^[ivxlc]+$/iu.test(text) ? '#' : text.replaceAll(/\d+/gu, '#')
}
