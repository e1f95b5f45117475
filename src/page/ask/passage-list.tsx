/** Where the answer was looked for: the passages found, best first. Open while nothing better is there, folded afterwards. */
import { useState } from 'preact/hooks'
import type { FoundPassage } from '../api/parse-answer.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { targetOfPassage, type ViewerTarget } from '../viewer/viewer-target.ts'
import { passagePlace } from './place-label.ts'
import { SourceLabel } from './source-label.tsx'

const shownAtFirst = 4

interface PassageListProps {
  readonly passages: readonly FoundPassage[]
  readonly title: string
  /** Whether the list is open as long as the reader has not chosen. */
  readonly expanded: boolean
  readonly open: (target: ViewerTarget) => void
}

export const PassageList = ({ passages, title, expanded, open }: PassageListProps) => {
  const texts = useTexts()
  const [chosen, setChosen] = useState<boolean | undefined>(undefined)
  const [all, setAll] = useState(false)
  const isOpen = chosen ?? expanded
  const shown = all ? passages : passages.slice(0, shownAtFirst)
  return (
    <section class="passages">
      <h3>
        <button type="button" class="fold" aria-expanded={isOpen} onClick={() => setChosen(!isOpen)}>
          {title} <span class="quiet">{texts.ask.passages(passages.length)}</span>
        </button>
      </h3>
      {isOpen && (
        <ul>
          {shown.map((passage) => {
            const place = passagePlace(passage, texts)
            return (
              <li key={passage.id}>
                <button type="button" class="passage" onClick={() => open(targetOfPassage(passage))}>
                  <span class="source">
                    <SourceLabel name={passage.documentName} revision={passage.revision} place={place} />
                  </span>
                  {passage.paginated && passage.heading !== '' && (
                    <span class="passage-heading">{passage.heading}</span>
                  )}
                  <span class="passage-text" lang={passage.language === 'und' ? undefined : passage.language}>
                    {passage.text}
                  </span>
                </button>
              </li>
            )
          })}
        </ul>
      )}
      {isOpen && passages.length > shownAtFirst && (
        <button type="button" class="plain" onClick={() => setAll(!all)}>
          {all ? texts.ask.showFewer : texts.ask.showAll(passages.length)}
        </button>
      )}
    </section>
  )
}
