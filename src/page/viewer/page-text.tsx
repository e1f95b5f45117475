/** The text of one page as it was read, with the cited words marked and scrolled into view. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Language } from '../../core/document.ts'
import { getPageText } from '../api/documents.ts'
import { type Problem, problemOf } from '../api/request.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { locateWords, markText } from './mark-text.ts'
import { scrollToMark } from './scroll-within.ts'
import type { CitedWords, ShownContent } from './viewer-target.ts'

interface PageTextProps {
  readonly content: ShownContent
  readonly page: number
  readonly words: readonly CitedWords[]
  readonly language: Language
}

export const PageText = ({ content, page, words, language }: PageTextProps) => {
  const texts = useTexts()
  const { documentId, revisionId } = content
  const [text, setText] = useState<string | undefined>(undefined)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const view = useRef<HTMLElement>(null)

  useEffect(() => {
    const controller = new AbortController()
    setText(undefined)
    setProblem(undefined)
    getPageText(documentId, revisionId, page, controller.signal).then(setText, (error: unknown) => {
      if (!controller.signal.aborted) setProblem(problemOf(error))
    })
    return () => controller.abort()
  }, [documentId, revisionId, page])

  useEffect(() => {
    if (text !== undefined && view.current !== null) scrollToMark(view.current)
  }, [text, words])

  if (problem !== undefined) return <ProblemNotice problem={problem} />
  if (text === undefined) return <p class="viewer-note">{texts.app.loading}</p>
  if (text.trim() === '') return <p class="viewer-note">{texts.viewer.noText}</p>
  const ranges = locateWords(text, words)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="page-text" ref={view} aria-label={texts.viewer.asText} tabIndex={0}>
      {words.length > 0 && ranges.length === 0 && <p class="viewer-note">{texts.viewer.noMark}</p>}
      <div class="page-text-body" lang={language === 'und' ? undefined : language}>
        {markText(text, ranges).map((stretch, index) =>
          stretch.marked ? <mark key={index}>{stretch.text}</mark> : <span key={index}>{stretch.text}</span>,
        )}
      </div>
    </section>
  )
}
