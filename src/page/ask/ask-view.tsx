/**
 * The start view: the conversation so far, and the question box. While nothing has been asked the box stands in the middle.
 */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { CollectionRecord } from '../../store/records.ts'
import { listCollections } from '../api/documents.ts'
import { useTexts } from '../i18n/language-context.tsx'
import logo from '../kura.svg'
import { Icon } from '../shell/icon.tsx'
import { documentsAddress } from '../shell/use-route.ts'
import type { ViewerTarget } from '../viewer/viewer-target.ts'
import { AsOfPicker } from './as-of-picker.tsx'
import { QuestionBox } from './question-box.tsx'
import { TurnView } from './turn-view.tsx'
import type { ConversationControl } from './use-conversation.ts'

interface AskViewProps {
  readonly conversation: ConversationControl
  readonly open: (target: ViewerTarget) => void
}

/** The collections; undefined until they are known. A failure leaves the picker out: asking works without. */
const useCollections = (): readonly CollectionRecord[] | undefined => {
  const [collections, setCollections] = useState<readonly CollectionRecord[] | undefined>(undefined)
  useEffect(() => {
    const controller = new AbortController()
    listCollections(controller.signal).then(setCollections, () => undefined)
    return () => controller.abort()
  }, [])
  return collections
}

interface CollectionPickerProps {
  /** Undefined until they are known. */
  readonly collections: readonly CollectionRecord[] | undefined
  /** Id; empty for all. */
  readonly chosen: string
  readonly choose: (id: string) => void
}

const CollectionPicker = ({ collections, chosen, choose }: CollectionPickerProps) => {
  const texts = useTexts()
  if (collections === undefined || collections.length < 2) return null
  return (
    <label class="picker">
      <span>{texts.ask.collection}</span>
      <select value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{texts.ask.allCollections}</option>
        {collections.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

export const AskView = ({ conversation, open }: AskViewProps) => {
  const texts = useTexts()
  const collections = useCollections()
  const [collection, setCollection] = useState('')
  const [asOf, setAsOf] = useState('')
  const { turns, busy, ask, stop, clear } = conversation
  const list = useRef<HTMLOListElement>(null)
  const started = turns.length > 0
  const lastKey = turns.at(-1)?.key

  useEffect(() => {
    if (lastKey === undefined) return
    list.current?.lastElementChild?.scrollIntoView({ block: 'start', behavior: 'smooth' })
  }, [lastKey])

  const empty = collections?.every(({ documents }) => documents === 0) === true
  return (
    <div class={started ? 'ask ask-started' : 'ask'}>
      {!started && (
        <div class="ask-intro">
          <img src={logo} alt="" width="64" height="64" />
          <h1>{texts.ask.heading}</h1>
          <p>{texts.ask.intro}</p>
        </div>
      )}
      {started && (
        <>
          <h1 class="hidden">{texts.ask.history}</h1>
          <ol class="turns" ref={list}>
            {turns.map((turn) => (
              <li key={turn.key}>
                <TurnView turn={turn} isLast={turn.key === lastKey} open={open} />
              </li>
            ))}
          </ol>
        </>
      )}
      <div class="composer">
        <QuestionBox busy={busy} followUp={started} onAsk={(question) => ask(question, collection, asOf)} onStop={stop}>
          <CollectionPicker collections={collections} chosen={collection} choose={setCollection} />
          <AsOfPicker day={asOf} choose={setAsOf} />
          {started && (
            <button type="button" class="plain new-conversation" title={texts.ask.newConversation} onClick={clear}>
              <Icon name="plus" />
              <span>{texts.ask.newConversation}</span>
            </button>
          )}
        </QuestionBox>
        {empty && !started && (
          <p class="ask-empty">
            {texts.ask.noDocuments} <a href={documentsAddress}>{texts.ask.addDocuments}</a>
          </p>
        )}
      </div>
    </div>
  )
}
