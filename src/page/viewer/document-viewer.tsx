/**
 * The document beside the answer: the PDF page as printed with the cited lines marked, or the page's text with the cited words
 * marked. Escape closes. Formats without pages, and PDFs that can not be drawn, show their text.
 */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { DocumentRecord } from '../../store/records.ts'
import { getDocument, originalPath } from '../api/documents.ts'
import { type Problem, problemOf } from '../api/request.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { Icon } from '../shell/icon.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { PageText } from './page-text.tsx'
import { PdfPage } from './pdf-page.tsx'
import type { ViewerTarget } from './viewer-target.ts'
import { ViewerToolbar } from './viewer-toolbar.tsx'

interface DocumentViewerProps {
  readonly target: ViewerTarget
  readonly close: () => void
  /** True where the viewer hides the rest of the page: it is a dialog then. */
  readonly covers: boolean
}

/** The record of the document: its format and how many pages it has. */
const useDocumentRecord = (id: string) => {
  const [state, setState] = useState<{ record?: DocumentRecord; problem?: Problem; id: string }>({ id })
  useEffect(() => {
    const controller = new AbortController()
    getDocument(id, controller.signal).then(
      ({ document }) => setState({ id, record: document }),
      (error: unknown) => controller.signal.aborted || setState({ id, problem: problemOf(error) }),
    )
    return () => controller.abort()
  }, [id])
  return state.id === id ? state : { id }
}

export const DocumentViewer = ({ target, close, covers }: DocumentViewerProps) => {
  const texts = useTexts()
  const { record, problem } = useDocumentRecord(target.documentId)
  const [page, setPage] = useState(target.page)
  const [zoom, setZoom] = useState(1)
  const [asText, setAsText] = useState(false)
  const [pdfFailed, setPdfFailed] = useState(false)
  const [pdfPages, setPdfPages] = useState(0)
  const closeButton = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    setPage(target.page)
    closeButton.current?.focus({ preventScroll: true })
  }, [target])
  useEffect(() => setPdfFailed(false), [target.documentId])
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.isComposing || document.querySelector('dialog[open]') !== null) return
      event.preventDefault()
      close()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [close])

  const counts = record?.pages
  const recorded = counts === undefined ? 0 : counts.text + counts.ocr + counts.blank + counts.failed
  const total = recorded === 0 ? pdfPages : recorded
  // a document that has not been read yet, or could not be, is known by its name only
  const isPdf = record?.format === 'pdf' || (record?.format === null && /\.pdf$/i.test(record.name))
  const paginated = record?.paginated === true || isPdf
  const drawn = isPdf && !asText && !pdfFailed
  const goTo = (next: number) => setPage(Math.min(Math.max(1, next), Math.max(1, total)))

  return (
    <section
      class="viewer"
      aria-label={texts.viewer.label(target.documentName)}
      {...(covers ? { role: 'dialog', 'aria-modal': true } : {})}
    >
      <header class="viewer-header">
        <h2 title={target.documentName}>{target.documentName}</h2>
        <a
          class="button plain"
          href={originalPath(target.documentId)}
          target="_blank"
          rel="noreferrer"
          aria-label={texts.viewer.original}
          title={texts.viewer.original}
        >
          <Icon name="external" />
          <span class="viewer-original">{texts.viewer.original}</span>
        </a>
        <button ref={closeButton} type="button" class="plain" aria-label={texts.app.close} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {record !== undefined && paginated && (
        <ViewerToolbar
          page={page}
          total={total}
          zoom={zoom}
          drawn={drawn}
          canBeDrawn={isPdf && !pdfFailed}
          goTo={goTo}
          setZoom={setZoom}
          setAsText={setAsText}
        />
      )}
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {pdfFailed && <p class="viewer-note">{texts.viewer.pdfFailed}</p>}
      {record === undefined && problem === undefined && <p class="viewer-note">{texts.app.loading}</p>}
      {drawn && (
        <PdfPage
          documentId={target.documentId}
          page={page}
          zoom={zoom}
          boxes={target.boxes}
          onOpened={setPdfPages}
          onFailed={() => setPdfFailed(true)}
        />
      )}
      {record !== undefined && !drawn && (
        <PageText
          documentId={target.documentId}
          page={paginated ? page : 1}
          words={page === target.page || !paginated ? target.words : []}
          language={target.language === 'und' ? (record.language ?? 'und') : target.language}
        />
      )}
    </section>
  )
}
