/**
 * Answers a recorded question again, twice: from the very sources, prompt and settings of then with the model in use, and from the documents of
 * today. In: an answer's id. Out: what is different, and why it may be. Nothing is recorded.
 * Neighbours: core/generation-record.ts is what answers leave behind; redraft.ts writes; compare-answers.ts compares.
 */
import type { Answerer } from '../answer/answerer.ts'
import { readPrompt } from '../answer/prompt-template.ts'
import type { Answer, Passage, Statement } from '../core/answer.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import type { DraftRecord, GenerationRecord } from '../core/generation-record.ts'
import type { AnswerId } from '../core/ids.ts'
import type { Embedder, GenerationModelInfo, Generator } from '../core/models.ts'
import type { Principal } from '../core/principal.ts'
import type { GonePassage, Replay, ReplayChange } from '../core/replay.ts'
import type { ConversationStore, RecordedTurn } from '../store/conversations.ts'
import type { DocumentRecord } from '../store/records.ts'
import { comparePassages, compareStatements, isSameStatements } from './compare-answers.ts'
import { statementsOf, writeDraftAgain } from './redraft.ts'

export interface ReplayDeps {
  readonly ledger: {
    readonly conversations: Pick<ConversationStore, 'getRecorded'>
    readonly documents: { get(principal: Principal, id: Passage['documentId']): Promise<DocumentRecord> }
  }
  readonly answerer: Pick<Answerer, 'ask'>
  readonly embedder: Embedder
  /** The model in use; undefined where none may write. */
  readonly generator: Generator | undefined
}

interface ReplayOptions {
  readonly signal?: AbortSignal | undefined
}

/**
 * @throws answer_not_found; answer_not_recorded where it is of a version that did not keep how answers came about; model_missing where a model
 * wrote and none is here now; and what the models throw
 */
export const replayAnswer = async (
  deps: ReplayDeps,
  principal: Principal,
  id: AnswerId,
  { signal }: ReplayOptions = {},
): Promise<Replay> => {
  const turn = await deps.ledger.conversations.getRecorded(principal, id)
  const { record, answer: before, standalone } = turn
  if (record === null) {
    throw new KuraError(
      'answer_not_recorded',
      'The answer was given by a version of Kura that did not keep how answers came about; ask the question again.',
    )
  }
  const { generator } = deps
  if (record.drafts.length > 0 && !generator) {
    throw new KuraError(
      'model_missing',
      'No model that writes is in use: choose one by `kura models use generation NAME`.',
    )
  }
  const model = await generator?.info({ signal })
  const again =
    generator && model && record.drafts.length > 0
      ? await writeAgain(deps, turn, record, { generator, model }, signal)
      : null
  const { today, record: recordNow } = await askToday(deps, principal, turn, record, signal)
  const changes = await changesSince(record, recordNow, model)
  const same = (again === null || isSameStatements(again.statements)) && isSameStatements(today.statements)
  return { before, standalone, changes, again, today, same }
}

const writeAgain = async (
  { embedder }: ReplayDeps,
  { answer }: RecordedTurn,
  { drafts }: GenerationRecord,
  { generator, model }: { readonly generator: Generator; readonly model: GenerationModelInfo },
  signal: AbortSignal | undefined,
): Promise<NonNullable<Replay['again']>> => {
  const { language } = answer
  const written: { draft: DraftRecord; text: string }[] = []
  const [before, now]: [Statement[], Statement[]] = [[], []]
  for (const draft of drafts) {
    const text = await writeDraftAgain(draft, generator, signal)
    written.push({ draft, text })
    const sources = new Set(draft.sources.map(({ passageId }) => passageId))
    const passages = answer.passages.filter(({ id }) => sources.has(id))
    before.push(...(await statementsOf(draft.text, { passages, language }, { embedder, generator, signal })))
    now.push(...(await statementsOf(text, { passages, language }, { embedder, generator, signal })))
  }
  return {
    model: model.name,
    drafts: written.map(({ draft: { prompt, text: former }, text }) => ({
      promptId: prompt.id,
      promptVersion: prompt.version,
      before: former,
      now: text,
    })),
    statements: compareStatements(before, now),
  }
}

const askToday = async (
  deps: ReplayDeps,
  principal: Principal,
  { answer: before, standalone }: RecordedTurn,
  { collectionIds, language }: GenerationRecord,
  signal: AbortSignal | undefined,
): Promise<{ readonly today: Replay['today']; readonly record: GenerationRecord }> => {
  const request = { question: standalone, collectionIds, conversationId: before.conversationId, history: [] }
  let answer: Answer | undefined
  let record: GenerationRecord | undefined
  const onRecord = (made: GenerationRecord) => {
    record = made
  }
  const asked = deps.answerer.ask(principal, {
    ...request,
    ...(language ? { language } : {}),
    unrecorded: true,
    onRecord,
    signal,
  })
  for await (const event of asked) if (event.type === 'answer') answer = event.answer
  if (!answer || !record) throw new KuraError('internal', 'The question was asked again and got no answer.')
  const { gone, ...others } = comparePassages(before.passages, answer.passages)
  const today = {
    answer,
    statements: compareStatements(before.statements, answer.statements),
    passages: { ...others, gone: await Promise.all(gone.map((passage) => explainGone(deps, principal, passage))) },
  }
  return { today, record }
}

/** What became of the document that the passage is from. */
const explainGone = async ({ ledger }: ReplayDeps, principal: Principal, passage: Passage): Promise<GonePassage> => {
  try {
    const { effectiveRevision } = await ledger.documents.get(principal, passage.documentId)
    if (effectiveRevision === null) return { passage, reason: 'withdrawn' }
    if (effectiveRevision.id === passage.revisionId) return { passage, reason: 'found_no_more' }
    return { passage, reason: 'superseded', revisionNow: effectiveRevision.label }
  } catch (error) {
    if (isAbort(error) || !(error instanceof KuraError) || error.code !== 'document_not_found') throw error
    return { passage, reason: 'removed' }
  }
}

const shortHash = (sha256: string | undefined): string =>
  sha256 === undefined ? '' : ` (sha256 ${sha256.slice(0, 12)})`

/** Where a model wrote then: what it was, and what is in use now. Named once, by the first draft. */
const changesSince = async (
  record: GenerationRecord,
  now: GenerationRecord,
  model: GenerationModelInfo | undefined,
): Promise<ReplayChange[]> => {
  const changes: ReplayChange[] = []
  const compare = (what: ReplayChange['what'], before: string | null, now: string | null) => {
    if (before !== now) changes.push({ what, before, now })
  }
  const [first] = record.drafts
  if (first && model) {
    // With an adapter the name is another one, and the weights below may be the same.
    const isSame = first.model.sha256 !== undefined && first.model.sha256 === model.sha256
    if (!isSame) compare('model', modelLabel(first.model), modelLabel(model))
    compare('adapter', adapterLabel(first.model.adapter), adapterLabel(model.adapter))
  }
  for (const { id, version, sha256 } of new Map(record.drafts.map(({ prompt }) => [prompt.id, prompt])).values()) {
    // A prompt of a former version may be gone; the recorded messages hold what it said.
    const current = await readPrompt(id).catch(() => undefined)
    compare(
      'prompt',
      `${id} ${version}${shortHash(sha256)}`,
      current ? `${id} ${current.version}${shortHash(current.sha256)}` : null,
    )
  }
  compare('embedding', record.embedding?.fingerprint ?? null, now.embedding?.fingerprint ?? null)
  compare('ranking', record.ranking, now.ranking)
  compare('kura', record.kura, now.kura)
  return changes
}

const modelLabel = ({ name, sha256 }: Pick<GenerationModelInfo, 'name' | 'sha256'>): string =>
  sha256 === undefined ? name : `${name}${shortHash(sha256)}`

const adapterLabel = (adapter: GenerationModelInfo['adapter']): string | null =>
  adapter ? `${adapter.name}${shortHash(adapter.sha256)}, scale ${adapter.scale}` : null
