/** Narrows the list by name, collection and status. Typing waits a moment before it asks the server. */
import { useEffect, useState } from 'preact/hooks'
import { type CollectionRecord, documentStatuses } from '../../store/records.ts'
import type { DocumentFilter } from '../api/documents.ts'
import { useTexts } from '../i18n/language-context.tsx'

interface DocumentFiltersProps {
  readonly filter: DocumentFilter
  readonly collections: readonly CollectionRecord[]
  readonly change: (filter: DocumentFilter) => void
}

const typingPauseMs = 250

export const DocumentFilters = ({ filter, collections, change }: DocumentFiltersProps) => {
  const texts = useTexts()
  const [name, setName] = useState(filter.q)
  useEffect(() => {
    if (name.trim() === filter.q) return
    const timer = setTimeout(() => change({ ...filter, q: name.trim() }), typingPauseMs)
    return () => clearTimeout(timer)
  }, [name, filter, change])
  return (
    <search class="filters">
      <input
        type="search"
        aria-label={texts.documents.search}
        placeholder={texts.documents.search}
        value={name}
        maxLength={255}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      {collections.length > 1 && (
        <select
          aria-label={texts.documents.collection}
          value={filter.collection}
          onChange={(event) => change({ ...filter, collection: event.currentTarget.value })}
        >
          <option value="">{texts.documents.anyCollection}</option>
          {collections.map((collection) => (
            <option key={collection.id} value={collection.id}>
              {collection.name}
            </option>
          ))}
        </select>
      )}
      <select
        aria-label={texts.documents.status}
        value={filter.status}
        onChange={(event) => change({ ...filter, status: event.currentTarget.value })}
      >
        <option value="">{texts.documents.anyStatus}</option>
        {documentStatuses.map((status) => (
          <option key={status} value={status}>
            {texts.documents.statuses[status]}
          </option>
        ))}
      </select>
    </search>
  )
}
