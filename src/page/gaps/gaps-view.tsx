/** The questions that wait for somebody who knows: by collection and state, those asked most often first. */
import { useEffect, useState } from 'preact/hooks'
import { type GapState, gapStates } from '../../store/gap-records.ts'
import type { CollectionRecord } from '../../store/records.ts'
import { listCollections } from '../api/documents.ts'
import { type Gap, type GapFilter, listGaps } from '../api/gaps.ts'
import { type Problem, problemOf } from '../api/request.ts'
import { useTexts } from '../i18n/language-context.tsx'
import { ProblemNotice } from '../shell/problem-notice.tsx'
import { useFormatters } from '../shell/use-formatters.ts'
import { gapAddress } from '../shell/use-route.ts'

interface Listed {
  readonly gaps: readonly Gap[]
  readonly cursor: string | undefined
}

const useGaps = (filter: GapFilter) => {
  const [listed, setListed] = useState<Listed | undefined>(undefined)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  useEffect(() => {
    const controller = new AbortController()
    listGaps(filter, undefined, controller.signal).then(
      ({ gaps, nextCursor }) => {
        setListed({ gaps, cursor: nextCursor })
        setProblem(undefined)
      },
      (error: unknown) => controller.signal.aborted || setProblem(problemOf(error)),
    )
    return () => controller.abort()
  }, [filter])
  const more = () => {
    const cursor = listed?.cursor
    if (cursor === undefined) return
    listGaps(filter, cursor).then(
      ({ gaps, nextCursor }) =>
        setListed((now) => (now?.cursor === cursor ? { gaps: [...now.gaps, ...gaps], cursor: nextCursor } : now)),
      (error: unknown) => setProblem(problemOf(error)),
    )
  }
  return { listed, problem, more }
}

export const GapBadge = ({ state }: { readonly state: GapState }) => (
  <span class={`badge badge-gap-${state}`}>{useTexts().gaps.states[state]}</span>
)

const GapItem = ({ gap, collection }: { readonly gap: Gap; readonly collection: string }) => {
  const texts = useTexts()
  const format = useFormatters()
  return (
    <li class="gap-item">
      <p class="gap-question">
        <a href={gapAddress(gap.id)} lang={gap.language === 'und' ? undefined : gap.language}>
          {gap.question}
        </a>
      </p>
      <p class="gap-facts">
        <GapBadge state={gap.state} />
        <span>{texts.gaps.asked(format.count(gap.asked))}</span>
        <span class="quiet">
          {texts.gaps.lastAsked} <time dateTime={gap.lastAskedAt}>{format.time(gap.lastAskedAt)}</time>
          {collection !== '' && ` · ${collection}`}
        </span>
      </p>
      {gap.note !== '' && (
        <p class="quiet">
          {texts.gaps.note} {gap.note}
        </p>
      )}
    </li>
  )
}

export const GapsView = () => {
  const texts = useTexts()
  const [filter, setFilter] = useState<GapFilter>({ collection: '', state: '' })
  const [collections, setCollections] = useState<readonly CollectionRecord[]>([])
  const { listed, problem, more } = useGaps(filter)
  useEffect(() => {
    const controller = new AbortController()
    listCollections(controller.signal).then(setCollections, () => undefined)
    return () => controller.abort()
  }, [])
  const names = new Map<string, string>(collections.map(({ id, name }) => [id, name]))
  return (
    <div class="documents">
      <h1>{texts.gaps.heading}</h1>
      <p class="quiet">{texts.gaps.intro}</p>
      <search class="filters">
        {collections.length > 1 && (
          <select
            aria-label={texts.documents.collection}
            value={filter.collection}
            onChange={(event) => setFilter({ ...filter, collection: event.currentTarget.value })}
          >
            <option value="">{texts.documents.anyCollection}</option>
            {collections.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
        <select
          aria-label={texts.gaps.state}
          value={filter.state}
          onChange={(event) => setFilter({ ...filter, state: event.currentTarget.value })}
        >
          <option value="">{texts.gaps.anyState}</option>
          {gapStates.map((state) => (
            <option key={state} value={state}>
              {texts.gaps.states[state]}
            </option>
          ))}
        </select>
      </search>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {listed === undefined && problem === undefined && <p class="empty">{texts.app.loading}</p>}
      {listed?.gaps.length === 0 && <p class="empty">{texts.gaps.none}</p>}
      {listed !== undefined && listed.gaps.length > 0 && (
        <ul class="gap-list">
          {listed.gaps.map((gap) => (
            <GapItem key={gap.id} gap={gap} collection={names.get(gap.collectionId) ?? ''} />
          ))}
        </ul>
      )}
      {listed?.cursor !== undefined && (
        <button type="button" onClick={more}>
          {texts.documents.more}
        </button>
      )}
    </div>
  )
}
