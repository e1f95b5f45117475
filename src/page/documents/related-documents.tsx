/** What belongs to a document: the file that it was found inside of, the files inside it, and documents of nearly the same text. */
import type { DocumentRecord } from '../../store/records.ts'
import type { DocumentDetail } from '../api/documents.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { useFormatters } from '../shell/use-formatters.ts'
import { documentAddress } from '../shell/use-route.ts'
import { StatusBadge } from './status-badge.tsx'

export const NearDuplicates = ({ found }: { readonly found: DocumentDetail['nearDuplicates'] }) => {
  const texts = useTexts()
  const format = useFormatters()
  if (found.length === 0) return null
  return (
    <section class="notice notice-quiet near-duplicates">
      <ul>
        {found.map(({ documentId, documentName, similarity }) => (
          <li key={documentId}>
            {texts.related.nearDuplicate(format.percent(similarity))}{' '}
            <a href={documentAddress(documentId)}>{documentName}</a>
          </li>
        ))}
      </ul>
      <p class="quiet">{texts.related.nearDuplicateAsk}</p>
    </section>
  )
}

export const InsideOf = ({ parent }: { readonly parent: DocumentRecord['parent'] }) => {
  const texts = useTexts()
  if (parent === null) return null
  return (
    <p class="quiet">
      {texts.related.insideOf(parent.entry)} <a href={documentAddress(parent.documentId)}>{texts.related.showOuter}</a>
    </p>
  )
}

export const ChildList = ({ found }: { readonly found: DocumentDetail['children'] }) => {
  const texts = useTexts()
  if (found.length === 0) return null
  return (
    <section class="children">
      <h2>{texts.related.inside}</h2>
      <ul>
        {found.map(({ id, name, entry, status }) => (
          <li key={id}>
            <a href={documentAddress(id)}>{entry === '' ? name : entry}</a>
            <StatusBadge status={status} />
          </li>
        ))}
      </ul>
    </section>
  )
}
