/** The written answer, statement by statement, each with the numbered places that it stands on. */
import type { Statement } from '../../core/answer.ts'
import type { Language } from '../../core/document.ts'
import type { FoundPassage } from '../api/parse-answer.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { useFormatters } from '../shell/use-formatters.ts'
import type { ViewerTarget } from '../viewer/viewer-target.ts'
import { CitationChip } from './citation-chip.tsx'
import { numberSources } from './number-sources.ts'

interface StatementListProps {
  readonly statements: readonly Statement[]
  readonly passages: readonly FoundPassage[]
  readonly language: Language
  readonly open: (target: ViewerTarget) => void
}

export const StatementList = ({ statements, passages, language, open }: StatementListProps) => {
  const texts = useTexts()
  const format = useFormatters()
  const differing = statements.map((statement) => ({ citations: statement.differing ?? [] }))
  const sources = numberSources([...statements, ...differing])
  const chipsOf = (position: number) => (
    <div class="chips">
      {sources[position]?.map((source) => (
        <CitationChip key={source.number} source={source} passages={passages} open={open} />
      ))}
    </div>
  )
  return (
    <section class="statements">
      <h3>{texts.ask.answer}</h3>
      <ol lang={language === 'und' ? undefined : language}>
        {statements.map((statement, index) => (
          <li key={`${index} ${statement.text}`} class={statement.kind && `statement-${statement.kind}`}>
            {statement.kind === 'safety' && <strong class="safety-mark">{texts.ask.safety}</strong>}
            {statement.kind === 'quote' && <span class="quote-mark">{texts.ask.quoted}</span>}
            <p>{statement.text}</p>
            {statement.verified !== undefined && (
              <p class="verified">{texts.gaps.verifiedBy(statement.verified.by, format.time(statement.verified.at))}</p>
            )}
            {chipsOf(index)}
            {statement.differing !== undefined && (
              <div class="differing">
                <strong>{texts.ask.differing}</strong>
                {statement.differing.map(({ passageId, quote }) => (
                  <blockquote key={`${passageId} ${quote}`}>{quote}</blockquote>
                ))}
                {chipsOf(statements.length + index)}
              </div>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
