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
  const sources = numberSources(statements)
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
            <div class="chips">
              {sources[index]?.map((source) => (
                <CitationChip key={source.number} source={source} passages={passages} open={open} />
              ))}
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
