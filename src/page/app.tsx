/**
 * The page: header, the open view, the document viewer beside it, the status line. What must outlive a change of view
 * (conversation, uploads, jobs, the open viewer) is held here.
 */
import { useCallback, useState } from 'preact/hooks'
import { AskView } from './ask/ask-view.tsx'
import { useConversation } from './ask/use-conversation.ts'
import { AnswersView } from './documents/answers-view.tsx'
import { DocumentDetails } from './documents/document-details.tsx'
import { DocumentsView } from './documents/documents-view.tsx'
import { JobsView } from './documents/jobs-view.tsx'
import { useJobs } from './documents/use-jobs.ts'
import { useUploads } from './documents/use-uploads.ts'
import { GapDetails } from './gaps/gap-details.tsx'
import { GapsView } from './gaps/gaps-view.tsx'
import { useTexts } from './i18n/language-context.tsx'
import { SiteHeader } from './shell/site-header.tsx'
import { StatusLine } from './shell/status-line.tsx'
import { useRoute } from './shell/use-route.ts'
import { DocumentViewer } from './viewer/document-viewer.tsx'
import { useViewer } from './viewer/use-viewer.ts'

export const App = () => {
  const texts = useTexts()
  const route = useRoute()
  const viewer = useViewer()
  const conversation = useConversation()
  const { jobs, follow } = useJobs()
  const [uploadsAccepted, setUploadsAccepted] = useState(0)
  const onAccepted = useCallback(
    ({ jobId }: { readonly jobId: string }) => {
      follow(jobId)
      setUploadsAccepted((count) => count + 1)
    },
    [follow],
  )
  const uploads = useUploads(onAccepted)
  return (
    <div class={viewer.target === undefined ? 'app' : 'app app-with-viewer'}>
      <div class="app-page" inert={viewer.covers}>
        <button type="button" class="skip" onClick={() => document.getElementById('content')?.focus()}>
          {texts.app.skip}
        </button>
        <SiteHeader route={route} />
        <main id="content" tabIndex={-1}>
          {route.view === 'ask' && <AskView conversation={conversation} open={viewer.open} />}
          {route.view === 'documents' && (
            <DocumentsView uploads={uploads} jobs={jobs} follow={follow} version={uploadsAccepted} />
          )}
          {route.view === 'document' && (
            <DocumentDetails
              key={route.id}
              id={route.id}
              uploads={uploads}
              jobs={jobs}
              follow={follow}
              open={viewer.open}
              version={uploadsAccepted}
            />
          )}
          {route.view === 'answers' && <AnswersView jobs={jobs} follow={follow} />}
          {route.view === 'gaps' && <GapsView />}
          {route.view === 'gap' && <GapDetails key={route.id} id={route.id} open={viewer.open} />}
          {route.view === 'jobs' && <JobsView jobs={jobs} follow={follow} />}
          {route.view === 'unknown' && <p class="empty">{texts.app.notFound}</p>}
        </main>
        <StatusLine />
      </div>
      {viewer.target !== undefined && (
        <DocumentViewer target={viewer.target} close={viewer.close} covers={viewer.covers} />
      )}
    </div>
  )
}
