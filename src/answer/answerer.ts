/**
 * From a question to a cited answer, told step by step: passages at once, quotes next, then each statement as soon as it is written
 * and checked, then the whole. Neighbours: `Retriever` before, HTTP and command line after.
 * Invariants: no statement leaves that `checkStatement` has not found supported, and none whose revision may not answer any more, though it
 * could when the passages were found; with none left the answer is `not_found`.
 */
import type { AnswerEvent, Passage, Statement } from '../core/answer.ts'
import { toScriptOf } from '../core/chinese-script.ts'
import { detectLanguage } from '../core/detect-language.ts'
import type { Language } from '../core/document.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import type { CollectionId, ConversationId, RevisionId } from '../core/ids.ts'
import type { Embedder, Generator } from '../core/models.ts'
import type { Principal } from '../core/principal.ts'
import { familyOf } from '../retrieval/language-bias.ts'
import type { Retriever } from '../retrieval/retriever.ts'
import type { DocumentStore } from '../store/documents.ts'
import type { Ledger } from '../store/ledger.ts'
import { dropHidden, languageOf, type Progress, toAnswer } from './answer-progress.ts'
import { isAnswerable } from './answerability.ts'
import { checkStatement } from './check-statement.ts'
import { citationOf } from './cite.ts'
import { draftSources, sourceTokenBudget } from './draft-sources.ts'
import { figuresMissing } from './figures.ts'
import { languageNames } from './language-names.ts'
import { type PromptTemplate, readPrompt } from './prompt-template.ts'
import { type SelectedQuote, selectQuotes, toQuote } from './select-quotes.ts'
import { readSentences } from './sentence-stream.ts'
import { type ConversationTurn, standaloneQuestion } from './standalone-question.ts'
import { translateQuestion } from './translate-question.ts'

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
  readonly signal?: AbortSignal | undefined
}

interface AnswererDeps {
  readonly ledger: Pick<Ledger, 'conversations'> & { readonly documents: Pick<DocumentStore, 'visible'> }
  readonly retriever: Pick<Retriever, 'search'>
  readonly embedder: Embedder
  /** The model that may write now; undefined where there is none: answers are quotes then. */
  readonly generator: () => Generator | undefined
}

const passageLimit = 8
const quoteLimit = 5
/** Quotes that stand as the answer where no statement could be written. */
const quotedStatementLimit = 2
/** Share of the question's terms that a quote must hold to stand for statements that were all dropped. */
const minQuotedCoverage = 0.5
const maxOutputTokens = 300
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
    const progress: Progress = {
      question,
      language: request.language,
      degraded: new Set(),
      startedAt: Date.now(),
      passages: [],
      quotes: [],
      statements: [],
    }
    const prompt = await readPrompt('answer')
    const standalone = await standaloneQuestion(turns, question, { generator: this.#deps.generator(), signal })
    yield* this.#attempt(principal, request, standalone, prompt, progress)
    if (progress.statements.length === 0) {
      const translated = await this.#translate(standalone, progress.passages, signal)
      if (translated !== undefined && translated !== standalone)
        yield* this.#attempt(principal, request, translated, prompt, progress)
    }
    signal?.throwIfAborted()
    dropHidden(progress, await this.#visible(principal, request, progress.passages))
    const answer = toAnswer(progress, conversationId, request.at)
    await ledger.conversations.record(principal, {
      conversationId,
      question,
      standalone,
      answer,
      prompt: { id: prompt.id, version: String(prompt.version) },
    })
    yield { type: 'answer', answer }
  }

  /** One search, its quotes, and the statements that stand on them. A second attempt replaces the passages and quotes of the first. */
  async *#attempt(
    principal: Principal,
    request: AskRequest,
    query: string,
    prompt: PromptTemplate,
    progress: Progress,
  ): AsyncGenerator<AnswerEvent> {
    const { collectionIds, at, signal } = request
    const search = { query, collectionIds, limit: passageLimit, at, signal }
    const found = await this.#deps.retriever.search(principal, search)
    for (const code of found.degraded) progress.degraded.add(code)
    progress.passages = found.passages
    progress.language ??= languageOf(progress.question, found.passages)
    yield { type: 'passages', passages: found.passages }

    const candidates = await this.#selectQuotes(query, found.passages, progress, signal)
    const visible = await this.#visible(principal, request, found.passages)
    const passages = found.passages.filter(({ revisionId }) => visible.has(revisionId))
    const selected = candidates.filter(({ passage }) => visible.has(passage.revisionId))
    progress.quotes = selected.map(toQuote)
    progress.retrieveMs ??= Date.now() - progress.startedAt
    yield { type: 'quotes', quotes: progress.quotes }

    if (!(await this.#isAnswerable(query, passages, selected, signal))) return
    for await (const statement of this.#statements(query, selected, prompt, progress, signal)) {
      const cited = await this.#visible(principal, request, statement.citations)
      if (!statement.citations.every(({ revisionId }) => cited.has(revisionId))) continue
      progress.firstStatementMs ??= Date.now() - progress.startedAt
      progress.statements.push(statement)
      yield { type: 'statement', statement }
    }
  }

  /** Revisions that may answer still: one may be superseded or withdrawn while the answer is being made. */
  async #visible(
    principal: Principal,
    { at }: AskRequest,
    resting: readonly { readonly revisionId: RevisionId }[],
  ): Promise<ReadonlySet<RevisionId>> {
    const ids = resting.map(({ revisionId }) => revisionId)
    return new Set((await this.#deps.ledger.documents.visible(principal, ids, at)).keys())
  }

  /**
   * The question in the language of the best passage that is in another one; undefined where all are in the question's language, or no model can
   * translate. Embedders of the small class order passages of another language poorly, so what was not found is asked once more in it.
   */
  async #translate(
    question: string,
    passages: readonly Passage[],
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const generator = this.#deps.generator()
    const asked = familyOf(detectLanguage(question, passages[0]?.language))
    const target = passages.find(({ language }) => language !== 'und' && familyOf(language) !== asked)?.language
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

  async #selectQuotes(
    question: string,
    passages: readonly Passage[],
    progress: Progress,
    signal: AbortSignal | undefined,
  ): Promise<SelectedQuote[]> {
    const options = { limit: quoteLimit, signal }
    // An index that lacks documents says nothing against its engine.
    const isEngineDown = [...progress.degraded].some((code) => code !== 'index_incomplete')
    const embedder = isEngineDown ? undefined : this.#deps.embedder
    try {
      return await selectQuotes(question, passages, { ...options, embedder })
    } catch (error) {
      if (isAbort(error) || !(error instanceof KuraError)) throw error
      progress.degraded.add(error.code)
      return selectQuotes(question, passages, { ...options, embedder: undefined })
    }
  }

  async #isAnswerable(
    question: string,
    passages: readonly Passage[],
    quotes: readonly SelectedQuote[],
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const embedded = quotes.some(({ similarity }) => similarity !== undefined)
    const model = embedded ? (await this.#deps.embedder.info({ signal })).name : ''
    return isAnswerable(question, passages, quotes, model)
  }

  /** Written statements; where the model can not write or nothing that it wrote holds, the best quotes. */
  async *#statements(
    question: string,
    quotes: readonly SelectedQuote[],
    prompt: PromptTemplate,
    progress: Progress,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Statement> {
    const generator = this.#deps.generator()
    let drafted = 0
    let shown = 0
    if (generator) {
      try {
        for await (const statement of this.#draft(generator, question, quotes, prompt, progress, signal)) {
          drafted += 1
          if (!statement) continue
          shown += 1
          yield statement
        }
        if (drafted === 0) return // The model has read the sources and says that the answer is not there.
      } catch (error) {
        if (isAbort(error) || !(error instanceof KuraError)) throw error
        progress.degraded.add(error.code)
      }
    }
    if (shown > 0) return
    delete progress.model
    // What a model wrote and code has refuted says little for the sources: only quotes that hold the question's own words stand then.
    const standing = withCodesOf(question, quotes).filter(
      ({ coverage }) => drafted === 0 || coverage >= minQuotedCoverage,
    )
    for (const { passage, segment, text } of standing.slice(0, quotedStatementLimit)) {
      yield { text, citations: [citationOf(passage, segment)] }
    }
  }

  /** Each drafted sentence: a checked statement, or undefined where it was dropped. */
  async *#draft(
    generator: Generator,
    question: string,
    quotes: readonly SelectedQuote[],
    prompt: PromptTemplate,
    progress: Progress,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Statement | undefined> {
    const model = await generator.info({ signal })
    const count = (texts: readonly string[]) => generator.countTokens(texts, { signal, priority: 'question' })
    const sources = await draftSources(quotes, sourceTokenBudget(model), count)
    const messages = prompt.render({
      language: languageNames[progress.language ?? 'en'],
      sources: sources.map(({ text }, i) => `[${i + 1}] ${text}`).join('\n\n'),
      question,
    })
    progress.model = model.name
    const pieces = generator.generate({ messages, maxTokens: maxOutputTokens }, { signal, priority: 'question' })
    const passages = sources.map(({ passage }) => passage)
    const written = new Set<string>()
    for await (const sentence of readSentences(pieces)) {
      const text = toScriptOf(progress.language ?? 'en', sentence)
      if (written.has(text)) return // A small model that begins to loop does not stop by itself.
      written.add(text)
      const checked = await checkStatement(text, passages, { embedder: this.#deps.embedder, signal })
      yield checked.supported ? checked.statement : undefined
    }
  }
}

/** Who asks for alarm E-302 is not shown E-304: the quotes that hold the question's figures, or all where none does. */
const withCodesOf = (question: string, quotes: readonly SelectedQuote[]): readonly SelectedQuote[] => {
  const holding = quotes.filter(
    ({ passage, text }) => figuresMissing(question, text, `${passage.documentName}\n${passage.heading}`).length === 0,
  )
  return holding.length > 0 ? holding : quotes
}
