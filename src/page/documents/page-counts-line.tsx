/** How many pages a document has, and how many are blank, scanned or failed, where there are any. */
import type { PageCounts } from '../../store/records.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { useFormatters } from '../shell/use-formatters.ts'

interface PageCountsLineProps {
  readonly counts: PageCounts
  readonly paginated: boolean
}

export const PageCountsLine = ({ counts, paginated }: PageCountsLineProps) => {
  const texts = useTexts()
  const format = useFormatters()
  const { text, ocr, blank, failed } = counts
  const total = text + ocr + blank + failed
  if (total === 0 || !paginated) return <span>–</span>
  return (
    <span class="page-counts">
      <span>{format.count(total)}</span>
      {blank > 0 && <span class="quiet">{texts.documents.blankPages(blank)}</span>}
      {ocr > 0 && <span class="quiet">{texts.documents.ocrPages(ocr)}</span>}
      {failed > 0 && <span class="warn">{texts.documents.failedPages(failed)}</span>}
    </span>
  )
}
