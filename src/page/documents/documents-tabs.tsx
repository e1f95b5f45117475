/** The views of the documents: files, verified answers, and what is being processed. */
import { useTexts } from '../i18n/language-context.tsx'
import { answersAddress, documentsAddress, jobsAddress } from '../shell/use-route.ts'

type Tab = 'documents' | 'answers' | 'jobs'

export const DocumentsTabs = ({ current }: { readonly current: Tab }) => {
  const texts = useTexts()
  const tab = (name: Tab, address: string, label: string) => (
    <a href={address} aria-current={current === name ? 'page' : undefined}>
      {label}
    </a>
  )
  return (
    <nav class="tabs" aria-label={texts.documents.heading}>
      {tab('documents', documentsAddress, texts.jobs.documentsTab)}
      {tab('answers', answersAddress, texts.gaps.answersTab)}
      {tab('jobs', jobsAddress, texts.jobs.heading)}
    </nav>
  )
}
