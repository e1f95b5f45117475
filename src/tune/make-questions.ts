/**
 * The questions of a tuning: for each sampled passage one is written by the local model, in its language, each fourth in another one, or made by rule where
 * no model may write; checked by code; and kept only where it finds its passage. In: passages. Out: good questions with what the lanes found for them, and how
 * many were thrown away for what reason. What came of each try is in the ledger before the next begins, and is not tried again.
 * Invariant: writing gives way to questions that people ask (`isBusy`). Neighbours: write-question.ts, check-question.ts, find-candidates.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { PromptTemplate } from '../answer/prompt-template.ts'
import { type IndexedChunk, type Language, languages } from '../core/document.ts'
import { isAbort, KuraError } from '../core/errors.ts'
import type { Generator } from '../core/models.ts'
import { familyOf } from '../retrieval/language-bias.ts'
import type { Ledger } from '../store/ledger.ts'
import type { GeneratedQuestion, QuestionRejection, QuestionTry } from '../store/tuning-records.ts'
import { checkQuestion, questionKey } from './check-question.ts'
import type { Candidates } from './find-candidates.ts'
import { makeByRule } from './rule-questions.ts'
import { writeQuestion } from './write-question.ts'

/** Of so many questions one is asked in another language. */
const foreignEvery = 4
const busyPollMs = 100
/** Failures of the engine in a row, after which the tuning fails: it is down, not busy. */
const maxFailures = 5
const retryMs = 2_000

/** The model of the moment, kept until it is disposed. */
export interface HeldWriter extends Disposable {
  readonly generator: Generator | undefined
}

export interface MakingDeps {
  readonly ledger: { readonly generatedQuestions: Pick<Ledger['generatedQuestions'], 'tries' | 'record'> }
  readonly holdGenerator: () => HeldWriter
  /** Whether somebody waits for an answer now. */
  readonly isBusy: () => boolean
  readonly prompt: PromptTemplate
  /** What the lanes find for a question; undefined where its answer is not among it. */
  readonly find: (question: GeneratedQuestion, signal: AbortSignal) => Promise<Candidates | undefined>
}

export interface MakingOptions {
  /** Name of the model that writes; null: by rule. */
  readonly model: string | null
  readonly seed: number
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => Promise<void>
}

export interface FoundQuestion {
  readonly question: GeneratedQuestion
  readonly candidates: Candidates
}

export interface MadeQuestions {
  readonly found: readonly FoundQuestion[]
  readonly tried: number
  readonly rejected: Readonly<Partial<Record<QuestionRejection, number>>>
}

interface Wish {
  readonly chunk: IndexedChunk
  readonly language: Language
}

/** Each passage in its own language, each fourth in one of the others: those of the documents first, else any of Kura's. */
const wishesFor = (passages: readonly IndexedChunk[], isByRule: boolean): Wish[] => {
  const held = [...new Set(passages.map(({ language }) => language))]
  return passages.map((chunk, i) => {
    const isForeign = (language: Language) => language !== 'und' && familyOf(language) !== familyOf(chunk.language)
    const others = held.some(isForeign) ? held.filter(isForeign) : languages.filter(isForeign)
    const foreign = others[Math.floor(i / foreignEvery) % others.length]
    const asksAcross = !isByRule && i % foreignEvery === foreignEvery - 1 && foreign !== undefined
    return { chunk, language: asksAcross ? foreign : chunk.language }
  })
}

/** @throws what the engines and the index throw; AbortError */
export const makeQuestions = async (
  deps: MakingDeps,
  passages: readonly IndexedChunk[],
  options: MakingOptions,
): Promise<MadeQuestions> => {
  const { model, signal } = options
  const wishes = wishesFor(passages, model === null)
  const ids = passages.map(({ id }) => id)
  const earlier = new Map(
    (await deps.ledger.generatedQuestions.tries(ids, model)).map((each) => [
      `${each.passageId} ${each.language}`,
      each,
    ]),
  )
  const asked = new Set<string>()
  const found: FoundQuestion[] = []
  const rejected: Partial<Record<QuestionRejection, number>> = {}
  for (const [done, wish] of wishes.entries()) {
    signal.throwIfAborted()
    await options.onProgress(done, wishes.length)
    const known = earlier.get(`${wish.chunk.id} ${wish.language}`)
    const tried = known ?? (await tryOne(deps, wish, asked, options))
    // What was not found in one index may be in another.
    const isSearched = tried.rejection === undefined || tried.rejection === 'not_findable'
    const candidates = isSearched ? await deps.find(tried, signal) : undefined
    const rejection = isSearched ? (candidates ? undefined : 'not_findable') : tried.rejection
    if (known?.rejection !== rejection || known === undefined)
      await deps.ledger.generatedQuestions.record({ ...tried, rejection })
    asked.add(questionKey(tried.question))
    if (candidates && rejection === undefined) found.push({ question: tried, candidates })
    else if (rejection) rejected[rejection] = (rejected[rejection] ?? 0) + 1
  }
  await options.onProgress(wishes.length, wishes.length)
  return { found, tried: wishes.length, rejected }
}

const tryOne = async (
  deps: MakingDeps,
  { chunk, language }: Wish,
  asked: ReadonlySet<string>,
  options: MakingOptions,
): Promise<QuestionTry> => {
  const { model } = options
  const ruled = model === null ? makeByRule(chunk, language) : undefined
  const written = model === null ? ruled : await writeWhenQuiet(deps, { chunk, language }, options)
  const place = {
    collectionId: chunk.collectionId,
    documentId: chunk.documentId,
    revisionId: chunk.revisionId,
    passageId: chunk.id,
    ordinal: chunk.ordinal,
    language,
    passageLanguage: chunk.language,
    origin: ruled?.origin ?? 'model',
    model,
  } as const
  if (!written) return { ...place, question: '', answer: '', rejection: 'not_written' }
  const checked = checkQuestion(chunk, { ...written, language })
  const { question } = written
  if (!checked.accepted) return { ...place, question, answer: written.answer, rejection: checked.rejection }
  const isRepeated = asked.has(questionKey(question))
  return { ...place, question, answer: checked.answer, ...(isRepeated ? { rejection: 'duplicate' } : {}) }
}

type Written = NonNullable<Awaited<ReturnType<typeof writeQuestion>>>

// A function of its own: what `using` holds in the body of a loop is compiled so that an error of one round is thrown again in the next.
const writeOnce = async (
  deps: MakingDeps,
  { chunk, language }: Wish,
  { seed, signal }: Pick<MakingOptions, 'seed' | 'signal'>,
): Promise<Written | undefined> => {
  using writing = deps.holdGenerator()
  const { generator } = writing
  if (!generator) throw new KuraError('model_unavailable', 'The model that writes the questions was taken away.')
  return await writeQuestion(chunk, language, { generator, prompt: deps.prompt, seed, signal })
}

/** Begun when nobody waits for an answer, broken off when somebody does, and begun again. */
const writeWhenQuiet = async (
  deps: MakingDeps,
  wish: Wish,
  { seed, signal }: Pick<MakingOptions, 'seed' | 'signal'>,
): Promise<Written | undefined> => {
  for (let failures = 0; ; ) {
    while (deps.isBusy()) await sleep(busyPollMs, undefined, { signal })
    const busy = new AbortController()
    const watch = setInterval(() => {
      if (deps.isBusy()) busy.abort()
    }, busyPollMs)
    try {
      return await writeOnce(deps, wish, { seed, signal: AbortSignal.any([signal, busy.signal]) })
    } catch (error) {
      signal.throwIfAborted()
      if (busy.signal.aborted && isAbort(error)) continue
      failures += 1
      if (!(error instanceof KuraError) || failures === maxFailures) throw error
      await sleep(retryMs, undefined, { signal })
    } finally {
      clearInterval(watch)
    }
  }
}
