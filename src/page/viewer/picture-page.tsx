/**
 * An uploaded picture itself, with boxes over the cited lines. What the browser can not show (most can not show TIFF) is reported, and its
 * text is shown instead.
 */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { PageBox } from '../../core/answer.ts'
import { originalPath } from '../api/documents.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { PageMarks } from './page-marks.tsx'
import { scrollToMark } from './scroll-within.ts'
import { useWidth } from './use-width.ts'
import type { ShownContent } from './viewer-target.ts'

interface PicturePageProps {
  readonly content: ShownContent
  readonly zoom: number
  readonly boxes: readonly PageBox[]
  readonly onFailed: () => void
}

export const PicturePage = ({ content, zoom, boxes, onFailed }: PicturePageProps) => {
  const texts = useTexts()
  const scroller = useRef<HTMLElement>(null)
  const [loaded, setLoaded] = useState('')
  const width = useWidth(scroller)
  const source = originalPath(content.documentId, content.revisionId)
  const ready = loaded === source
  useEffect(() => {
    if (ready && scroller.current !== null) scrollToMark(scroller.current)
  }, [ready, boxes])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="pdf-scroller" ref={scroller} aria-label={texts.viewer.picture(1)} tabIndex={0}>
      <div
        class="pdf-sheet"
        data-page={ready ? 1 : undefined}
        style={{ width: width === 0 ? '100%' : `${Math.floor(width * zoom)}px` }}
      >
        <img class="picture" src={source} alt="" onLoad={() => setLoaded(source)} onError={onFailed} />
        {ready && <PageMarks boxes={boxes} page={1} />}
      </div>
      {!ready && <p class="viewer-note">{texts.app.loading}</p>}
    </section>
  )
}
