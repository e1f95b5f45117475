/** A document's figures as a list of terms. */
import type { DocumentRecord } from '../../store/records.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { useFormatters } from '../shell/use-formatters.ts'
import { PageCountsLine } from './page-counts-line.tsx'

const formatNames: Readonly<Record<string, string>> = {
  pdf: 'PDF',
  docx: 'Word (DOCX)',
  doc: 'Word (DOC)',
  xlsx: 'Excel (XLSX)',
  xls: 'Excel (XLS)',
  pptx: 'PowerPoint (PPTX)',
  ppt: 'PowerPoint (PPT)',
  csv: 'CSV',
  eml: 'EML',
  msg: 'Outlook (MSG)',
  zip: 'ZIP',
  markdown: 'Markdown',
  html: 'HTML',
}

export const DocumentFigures = ({ document }: { readonly document: DocumentRecord }) => {
  const texts = useTexts()
  const format = useFormatters()
  const kind =
    document.format === null
      ? '–'
      : document.format === 'answer'
        ? texts.gaps.verifiedAnswer
        : (formatNames[document.format] ?? document.format)
  return (
    <dl class="figures">
      <div>
        <dt>{texts.documents.pages}</dt>
        <dd>
          <PageCountsLine counts={document.pages} paginated={document.paginated} />
        </dd>
      </div>
      <div>
        <dt>{texts.documents.chunks}</dt>
        <dd>{format.count(document.chunks)}</dd>
      </div>
      <div>
        <dt>{texts.documents.language}</dt>
        <dd>{document.language === null ? '–' : texts.languages[document.language]}</dd>
      </div>
      <div>
        <dt>{texts.documents.format}</dt>
        <dd>{kind}</dd>
      </div>
      <div>
        <dt>{texts.documents.size}</dt>
        <dd>{format.bytes(document.bytes)}</dd>
      </div>
      <div>
        <dt>{texts.revisions.inForce}</dt>
        <dd>{document.effectiveRevision?.label ?? texts.revisions.noneInForce}</dd>
      </div>
      <div>
        <dt>{texts.documents.added}</dt>
        <dd>{format.time(document.createdAt)}</dd>
      </div>
      <div>
        <dt>{texts.documents.published}</dt>
        <dd>{document.publishedAt === null ? '–' : format.time(document.publishedAt)}</dd>
      </div>
    </dl>
  )
}
