/** A document's status in a word and a colour. */
import type { DocumentStatus } from '../../store/records.ts'
import { useTexts } from '../i18n/language-context.tsx'

export const StatusBadge = ({ status }: { readonly status: DocumentStatus }) => (
  <span class={`badge badge-${status}`}>{useTexts().documents.statuses[status]}</span>
)
