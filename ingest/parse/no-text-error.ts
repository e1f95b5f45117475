/**
 * Why a document without a word fails, by what became of its pages. Thrown where a parser finds none, and by the ingestion where OCR finds none either.
 */
import type { ParsedDocument } from '../../src/core/document.ts'
import { type ErrorCode, KuraError } from '../../src/core/errors.ts'

/** What a PDF fails with where none of its pages could be read for one of these reasons. */
const documentCodes: Readonly<Record<string, ErrorCode>> = {
  page_unreadable: 'pdf_damaged',
  page_timeout: 'parse_timeout',
  page_memory: 'parse_memory',
  page_crashed: 'parse_crashed',
}

export const noTextError = ({ format, paginated, pages }: ParsedDocument): KuraError => {
  const count = pages.length
  const codes = pages.flatMap(({ outcome }) => (outcome.method === 'failed' ? [outcome.errorCode] : []))
  const [first] = codes
  const code = format === 'pdf' && first !== undefined && codes.length === count ? documentCodes[first] : undefined
  if (code) return new KuraError(code, `None of the ${count} pages could be read.`)
  const message = paginated
    ? `None of the ${count} pages has text: ${codes.length} could not be read, ${count - codes.length} are blank.`
    : 'The file has no text.'
  return new KuraError('no_text', message, { details: { pages: count, failed: codes.length } })
}
