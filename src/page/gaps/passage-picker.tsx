/** Chooses the passages that an answer stands on: those nearest to the question first, others by search. */
import { useState } from 'preact/hooks'
import { type GapDetail, searchPassages } from '../api/gaps.ts'
import type { FoundPassage } from '../api/parse-answer.ts'
import { type Problem, problemOf } from '../api/request.ts'
import { passagePlace } from '../ask/place-label.ts'
import { SourceLabel } from '../ask/source-label.tsx'
import { useTexts } from '../i18n/language-context.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { targetOfPassage, type ViewerTarget } from '../viewer/viewer-target.ts'

interface PassagePickerProps {
  readonly gap: GapDetail
  readonly chosen: readonly FoundPassage[]
  readonly choose: (passages: readonly FoundPassage[]) => void
  readonly open: (target: ViewerTarget) => void
}

interface ChoiceProps {
  readonly passage: FoundPassage
  readonly isChosen: boolean
  readonly toggle: () => void
  readonly open: (target: ViewerTarget) => void
}

const Choice = ({ passage, isChosen, toggle, open }: ChoiceProps) => {
  const texts = useTexts()
  const place = passagePlace(passage, texts)
  const label = (isChosen ? texts.gaps.drop : texts.gaps.choose)(passage.documentName, place)
  return (
    <li class={isChosen ? 'choice choice-chosen' : 'choice'}>
      <input type="checkbox" aria-label={label} checked={isChosen} onChange={toggle} />
      <button type="button" class="passage" onClick={() => open(targetOfPassage(passage))}>
        <span class="source">
          <SourceLabel name={passage.documentName} revision={passage.revision} place={place} />
        </span>
        <span class="passage-text" lang={passage.language === 'und' ? undefined : passage.language}>
          {passage.text}
        </span>
      </button>
    </li>
  )
}

export const PassagePicker = ({ gap, chosen, choose, open }: PassagePickerProps) => {
  const texts = useTexts()
  const [query, setQuery] = useState(gap.question)
  const [found, setFound] = useState<readonly FoundPassage[] | undefined>(undefined)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const ids = new Set<string>(chosen.map(({ id }) => id))
  const offered = (found ?? gap.nearest).filter(({ id }) => !ids.has(id))
  const search = () => {
    setProblem(undefined)
    searchPassages(query.trim(), gap.collectionId).then(setFound, (error: unknown) => setProblem(problemOf(error)))
  }
  const toggle = (passage: FoundPassage) =>
    choose(ids.has(passage.id) ? chosen.filter(({ id }) => id !== passage.id) : [...chosen, passage])
  const listOf = (passages: readonly FoundPassage[]) => (
    <ul class="choices">
      {passages.map((passage) => (
        <Choice
          key={passage.id}
          passage={passage}
          isChosen={ids.has(passage.id)}
          toggle={() => toggle(passage)}
          open={open}
        />
      ))}
    </ul>
  )
  return (
    <fieldset class="gap-cite">
      <legend>{texts.gaps.cite}</legend>
      <p class="quiet">{texts.gaps.citeHint}</p>
      <search class="filters">
        <input
          type="search"
          aria-label={texts.gaps.search}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.isComposing) return
            // the form around it is not to be sent
            event.preventDefault()
            search()
          }}
        />
        <button type="button" disabled={query.trim() === ''} onClick={search}>
          {texts.gaps.find}
        </button>
      </search>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {chosen.length > 0 && (
        <>
          <h3>{texts.gaps.chosen}</h3>
          {listOf(chosen)}
        </>
      )}
      {found === undefined && offered.length > 0 && <h3>{texts.gaps.nearest}</h3>}
      {found !== undefined && offered.length === 0 && <p class="empty">{texts.gaps.nothingFound}</p>}
      {listOf(offered)}
    </fieldset>
  )
}
