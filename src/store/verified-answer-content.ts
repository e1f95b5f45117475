/**
 * A verified answer as a document: the page that is indexed and shown, and the original that is kept. In: what the owner wrote and cited.
 * Out: one page, its questions as headings over its lines, and a Markdown text that names the sources as well. Pure; used by create-document.ts.
 */
import type { Block, Language, ParsedPage } from '../core/document.ts'
import type { ChunkId, DocumentId, GapId, RevisionId } from '../core/ids.ts'

/** A checked place: `quote` is the page's text from `pageStart` to `pageEnd`. */
export interface CheckedCitation {
  readonly documentId: DocumentId
  readonly documentName: string
  readonly revisionId: RevisionId
  /** The revision's label. */
  readonly revision: string
  readonly passageId: ChunkId
  readonly page: number
  readonly pageStart: number
  readonly pageEnd: number
  readonly quote: string
}

export interface NewVerifiedAnswer {
  /** The gap that it closes. */
  readonly gapId: GapId
  readonly text: string
  readonly language: Language
  /** Never empty; the first is the document's title. */
  readonly questions: readonly [string, ...string[]]
  /** Name of who answers for it. */
  readonly by: string
  /** Whether it may stand without citations. */
  readonly signed: boolean
  /** ISO 8601 UTC. */
  readonly at: string
  readonly citations: readonly CheckedCitation[]
}

const maxHeadingLevel = 6

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** The lines of the answer, each of which becomes a statement. */
export const answerLines = linesOf

/** Headings are no sentences: a question is never quoted as an answer, but each is in the heading path and found by. */
export const answerPage = ({ questions, text }: NewVerifiedAnswer): ParsedPage => {
  let page = ''
  const blocks: Block[] = []
  const add = (line: string, block: { kind: 'heading'; level: number } | { kind: 'paragraph' }): void => {
    if (page !== '') page += '\n'
    const start = page.length
    page += line
    blocks.push({ ...block, start, end: page.length })
  }
  for (const [i, question] of questions.entries()) {
    add(question.replaceAll(/\s+/g, ' '), { kind: 'heading', level: Math.min(i + 1, maxHeadingLevel) })
  }
  for (const line of linesOf(text)) add(line, { kind: 'paragraph' })
  return { number: 1, outcome: { method: 'text' }, text: page, blocks, lines: [] }
}

/** What is kept as the original. Names time and sources, so that no two answers have the same content. */
export const answerOriginal = ({ questions, text, by, at, citations }: NewVerifiedAnswer): string =>
  [
    ...questions.map((question) => `# ${question.replaceAll(/\s+/g, ' ')}`),
    '',
    text,
    '',
    `Verified by ${by}, ${at}`,
    ...citations.map(
      ({ documentName, documentId, revision, revisionId, page, quote }) =>
        `\n> ${quote.replaceAll('\n', '\n> ')}\n\n${documentName} (${documentId}), revision ${revision} (${revisionId}), page ${page}`,
    ),
    '',
  ].join('\n')
