/**
 * The difference between two revisions of a document, page by page. In: the pages' texts. Out: the pages of both in order, each with what became
 * of it. Bounded in time, whatever the texts are. Runs in a process of its own: see document-comparer.ts.
 */
import { alignPages } from './align-pages.ts'
import { compareTexts, type TextPart } from './compare-texts.ts'
import { tokensOf } from './text-tokens.ts'

export interface ComparedPage {
  readonly number: number
  readonly label: string | null
  readonly text: string
}

export interface PageDifference {
  /** Number of the page in the earlier revision; null where it was added. */
  readonly from: number | null
  readonly to: number | null
  /** A sheet's name. */
  readonly label?: string
  readonly change: 'same' | 'changed' | 'added' | 'removed'
  /** Missing where the page is the same. */
  readonly parts?: readonly TextPart[]
}

export interface DocumentDifference {
  readonly pages: readonly PageDifference[]
}

/** For one page; a page takes 5 ms as a rule. */
const pageTimeoutMs = 250
/** For all pages; those that are left then get little time each. */
const documentTimeoutMs = 20_000
const lateTimeoutMs = 5

export const compareDocuments = (from: readonly ComparedPage[], to: readonly ComparedPage[]): DocumentDifference => {
  const before = from.map((page) => ({ ...page, keys: tokensOf(page.text).map(({ key }) => key) }))
  const after = to.map((page) => ({ ...page, keys: tokensOf(page.text).map(({ key }) => key) }))
  const deadline = Date.now() + documentTimeoutMs
  const pages = alignPages(before, after).map((pair): PageDifference => {
    const one = pair.from === null ? undefined : before[pair.from]
    const other = pair.to === null ? undefined : after[pair.to]
    const label = other?.label ?? one?.label
    const place = { from: one?.number ?? null, to: other?.number ?? null, ...(label ? { label } : {}) }
    if (!one) return { ...place, change: 'added', parts: wholeText('added', other?.text) }
    if (!other) return { ...place, change: 'removed', parts: wholeText('removed', one.text) }
    if (areEqual(one.keys, other.keys)) return { ...place, change: 'same' }
    const timeout = Date.now() < deadline ? pageTimeoutMs : lateTimeoutMs
    return { ...place, change: 'changed', parts: compareTexts(one.text, other.text, timeout) }
  })
  return { pages }
}

const wholeText = (kind: 'added' | 'removed', text = ''): TextPart[] => (text === '' ? [] : [{ kind, text }])

const areEqual = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((key, i) => key === other[i])
