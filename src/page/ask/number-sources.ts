/**
 * Numbers the sources of an answer: one number for each page of a document's revision (on sheets, for each stretch of
 * cells), in the order in which the statements cite them, so that the same place has the same number throughout.
 */
import type { Citation, Statement } from '../../core/answer.ts'

/** A page that a statement stands on, with all citations of the statement on that page. Never empty. */
export interface NumberedSource {
  readonly number: number
  readonly citations: readonly [Citation, ...Citation[]]
}

/** The sources of each statement, in the order of the statements. */
export const numberSources = (statements: readonly Pick<Statement, 'citations'>[]): NumberedSource[][] => {
  const numbers = new Map<string, number>()
  return statements.map((statement) => {
    const sources = new Map<number, [Citation, ...Citation[]]>()
    for (const citation of statement.citations) {
      const place = `${citation.documentId} ${citation.revisionId} ${citation.page} ${citation.cells ?? ''}`
      const number = numbers.get(place) ?? numbers.size + 1
      numbers.set(place, number)
      const known = sources.get(number)
      if (known === undefined) sources.set(number, [citation])
      else known.push(citation)
    }
    return [...sources].map(([number, citations]) => ({ number, citations }))
  })
}
