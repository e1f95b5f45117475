/**
 * Asks questions whose answerability is known, and writes down what spoke for and against each. In: a question set. Out: evidence and, where a generation
 * model is to be measured, how near it was to refusing; across languages also as translated by it. Unanswerable are the questions of left-out articles, and as many whose own records are left out of
 * what was found: beside the answer, but on its topic.
 */
import path from 'node:path'
import { draftSources, sourceTokenBudget } from '../answer/draft-sources.ts'
import { type Evidence, evidenceOf } from '../answer/evidence.ts'
import { isAskedAcross } from '../answer/find-grounds.ts'
import { questionKind } from '../answer/question-kind.ts'
import { type SelectedQuote, selectQuotes } from '../answer/select-quotes.ts'
import { joinedQuestion } from '../answer/standalone-question.ts'
import { translateQuestion } from '../answer/translate.ts'
import { answerMessages, refusalOf } from '../answer/write-statements.ts'
import type { Output } from '../cli/output.ts'
import { withTempFolder } from '../cli/temp-folder.ts'
import { resolveSettings } from '../config/settings.ts'
import type { Passage } from '../core/answer.ts'
import { detectLanguage } from '../core/detect-language.ts'
import type { Generator } from '../core/models.ts'
import { localAdministrator } from '../core/principal.ts'
import { openKura } from '../kura.ts'
import { mergeSearches } from '../retrieval/merge-searches.ts'
import type { Observed } from './fit-refusals.ts'
import { ingestCorpus } from './ingest-corpus.ts'
import { drawSample, type EvaluationQuery, parseConversation, readQuestionSet } from './question-set.ts'

export interface CalibrationSet {
  readonly corpus: string
  readonly queries: string
  /** Whether a question is unanswerable once its own records are left out; not where records repeat each other. */
  readonly hasNearMisses: boolean
}

const seed = 7
const passageLimit = 8
const quoteLimit = 5

const sampleOf = (queries: readonly EvaluationQuery[], { hasNearMisses }: CalibrationSet, size: number) => {
  const known = queries.filter(({ answerable, relevant }) => answerable && relevant.length > 0)
  const answerable = drawSample(known, size, seed)
  const rest = known.filter((query) => !answerable.includes(query))
  const unanswerable = queries.filter((query) => !query.answerable)
  const half = Math.ceil(size / 2)
  return [
    ...answerable.map((query) => ({ query, kind: 'answerable' as const })),
    ...drawSample(unanswerable, half, seed).map((query) => ({ query, kind: 'unanswerable' as const })),
    ...(hasNearMisses ? drawSample(rest, half, seed).map((query) => ({ query, kind: 'left-out' as const })) : []),
  ]
}

/** How likely the model is to begin with "not found"; one token is written. */
const askVerdict = async (
  generator: Generator | undefined,
  question: string,
  quotes: readonly SelectedQuote[],
): Promise<number | undefined> => {
  if (!generator) return undefined
  const model = await generator.info()
  const sources = await draftSources(quotes, sourceTokenBudget(model), (texts) => generator.countTokens(texts))
  const language = detectLanguage(question)
  const { messages } = await answerMessages({
    question,
    sources,
    kind: questionKind(question),
    language: language === 'und' ? 'en' : language,
  })
  let refusal: number | undefined
  const request = {
    messages,
    maxTokens: 1,
    onFirstToken: (likeliest: Parameters<typeof refusalOf>[0]) => {
      refusal = refusalOf(likeliest)
    },
  }
  for await (const _ of generator.generate(request));
  return refusal
}

interface FoundPassages {
  readonly passages: readonly Passage[]
  readonly quotes: readonly SelectedQuote[]
  readonly evidence: Evidence | undefined
}

/** Undefined where what was found is in the asker's language. */
const translate = async (
  generator: Generator | undefined,
  question: string,
  { quotes: [best] }: FoundPassages,
): Promise<string | undefined> =>
  generator && best && isAskedAcross(question, best.passage)
    ? translateQuestion(question, best.passage.language, { generator })
    : undefined

export const observeAnswerability = async (
  folder: string,
  set: CalibrationSet,
  options: { readonly size: number; readonly verdict: boolean; readonly output: Output },
): Promise<{ readonly observed: Observed[]; readonly models: { embedding: string; generation: string } }> => {
  const name = set.corpus === set.queries ? set.corpus : `${set.queries} on ${set.corpus}`
  const { corpus } = await readQuestionSet(path.join(folder, set.corpus))
  const { queries } = await readQuestionSet(path.join(folder, set.queries))
  return withTempFolder('kura-calibrate-', async (data, signal) => {
    const settings = {
      ...resolveSettings(),
      data,
      ledgerFile: path.join(data, 'kura.db'),
      indexUri: path.join(data, 'index'),
    }
    await using kura = await openKura(
      { ...settings, logLevel: 'warn' },
      { embedding: true, generation: true, worker: false },
    )
    await kura.engines.ready(signal)
    using held = kura.engines.holdGenerator()
    const { collectionId, recordsOf } = await ingestCorpus(kura, corpus, { output: options.output, signal })
    const observed: Observed[] = []
    const sample = sampleOf(queries, set, options.size)
    for (const [i, { query, kind }] of sample.entries()) {
      signal.throwIfAborted()
      options.output.progress(`${name}: ${i + 1}/${sample.length}`)
      const { history, question: last } = parseConversation(query.text)
      const question = joinedQuestion(history, last)
      const isRelevant = ({ documentId }: Passage) =>
        recordsOf.get(documentId)?.some((id) => query.relevant.includes(id)) ?? false
      const find = async (wording: string, beside?: readonly Passage[]): Promise<FoundPassages> => {
        const search = { query: wording, collectionIds: [collectionId], limit: passageLimit * 3, signal }
        const found = await kura.retriever.search(localAdministrator, search)
        const own = found.passages.filter((each) => kind !== 'left-out' || !isRelevant(each)).slice(0, passageLimit)
        const passages = beside ? mergeSearches(beside, own, passageLimit) : own
        const { embedder } = kura.engines
        const quotes = await selectQuotes(wording, passages, { limit: quoteLimit, embedder, signal })
        return {
          passages,
          quotes,
          evidence: evidenceOf(wording, passages, quotes, { isTranslated: wording !== question }),
        }
      }
      const asked = await find(question)
      const translated = await translate(held.generator, question, asked)
      const wordings = translated ? [asked, await find(translated, asked.passages)] : [asked]
      for (const { passages, quotes, evidence } of wordings) {
        // Not found is a matter of retrieval, not of refusing.
        if (!evidence || (kind === 'answerable' && !passages.some(isRelevant))) continue
        const refusal = options.verdict ? await askVerdict(held.generator, question, quotes) : undefined
        const answerable = kind === 'answerable'
        observed.push({ set: name, answerable, evidence, ...(refusal === undefined ? {} : { refusal }) })
      }
    }
    const embedding = (await kura.engines.embedder.info()).name
    const generation = (await held.generator?.info())?.name ?? ''
    return { observed, models: { embedding, generation } }
  })
}
