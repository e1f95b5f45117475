/**
 * The written part of an answer: the model drafts sentences from the sources, each is checked by code while the next is being written, what fails is
 * written once more with the failure named, and what fails again is dropped. In: the question and its quotes. Out: checked statements, in the order in
 * which they are to be told. Invariant: nothing is yielded that `checkStatement` has not found supported, or that is not the document's own words.
 * Neighbours: draft-sources.ts before, complete-procedure.ts for steps and warnings, answerability.ts for the model's own verdict.
 */
import type { Passage, Statement } from '../core/answer.ts'
import type { Segment } from '../core/document.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import type { DraftRecord } from '../core/generation-record.ts'
import type { ChatMessage, Embedder, GenerationModelInfo, Generator, TokenProbability } from '../core/models.ts'
import {
  type CheckedSentence,
  checkDraft,
  type DraftedQuestion,
  describeFailure,
  type FailedSentence,
  isOwnFault,
} from './check-draft.ts'
import { ProcedureCompleter } from './complete-procedure.ts'
import { lettersOf } from './content-words.ts'
import { type DraftSource, draftSources, sourceTokenBudget } from './draft-sources.ts'
import { languageNames } from './language-names.ts'
import { type PromptTemplate, readPrompt } from './prompt-template.ts'
import type { QuestionKind } from './question-kind.ts'
import type { SelectedQuote } from './select-quotes.ts'
import { hasWords, notFound, readSentences } from './sentence-stream.ts'
import { soughtProcedure } from './steps.ts'

export interface Writing extends DraftedQuestion {
  /** Best first. */
  readonly quotes: readonly SelectedQuote[]
  /** @param refusal how likely the model was to begin with "not found", 0 to 1; undefined where the engine does not say */
  readonly isRefused: (refusal: number | undefined, model: GenerationModelInfo) => boolean
  readonly record: (draft: DraftRecord) => void
}

interface WritingDeps {
  readonly generator: Generator
  readonly embedder: Embedder
  readonly signal?: AbortSignal | undefined
}

/**
 * `refused`: the model has read the sources and the answer is not there. It has written, and nothing of it holds: `misread` where what failed may be of its own
 * making, `refuted` where the question itself names it.
 */
export type WritingOutcome = 'written' | 'refused' | 'misread' | 'refuted'

const tasks: Readonly<Record<QuestionKind, string>> = {
  fact: 'Write one to three sentences.',
  procedure: 'Write every step that the sources give, in their order, one sentence for each step.',
  comparison: 'Write for each of the things compared what the sources say of it, one sentence for each.',
  list: 'Name everything that the sources list, and nothing else.',
}
const outputTokens: Readonly<Record<QuestionKind, number>> = { fact: 220, procedure: 450, comparison: 300, list: 300 }
const temperature = 0
/** An engine that does not stop at `maxTokens` is stopped by its text; the longest words of a vocabulary seldom follow one another. */
const maxCharactersPerToken = 12

/** What the model has written and what became of it. */
class Draft {
  readonly passages: readonly Passage[]
  readonly completer: ProcedureCompleter
  readonly failed: FailedSentence[] = []
  /** Sentences that the model wrote, checked or not. */
  readonly written = new Set<string>()
  readonly #told = new Set<string>()
  readonly #sought: Segment | undefined

  constructor(passages: readonly Passage[], { kind, quotes }: Pick<Writing, 'kind' | 'quotes'>) {
    this.passages = passages
    this.completer = new ProcedureCompleter(passages, kind === 'procedure')
    this.#sought = kind === 'procedure' ? soughtProcedure(quotes) : undefined
  }

  /** What is a step of something else than the best quotes are does not answer. */
  inItsProcedure(checked: CheckedSentence): CheckedSentence {
    if (!('statement' in checked) || !this.completer.isOfAnother(checked.statement, this.#sought)) return checked
    return { text: checked.statement.text, reason: 'relevance', missing: [] }
  }

  get hasTold(): boolean {
    return this.#told.size > 0
  }

  /** Each text once. */
  *tell(statements: Iterable<Statement>): Iterable<Statement> {
    for (const statement of statements) {
      if (this.#told.has(statement.text)) continue
      this.#told.add(statement.text)
      yield statement
    }
  }
}

/** What the model is asked. */
export const answerMessages = async ({
  question,
  kind,
  language,
  sources,
}: Pick<Writing, 'question' | 'kind' | 'language'> & { readonly sources: readonly DraftSource[] }) => {
  const prompt = await readPrompt('answer')
  const messages = prompt.render({
    language: languageNames[language],
    sources: sources.map(({ text }, i) => `[${i + 1}] ${text}`).join('\n\n'),
    question,
    task: tasks[kind],
  })
  return { prompt, messages }
}

export async function* writeStatements(
  writing: Writing,
  deps: WritingDeps,
): AsyncGenerator<Statement, WritingOutcome, undefined> {
  const { generator, signal } = deps
  const call = { signal, priority: 'question' } as const
  const model = await generator.info(call)
  const sourceTokens = sourceTokenBudget(model)
  const sources = await draftSources(writing.quotes, sourceTokens, (texts) => generator.countTokens(texts, call))
  const { prompt, messages } = await answerMessages({ ...writing, sources })
  const passages = [...new Set(sources.map(({ passage }) => passage))]
  const draft = new Draft(passages, writing)
  const isTerm = sources.some(({ text }) => notFound.test(text))
  const generation = { prompt, model, messages, sources, sourceTokens, isFirst: true, isTerm }
  try {
    return yield* draftTwice(writing, deps, generation, draft)
  } catch (error) {
    // A procedure that was begun is told whole, though the engine went away.
    if (!isAbort(error) && error instanceof KuraError) yield* draft.tell(draft.completer.rest())
    throw error
  }
}

/** Once, and what failed once more. */
async function* draftTwice(
  writing: Writing,
  deps: WritingDeps,
  generation: Generation,
  draft: Draft,
): AsyncGenerator<Statement, WritingOutcome, undefined> {
  const text = yield* readDraft(writing, deps, generation, draft)
  // A model that writes nothing at all has given no verdict.
  if (draft.written.size === 0) return hasWords(text) ? 'refused' : 'misread'
  if ([...draft.written].every((sentence) => isEcho(sentence, writing.question))) return 'refused'
  if (draft.failed.length > 0) {
    const redo = await readPrompt('redo-statements')
    const failures = draft.failed.map(describeFailure).join('\n')
    const again = redo.render({ language: languageNames[writing.language], failures })
    const continued: ChatMessage[] = [...generation.messages, { role: 'assistant', content: text }, ...again]
    yield* readDraft(writing, deps, { ...generation, prompt: redo, messages: continued, isFirst: false }, draft)
  }
  yield* draft.tell(draft.completer.rest())
  if (draft.hasTold) return 'written'
  // Across languages what failed is a translation's as well.
  const isAcross = writing.query !== writing.question
  return isAcross || draft.failed.every((each) => isOwnFault(each, writing.query)) ? 'misread' : 'refuted'
}

/** Who only repeats the question has no answer to it. */
const isEcho = (sentence: string, question: string): boolean => lettersOf(sentence) === lettersOf(question)

interface Generation {
  readonly prompt: PromptTemplate
  readonly model: GenerationModelInfo
  readonly messages: readonly ChatMessage[]
  readonly sources: readonly DraftSource[]
  readonly sourceTokens: number
  /** A second draft can not be refused as a whole, and what fails in it is dropped. */
  readonly isFirst: boolean
  /** Whether the sources themselves write NOT FOUND. */
  readonly isTerm: boolean
}

/** One call of the model, sentence by sentence. @returns all that it wrote */
async function* readDraft(
  writing: Writing,
  deps: WritingDeps,
  generation: Generation,
  draft: Draft,
): AsyncGenerator<Statement, string, undefined> {
  const { generator, signal } = deps
  const { messages, model, isFirst, isTerm } = generation
  const maxTokens = outputTokens[writing.kind]
  let text = ''
  let refusal: number | undefined
  /** Known with the first piece. */
  let isRefused: boolean | undefined
  const pieces = generator.generate(
    {
      messages,
      maxTokens,
      temperature,
      ...(isFirst
        ? {
            onFirstToken: (likeliest) => {
              refusal = refusalOf(likeliest)
            },
          }
        : {}),
    },
    { signal, priority: 'question' },
  )
  const untilRefused = async function* () {
    for await (const piece of pieces) {
      text += piece
      isRefused ??= isFirst && writing.isRefused(refusal, model)
      if (isRefused) return
      if (text.length > maxTokens * maxCharactersPerToken) return
      yield piece
    }
  }
  try {
    const sentences = readSentences(untilRefused(), isTerm)
    const checked = checkDraft(sentences, { ...writing, passages: draft.passages, written: draft.written }, deps)
    for await (const each of checked) {
      const judged = draft.inItsProcedure(each)
      if ('statement' in judged) yield* draft.tell(draft.completer.add(judged.statement))
      else if (isFirst) draft.failed.push(judged)
    }
    return text
  } finally {
    writing.record(toRecord(generation, maxTokens, text))
  }
}

/** What the prompt tells the model to write first where the sources do not hold the answer. */
const refusalStart = /^\W*not\b/i
/** @returns how likely the model was to refuse, 0 to 1 */
export const refusalOf = (likeliest: readonly TokenProbability[]): number =>
  likeliest.reduce((sum, { text, probability }) => (refusalStart.test(text) ? sum + probability : sum), 0)

const toRecord = (
  { prompt, model, messages, sources, sourceTokens }: Generation,
  maxTokens: number,
  text: string,
): DraftRecord => ({
  prompt: { id: prompt.id, version: prompt.version, sha256: prompt.sha256 },
  model: {
    name: model.name,
    ...(model.sha256 === undefined ? {} : { sha256: model.sha256 }),
    ...(model.adapter === undefined ? {} : { adapter: model.adapter }),
  },
  settings: { temperature, maxTokens, sourceTokens },
  messages,
  sources: sources.map(({ passage, text: read }) => ({
    passageId: passage.id,
    revisionId: passage.revisionId,
    text: read,
  })),
  text,
})
