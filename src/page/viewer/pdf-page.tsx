/**
 * One page of a PDF, drawn by pdf.js at the resolution of the screen, with boxes over the cited lines. The former picture stays until the
 * next one is drawn. A file with a password asks for it.
 */
import type { PDFPageProxy } from 'pdfjs-dist'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { PageBox } from '../../core/answer.ts'
import { originalPath } from '../api/documents.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { loadPdf, type PasswordQuestion } from './load-pdf.ts'
import { PageMarks } from './page-marks.tsx'
import { PasswordForm } from './password-form.tsx'
import { scrollToMark } from './scroll-within.ts'
import { useWidth } from './use-width.ts'
import type { ShownContent } from './viewer-target.ts'

interface PdfPageProps {
  readonly content: ShownContent
  readonly page: number
  readonly zoom: number
  readonly boxes: readonly PageBox[]
  /** Called with the number of pages of the file. */
  readonly onOpened: (pages: number) => void
  /** Called when the page can not be drawn. */
  readonly onFailed: () => void
}

/** What a phone can hold in one canvas. */
const maxCanvasPixels = 16_000_000

/** Draws the page and gives the new canvas; `stop` ends the drawing, which then rejects. */
const draw = (page: PDFPageProxy, cssWidth: number) => {
  const natural = page.getViewport({ scale: 1 })
  const scale = cssWidth / natural.width
  const wanted = scale * devicePixelRatio
  const largest = Math.sqrt(maxCanvasPixels / (natural.width * natural.height))
  const viewport = page.getViewport({ scale: Math.min(wanted, largest) })
  const canvas = document.createElement('canvas')
  canvas.width = Math.floor(viewport.width)
  canvas.height = Math.floor(viewport.height)
  const task = page.render({ canvas, viewport })
  return { canvas, height: natural.height * scale, done: task.promise, stop: () => task.cancel() }
}

/** Draws the page whenever it, the zoom or the panel changes. */
const useDrawing = ({ content, page, zoom, onOpened, onFailed }: PdfPageProps) => {
  const scroller = useRef<HTMLElement>(null)
  const sheet = useRef<HTMLDivElement>(null)
  const picture = useRef<HTMLDivElement>(null)
  const [drawnPage, setDrawnPage] = useState(0)
  const [question, setQuestion] = useState<PasswordQuestion | undefined>(undefined)
  const width = useWidth(scroller)
  const path = originalPath(content.documentId, content.revisionId)
  const report = useRef({ onOpened, onFailed })
  report.current = { onOpened, onFailed }

  useEffect(() => {
    if (width === 0) return
    let current = true
    let stop = () => {}
    const show = async () => {
      const pdf = await loadPdf(path, (asked) => current && setQuestion(asked))
      if (!current) return
      setQuestion(undefined)
      report.current.onOpened(pdf.numPages)
      const proxy = await pdf.getPage(page)
      if (!current || sheet.current === null) return
      const cssWidth = Math.floor(width * zoom)
      const drawing = draw(proxy, cssWidth)
      stop = drawing.stop
      await drawing.done
      if (!current || sheet.current === null) return
      sheet.current.style.width = `${cssWidth}px`
      sheet.current.style.height = `${drawing.height}px`
      picture.current?.replaceChildren(drawing.canvas)
      setDrawnPage(page)
    }
    show().catch(() => current && report.current.onFailed())
    return () => {
      current = false
      stop()
    }
  }, [path, page, zoom, width])
  return { scroller, sheet, picture, drawnPage, question, setQuestion }
}

export const PdfPage = (props: PdfPageProps) => {
  const texts = useTexts()
  const { page, boxes } = props
  const { scroller, sheet, picture, drawnPage, question, setQuestion } = useDrawing(props)
  const ready = drawnPage === page
  useEffect(() => {
    if (ready && scroller.current !== null) scrollToMark(scroller.current)
  }, [ready, boxes])
  const unlock = (password: string) => {
    setQuestion(undefined)
    question?.answer(password)
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="pdf-scroller" ref={scroller} aria-label={texts.viewer.pageImage(page)} tabIndex={0}>
      {question !== undefined && (
        <PasswordForm
          label={texts.viewer.password}
          submitLabel={texts.viewer.unlock}
          note={question.wrong ? texts.viewer.lockedWrong : texts.viewer.locked}
          onSubmit={unlock}
        />
      )}
      <div class="pdf-sheet" ref={sheet} data-page={ready ? page : undefined}>
        <div class="pdf-picture" ref={picture} aria-hidden="true" />
        {ready && <PageMarks boxes={boxes} page={page} />}
      </div>
      {drawnPage === 0 && question === undefined && <p class="viewer-note">{texts.app.loading}</p>}
    </section>
  )
}
