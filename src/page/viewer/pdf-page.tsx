/**
 * One page of a PDF, drawn by pdf.js at the resolution of the screen, with boxes over the cited lines. Boxes are fractions of
 * the page, so they hold at every zoom. The former picture stays until the next one is drawn.
 */
import type { PDFPageProxy } from 'pdfjs-dist'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { PageBox } from '../../core/answer.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { joinBoxes } from './join-boxes.ts'
import { loadPdf } from './load-pdf.ts'
import { scrollWithin } from './scroll-within.ts'

interface PdfPageProps {
  readonly documentId: string
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

const percent = (fraction: number): string => `${(fraction * 100).toFixed(3)}%`

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

/** The width that the panel gives to a page, in CSS pixels; follows the panel. */
const useWidth = (element: { readonly current: HTMLElement | null }): number => {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (element.current === null) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return width
}

export const PdfPage = ({ documentId, page, zoom, boxes, onOpened, onFailed }: PdfPageProps) => {
  const texts = useTexts()
  const scroller = useRef<HTMLElement>(null)
  const sheet = useRef<HTMLDivElement>(null)
  const picture = useRef<HTMLDivElement>(null)
  const [drawnPage, setDrawnPage] = useState(0)
  const width = useWidth(scroller)
  const report = useRef({ onOpened, onFailed })
  report.current = { onOpened, onFailed }

  useEffect(() => {
    if (width === 0) return
    let current = true
    let stop = () => {}
    const show = async () => {
      const pdf = await loadPdf(documentId)
      if (current) report.current.onOpened(pdf.numPages)
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
  }, [documentId, page, zoom, width])

  const marks = drawnPage === page ? joinBoxes(boxes.filter((box) => box.page === page)) : []
  useEffect(() => {
    const view = scroller.current
    if (drawnPage !== page || view === null) return
    const mark = view.querySelector('.mark')
    if (mark === null) view.scrollTo({ top: 0 })
    else scrollWithin(view, mark)
  }, [drawnPage, page, boxes])

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="pdf-scroller" ref={scroller} aria-label={texts.viewer.pageImage(page)} tabIndex={0}>
      <div class="pdf-sheet" ref={sheet} data-page={drawnPage === page ? page : undefined}>
        <div class="pdf-picture" ref={picture} aria-hidden="true" />
        {marks.map((box) => (
          <div
            key={`${box.x} ${box.y} ${box.width} ${box.height}`}
            class="mark"
            style={{
              left: percent(box.x),
              top: percent(box.y),
              width: percent(box.width),
              height: percent(box.height),
            }}
          />
        ))}
      </div>
      {drawnPage === 0 && <p class="viewer-note">{texts.app.loading}</p>}
    </section>
  )
}
