/** The best sentences of the documents, verbatim; each opens its page. */
import { useState } from 'preact/hooks'
import type { Quote } from '../../core/answer.ts'
import type { FoundPassage } from '../api/parse-answer.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { targetOfQuote, type ViewerTarget } from '../viewer/viewer-target.ts'
import { citationPlace } from './place-label.ts'
import { SourceLabel } from './source-label.tsx'

interface QuoteListProps {
  readonly quotes: readonly Quote[]
  readonly title: string
  readonly passages: readonly FoundPassage[]
  readonly open: (target: ViewerTarget) => void
}

const shownAtFirst = 3

/** With what the sentence or row can not be understood without. */
const QuotedText = ({ quote: { text, header, before, steps } }: { readonly quote: Quote }) => (
  <>
    {header !== undefined && <p class="around">{header}</p>}
    {before !== undefined && <p class="around">{before}</p>}
    {steps === undefined ? (
      <p>{text}</p>
    ) : (
      steps.map((step) => (
        <p key={step} class={step.includes(text) ? undefined : 'around'}>
          {step}
        </p>
      ))
    )}
  </>
)

export const QuoteList = ({ quotes, title, passages, open }: QuoteListProps) => {
  const texts = useTexts()
  const [all, setAll] = useState(false)
  const shown = all ? quotes : quotes.slice(0, shownAtFirst)
  return (
    <section class="quotes">
      <h3>{title}</h3>
      <ul>
        {shown.map((quote) => {
          const place = citationPlace(quote, passages, texts)
          const target = targetOfQuote(quote, passages)
          return (
            <li key={`${quote.passageId} ${quote.text}`}>
              <blockquote lang={target.language === 'und' ? undefined : target.language}>
                <QuotedText quote={quote} />
              </blockquote>
              <button
                type="button"
                class="source"
                aria-label={texts.ask.open(quote.documentName, place)}
                onClick={() => open(target)}
              >
                <SourceLabel name={quote.documentName} revision={quote.revision} place={place} />
              </button>
            </li>
          )
        })}
      </ul>
      {quotes.length > shownAtFirst && (
        <button type="button" class="plain small" onClick={() => setAll(!all)}>
          {all ? texts.ask.showFewer : texts.ask.showAll(quotes.length)}
        </button>
      )}
    </section>
  )
}
