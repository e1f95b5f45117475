/**
 * From a question to a cited answer, told step by step: passages at once, quotes next, then each statement as soon as it is written
 * and checked, then the whole. Neighbours: `Retriever` before, HTTP and command line after; write-statements.ts writes, quote-statements.ts quotes.
 * Invariants: no statement leaves that is neither found supported by `checkStatement` nor the document's own words, and none whose revision may not
 * answer any more, though it could when the passages were found; with none left the answer is `not_found`.
 */
import type { Answer, AnswerEvent, Passage, Statement } from '../core/answer.ts'
import type { Language } from '../core/document.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import type { DraftRecord, GenerationRecord } from '../core/generation-record.ts'
import type { CollectionId, ConversationId } from '../core/ids.ts'
import type { EmbeddingModelInfo, Generator } from '../core/models.ts'
import type { Principal } from '../core/principal.ts'
import { embedQuestions, type QuestionVector } from '../core/question-vectors.ts'
import type { Ledger } from '../store/ledger.ts'
import { dropHidden, type Progress, startProgress, toAnswer, toRecord, withDiffering } from './answer-progress.ts'
import { evidenceLogit, isAnswerable, isAnswerableByQuotes, isRefused } from './answerability.ts'
import { type EvidenceCalibration, evidenceCalibration, verdictCalibration } from './calibration.ts'
import { differingSources } from './differing-sources.ts'
import { evidenceOf } from './evidence.ts'
import { type Found, findGrounds, type GroundsDeps, isAskedAcross, visibleRevisions } from './find-grounds.ts'
import { quoteStatements } from './quote-statements.ts'
import { type ConversationTurn, standaloneQuestion } from './standalone-question.ts'
import { translateQuestion } from './translate.ts'
import { type WritingOutcome, writeStatements } from './write-statements.ts'

export interface AskRequest {
  readonly question: string
  readonly collectionIds: readonly CollectionId[]
  /** A conversation to go on with; without it a new one is begun. */
  readonly conversationId?: ConversationId
  /** Earlier turns that the caller keeps itself (OpenAI-compatible route, evaluation). */
  readonly history?: readonly ConversationTurn[]
  /** Language of the answer. @default the question's */
  readonly language?: Language
  /** The time whose revisions are asked. @default now, at each step anew */
  readonly at?: Date | undefined
  /** Nothing is written into the ledger; `history` and `conversationId` are to be given. */
  readonly unrecorded?: true
  /** Told how the answer came about, before its last event; for measurements. */
  readonly onRecord?: (record: GenerationRecord) => void
  readonly signal?: AbortSignal | undefined
}

export interface AnswererDeps extends GroundsDeps {
  readonly ledger: GroundsDeps['ledger'] & Pick<Ledger, 'conversations'>
  /** The model that may write now; undefined where there is none: answers are quotes then. */
  readonly generator: () => Generator | undefined
  /** One fitted on the customer's own documents, in place of the embedding model's. @default none */
  readonly calibration?: () => EvidenceCalibration | undefined
}

const turnLimit = 4

export class Answerer {
  readonly #deps: AnswererDeps

  constructor(deps: AnswererDeps) {
    this.#deps = deps
  }

  /**
   * The last event is `answer`; it is in the ledger then. Ending the iteration early, or the signal, stops all engines.
   * @throws conversation_not_found, and what the index throws; an engine that is down degrades the answer instead
   */
  async *ask(principal: Principal, request: AskRequest): AsyncGenerator<AnswerEvent> {
    const { ledger } = this.#deps
    const { question, signal } = request
    const conversationId = request.conversationId ?? (await ledger.conversations.start(principal))
    const turns = request.history ?? (await this.#turnsOf(principal, conversationId))
    const progress = startProgress(request)
    const standalone = await standaloneQuestion(turns, question, { generator: this.#deps.generator(), signal })
    yield* this.#answer(principal, request, standalone, progress)
    signal?.throwIfAborted()
    const citations = progress.statements.flatMap(({ citations, differing = [] }) => [...citations, ...differing])
    dropHidden(progress, await visibleRevisions(this.#deps, principal, request, [...progress.passages, ...citations]))
    const answer = toAnswer(progress, conversationId, request.at)
    const record = toRecord(progress, request, await this.#embeddingModel(signal))
    request.onRecord?.(record)
    if (!request.unrecorded) {
      const [first] = record.drafts
      const prompt = { id: first?.prompt.id ?? 'none', version: String(first?.prompt.version ?? 0) }
      const asked = { collectionIds: request.collectionIds, vector: await this.#gapVector(standalone, answer, signal) }
      const turn = { question, standalone, answer }
      await ledger.conversations.record(principal, { ...turn, conversationId, prompt, record, asked })
    }
    yield { type: 'answer', answer }
  }

  /**
   * Asked as it is. Where the best that is found is in another language, or nothing of the asker's answers, it is searched for in the words of the documents'
   * language as well: embedders of the small class order passages of another language poorly, and words can only be compared within one.
   */
  async *#answer(
    principal: Principal,
    request: AskRequest,
    question: string,
    progress: Progress,
  ): AsyncGenerator<AnswerEvent> {
    const found = yield* findGrounds(this.#deps, principal, request, { question, query: question }, progress)
    const [best] = found.quotes
    const isAcross = found.verified === undefined && best !== undefined && isAskedAcross(question, best.passage)
    if (!isAcross) yield* this.#write(principal, request, found, progress)
    if (progress.statements.length > 0 || progress.nearMisses.length > 0) return
    const { passages, quotes } = progress
    const translated = await this.#translate(question, passages, request.signal)
    if (translated === undefined) {
      if (isAcross) yield* this.#write(principal, request, found, progress)
      return
    }
    const wording = { question, query: translated, beside: passages }
    const again = yield* findGrounds(this.#deps, principal, request, wording, progress)
    yield* this.#write(principal, request, again, progress)
    if (progress.statements.length > 0 || isAcross) return
    const [asked, inTranslation] = [await this.#weigh(found, request.signal), await this.#weigh(again, request.signal)]
    if ((inTranslation.odds ?? -Infinity) > (asked.odds ?? -Infinity)) return
    // What is nearer to an answer is told.
    progress.passages = passages
    progress.quotes = quotes
  }

  /** What speaks for an answer in what was found; `odds` (log) where the embedding model was calibrated. */
  async #weigh({ question, query, passages, quotes }: Found, signal: AbortSignal | undefined) {
    const evidence = evidenceOf(query, passages, quotes, { isTranslated: query !== question })
    const tuned = this.#deps.calibration?.()
    const isTuned = evidence !== undefined && tuned?.classes[evidence.languageClass] !== undefined
    const embedding = evidence && !isTuned ? await this.#embeddingModel(signal) : undefined
    const calibration = isTuned ? tuned : embedding && (await evidenceCalibration(embedding.name))
    return { evidence, calibration, odds: evidence && evidenceLogit(evidence, calibration) }
  }

  /** The statements that stand on what was found; none where codes that are asked for are nowhere. */
  async *#write(
    principal: Principal,
    request: AskRequest,
    found: Found,
    progress: Progress,
  ): AsyncGenerator<AnswerEvent> {
    if (progress.nearMisses.length > 0) return
    const statements = found.verified ?? this.#statements(found, progress, request.signal)
    for await (const statement of statements) {
      const cited = await visibleRevisions(this.#deps, principal, request, statement.citations)
      if (!statement.citations.every(({ revisionId }) => cited.has(revisionId))) continue
      const told = withDiffering(statement, differingSources(statement, found.passages))
      progress.firstStatementMs ??= Date.now() - progress.startedAt
      progress.statements.push(told)
      yield { type: 'statement', statement: told }
    }
  }

  /** The question in the language of the best passage that is in another one; undefined where there is none, or no model that can translate. */
  async #translate(
    question: string,
    passages: readonly Passage[],
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const generator = this.#deps.generator()
    const target = passages.find((passage) => isAskedAcross(question, passage))?.language
    if (!generator || target === undefined) return undefined
    return translateQuestion(question, target, { generator, signal })
  }

  async #turnsOf(principal: Principal, conversationId: ConversationId): Promise<ConversationTurn[]> {
    const turns = await this.#deps.ledger.conversations.turns(principal, conversationId, turnLimit)
    return turns.map(({ question, answer }) => ({
      question,
      answer: answer.statements.map(({ text }) => text).join(' '),
    }))
  }

  /** Written statements; where the model can not write or nothing that it wrote holds, the best quotes; none where the question is refused. */
  async *#statements(found: Found, progress: Progress, signal: AbortSignal | undefined): AsyncGenerator<Statement> {
    const { question, query, kind, quotes } = found
    if (quotes.length === 0) return
    const { evidence, calibration, odds } = await this.#weigh(found, signal)
    if (evidence && !isAnswerable(evidence, calibration)) return
    const generator = this.#deps.generator()
    let outcome: WritingOutcome | undefined
    if (generator) {
      try {
        const model = await generator.info({ signal })
        const verdict = await verdictCalibration(model.name)
        progress.model = model.name
        const writing = {
          question,
          query,
          kind,
          quotes,
          language: progress.language ?? 'en',
          isRefused: (refusal: number | undefined) => isRefused(evidence, odds, refusal, verdict),
          record: (draft: DraftRecord) => progress.drafts.push(draft),
        }
        outcome = yield* writeStatements(writing, { generator, embedder: this.#deps.embedder, signal })
      } catch (error) {
        if (isAbort(error) || !(error instanceof KuraError)) throw error
        progress.degraded.add(error.code)
      }
    }
    if (outcome === 'written' || progress.statements.length > 0) return
    delete progress.model
    if (!isAnswerableByQuotes(odds, outcome ?? 'unread')) return
    yield* quoteStatements(query, quotes, {
      kind,
      isInDoubt: (outcome === 'refuted' || outcome === 'misread') && odds === undefined,
    })
  }

  /** What questions without an answer are grouped by. */
  async #gapVector(
    question: string,
    answer: Answer,
    signal: AbortSignal | undefined,
  ): Promise<QuestionVector | undefined> {
    if (answer.status === 'answered') return undefined
    return (await embedQuestions([question], this.#deps.embedder, { signal }))?.[0]
  }

  /** Undefined where its engine is down. */
  async #embeddingModel(signal: AbortSignal | undefined): Promise<EmbeddingModelInfo | undefined> {
    try {
      return await this.#deps.embedder.info({ signal })
    } catch (error) {
      if (isAbort(error) || !(error instanceof KuraError)) throw error
      return undefined
    }
  }
}
