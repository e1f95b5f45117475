/**
 * The document beside the answer, in the revision that was cited: the PDF page or the picture itself with the cited lines marked, or the
 * page's text with the cited words marked. Escape closes. What can not be drawn shows its text.
 */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { DocumentRecord } from '../../store/records.ts'
import { type DocumentDetail, getDocument } from '../api/documents.ts'
import { type Problem, problemOf } from '../api/request.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { PageText } from './page-text.tsx'
import { PdfPage } from './pdf-page.tsx'
import { PicturePage } from './picture-page.tsx'
import { ViewerHeader } from './viewer-header.tsx'
import type { ShownContent, ViewerTarget } from './viewer-target.ts'
import { ViewerToolbar } from './viewer-toolbar.tsx'

interface DocumentViewerProps {
  readonly target: ViewerTarget
  readonly close: () => void
  /** True where the viewer hides the rest of the page: it is a dialog then. */
  readonly covers: boolean
}

interface ShownDetail {
  readonly key: string
  readonly detail?: DocumentDetail
  readonly problem?: Problem
}

/** The record of the document: its format, and the pages of the revision shown. */
const useDetail = ({ documentId, revisionId }: ShownContent): ShownDetail => {
  const key = `${documentId} ${revisionId}`
  const [state, setState] = useState<ShownDetail>({ key })
  useEffect(() => {
    const controller = new AbortController()
    getDocument(documentId, revisionId, controller.signal).then(
      (detail) => setState({ key, detail }),
      (error: unknown) => controller.signal.aborted || setState({ key, problem: problemOf(error) }),
    )
    return () => controller.abort()
  }, [documentId, revisionId, key])
  return state.key === key ? state : { key }
}

const useEscape = (close: () => void): void => {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.isComposing || document.querySelector('dialog[open]') !== null) return
      event.preventDefault()
      close()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [close])
}

/** How the document can be shown. One that has not been read yet, or could not be, is known by its name only. */
const drawingOf = ({ format, name }: DocumentRecord, page: number): 'pdf' | 'picture' | 'none' => {
  if (format === 'pdf' || (format === null && /\.pdf$/i.test(name))) return 'pdf'
  // browsers show the first picture of a file only
  return format === 'image' && page === 1 ? 'picture' : 'none'
}

interface ShownProps {
  readonly target: ViewerTarget
  readonly record: DocumentRecord
  /** `none`: its text is shown. */
  readonly kind: ReturnType<typeof drawingOf>
  readonly page: number
  readonly zoom: number
  readonly onOpened: (pages: number) => void
  readonly onFailed: () => void
}

/** The page as printed, or its text. */
const Shown = ({ target, record, kind, page, zoom, onOpened, onFailed }: ShownProps) => {
  switch (kind) {
    case 'pdf':
      return (
        <PdfPage
          content={target}
          page={page}
          zoom={zoom}
          boxes={target.boxes}
          onOpened={onOpened}
          onFailed={onFailed}
        />
      )
    case 'picture':
      return <PicturePage content={target} zoom={zoom} boxes={target.boxes} onFailed={onFailed} />
    case 'none':
      return (
        <PageText
          content={target}
          page={page}
          words={page === target.page ? target.words : []}
          language={target.language === 'und' ? (record.language ?? 'und') : target.language}
        />
      )
  }
}

export const DocumentViewer = ({ target, close, covers }: DocumentViewerProps) => {
  const texts = useTexts()
  const { key, detail, problem } = useDetail(target)
  const [page, setPage] = useState(target.page)
  const [zoom, setZoom] = useState(1)
  const [asText, setAsText] = useState(false)
  const [failed, setFailed] = useState(false)
  const [pdfPages, setPdfPages] = useState(0)
  const closeButton = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    setPage(target.page)
    closeButton.current?.focus({ preventScroll: true })
  }, [target])
  // another file may well be drawn
  useEffect(() => setFailed(false), [key])
  useEscape(close)

  const record = detail?.document
  const total = detail === undefined || detail.ledger.length === 0 ? pdfPages : detail.ledger.length
  const kind = record === undefined ? 'none' : drawingOf(record, page)
  const paginated = record?.paginated === true || kind === 'pdf'
  const canBeDrawn = kind !== 'none' && !failed
  const drawn = canBeDrawn && !asText
  const goTo = (next: number) => setPage(Math.min(Math.max(1, next), Math.max(1, total)))
  return (
    <section
      class="viewer"
      aria-label={texts.viewer.label(target.documentName)}
      {...(covers ? { role: 'dialog', 'aria-modal': true } : {})}
    >
      <ViewerHeader content={target} closeButton={closeButton} close={close} />
      {record !== undefined && (paginated || kind === 'picture') && (
        <ViewerToolbar
          page={page}
          total={total}
          zoom={zoom}
          drawn={drawn}
          canBeDrawn={canBeDrawn}
          goTo={goTo}
          setZoom={setZoom}
          setAsText={setAsText}
        />
      )}
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {failed && <p class="viewer-note">{kind === 'picture' ? texts.viewer.pictureFailed : texts.viewer.pdfFailed}</p>}
      {record === undefined && problem === undefined && <p class="viewer-note">{texts.app.loading}</p>}
      {record !== undefined && (
        <Shown
          target={target}
          record={record}
          kind={drawn ? kind : 'none'}
          page={paginated ? page : 1}
          zoom={zoom}
          onOpened={setPdfPages}
          onFailed={() => setFailed(true)}
        />
      )}
    </section>
  )
}
