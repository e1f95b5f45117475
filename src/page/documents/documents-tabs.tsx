/** The two views of the documents: all of them, and what is being processed. */
import { useTexts } from '../i18n/language-context.tsx'
import { documentsAddress, jobsAddress } from '../shell/use-route.ts'

export const DocumentsTabs = ({ current }: { readonly current: 'documents' | 'jobs' }) => {
  const texts = useTexts()
  const tab = (name: 'documents' | 'jobs', address: string, label: string) => (
    <a href={address} aria-current={current === name ? 'page' : undefined}>
      {label}
    </a>
  )
  return (
    <nav class="tabs" aria-label={texts.documents.heading}>
      {tab('documents', documentsAddress, texts.jobs.documentsTab)}
      {tab('jobs', jobsAddress, texts.jobs.heading)}
    </nav>
  )
}
