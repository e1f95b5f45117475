/** The verified answer of a question: its lines, who answers for it, what it cites, and whether that is still in force. */
import type { DocumentId } from '../../core/ids.ts'
import type { GapAnswer, GapCitation } from '../api/gaps.ts'
import { SourceLabel } from '../ask/source-label.tsx'
import { useTexts } from '../i18n/language-context.tsx'
import { useFormatters } from '../shell/use-formatters.ts'
import { documentAddress } from '../shell/use-route.ts'
import type { ViewerTarget } from '../viewer/viewer-target.ts'

interface GapAnswerViewProps {
  readonly answer: GapAnswer
  readonly open: (target: ViewerTarget) => void
}

const targetOf = ({ documentId, documentName, revisionId, revision, page, quote }: GapCitation): ViewerTarget => ({
  documentId: documentId as DocumentId,
  documentName,
  revisionId,
  revision,
  page,
  boxes: [],
  words: [{ before: '', text: quote }],
  language: 'und',
})

export const GapAnswerView = ({ answer, open }: GapAnswerViewProps) => {
  const texts = useTexts()
  const format = useFormatters()
  return (
    <section class="gap-answer">
      <h2>{texts.gaps.verifiedAnswer}</h2>
      {answer.isPreparing && <p role="status">{texts.gaps.preparing}</p>}
      {!answer.isPreparing && !answer.inForce && <p class="notice notice-expired">{texts.gaps.expired}</p>}
      {answer.text.split('\n').map((line, index) => (
        <p key={`${index} ${line}`}>{line}</p>
      ))}
      <p class="quiet">
        {texts.gaps.verifiedBy(answer.by, format.time(answer.at))} ·{' '}
        <a href={documentAddress(answer.documentId)}>{texts.gaps.showDocument}</a>
      </p>
      <ul class="gap-citations">
        {answer.citations.map((cited) => (
          <li key={`${cited.revisionId} ${cited.page} ${cited.quote}`}>
            <button type="button" class="passage" onClick={() => open(targetOf(cited))}>
              <span class="source">
                <SourceLabel
                  name={cited.documentName}
                  revision={cited.revision}
                  place={cited.inForce ? texts.ask.page(cited.page) : texts.gaps.notInForce}
                />
              </span>
              <q class="passage-text">{cited.quote}</q>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
