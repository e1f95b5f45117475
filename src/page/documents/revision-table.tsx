/** The revisions of a document, newest first: which one answers, since when, and what may be done with each. */
import type { RevisionRecord } from '../../store/records.ts'
import type { Texts } from '../i18n/en.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { Icon } from '../shell/icon.tsx'
import { type Formatters, useFormatters } from '../shell/use-formatters.ts'
import { PageCountsLine } from './page-counts-line.tsx'
import { RevisionAction } from './revision-action.tsx'
import { StatusBadge } from './status-badge.tsx'

interface RevisionTableProps {
  readonly revisions: readonly RevisionRecord[]
  readonly paginated: boolean
  readonly add: () => void
  readonly onChanged: () => void
}

interface RowProps {
  readonly revision: RevisionRecord
  readonly paginated: boolean
  readonly onChanged: () => void
  readonly texts: Texts
  readonly format: Formatters
}

const Row = ({ revision, paginated, onChanged, texts, format }: RowProps) => {
  const { label, validity, effectiveFrom, effectiveUntil, status, error, pages } = revision
  const when = (title: string, time: string | null) =>
    time === null ? (
      <td class="cell-empty">–</td>
    ) : (
      <td data-label={title}>
        <time dateTime={time}>{format.time(time)}</time>
      </td>
    )
  const known = error === null ? undefined : (texts.errors[error.code]?.[0] ?? error.message)
  return (
    <tr class={validity === 'effective' ? 'revision-effective' : undefined}>
      <th scope="row">{label}</th>
      <td>
        <span class={`badge badge-${validity}`}>{texts.revisions.validities[validity]}</span>
      </td>
      {when(texts.revisions.from, effectiveFrom)}
      {when(texts.revisions.until, effectiveUntil)}
      <td>
        <StatusBadge status={status} />
        {known !== undefined && <span class="row-error">{known}</span>}
      </td>
      <td data-label={texts.documents.pages}>
        <PageCountsLine counts={pages} paginated={paginated} />
      </td>
      <td>
        <RevisionAction revision={revision} onChanged={onChanged} />
      </td>
    </tr>
  )
}

export const RevisionTable = ({ revisions, paginated, add, onChanged }: RevisionTableProps) => {
  const texts = useTexts()
  const format = useFormatters()
  const { revisions: words, documents } = texts
  return (
    <section class="revisions">
      <div class="section-head">
        <h2>{words.heading}</h2>
        <button type="button" onClick={add}>
          <Icon name="plus" />
          {words.add}
        </button>
      </div>
      {revisions.length > 1 && <p class="quiet">{words.hint}</p>}
      <table class="document-table revision-table">
        <thead>
          <tr>
            {[words.label, words.validity, words.from, words.until, documents.status, documents.pages].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
            <th scope="col">
              <span class="hidden">{documents.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {[...revisions].reverse().map((revision) => (
            <Row
              key={revision.id}
              revision={revision}
              paginated={paginated}
              onChanged={onChanged}
              texts={texts}
              format={format}
            />
          ))}
        </tbody>
      </table>
    </section>
  )
}
