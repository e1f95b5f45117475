/** A numbered citation: document and page, the cited words as its tooltip. Opens the page with the cited lines marked. */
import type { FoundPassage } from '../api/parse-answer.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { targetOfCitations, type ViewerTarget } from '../viewer/viewer-target.ts'
import type { NumberedSource } from './number-sources.ts'
import { citationPlace } from './place-label.ts'
import { SourceLabel } from './source-label.tsx'

interface CitationChipProps {
  readonly source: NumberedSource
  readonly passages: readonly FoundPassage[]
  readonly open: (target: ViewerTarget) => void
}

export const CitationChip = ({ source, passages, open }: CitationChipProps) => {
  const texts = useTexts()
  const [first] = source.citations
  const place = citationPlace(first, passages, texts)
  return (
    <button
      type="button"
      class="chip"
      title={source.citations.map(({ quote }) => quote).join('\n')}
      aria-label={`${source.number}: ${texts.ask.open(first.documentName, place)}`}
      onClick={() => open(targetOfCitations(source.citations, passages))}
    >
      <span class="chip-number">{source.number}</span>
      <SourceLabel name={first.documentName} revision={first.revision} place={place} />
    </button>
  )
}
