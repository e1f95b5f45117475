/**
 * Checks the sentences of a draft, one by one. In: sentences as they are read from a model. Out: for each the statement that it makes, or why it is dropped.
 * Neighbours: write-statements.ts; check-across.ts and check-statement.ts judge what a sentence rests on, near-miss.ts and relevance.ts what it is about.
 */
import type { Passage, Statement } from '../core/answer.ts'
import { toScriptOf } from '../core/chinese-script.ts'
import { detectLanguage } from '../core/detect-language.ts'
import type { Language } from '../core/document.ts'
import { familyOf } from '../retrieval/language-bias.ts'
import { type CheckDeps, checkAcross, isWrittenAcross } from './check-across.ts'
import { contentWords, holdsExactly, wordGround } from './content-words.ts'
import { figuresOf } from './figures.ts'
import type { Failure } from './judge-support.ts'
import { speaksOfAnother } from './near-miss.ts'
import type { QuestionKind } from './question-kind.ts'
import { isRelevant } from './relevance.ts'

/** The question that a draft answers. */
export interface DraftedQuestion {
  readonly question: string
  /** In the words of the documents' language: the question itself, or a translation. */
  readonly query: string
  readonly kind: QuestionKind
  /** Of the answer. */
  readonly language: Language
}

interface DraftToCheck extends DraftedQuestion {
  /** What the model has read. */
  readonly passages: readonly Passage[]
  /** Sentences that were read already; those that are read now are added. */
  readonly written: Set<string>
}

export interface FailedSentence extends Omit<Failure, 'reason'> {
  readonly text: string
  readonly reason: Failure['reason'] | 'language' | 'relevance'
}

export type CheckedSentence = { readonly statement: Statement } | FailedSentence

/** Longer ones are no sentences: tables, lists without an end, one word for ever. Checking them would cost minutes. */
const maxSentenceCharacters = 1_000

/** Within a language each sentence is checked while the next is being written; across languages the whole draft, when it is written. */
export async function* checkDraft(
  sentences: AsyncIterable<string>,
  draft: DraftToCheck,
  deps: CheckDeps,
): AsyncGenerator<CheckedSentence> {
  if (isWrittenAcross(draft.language, draft.passages)) {
    yield* withoutFragments(await collect(checkSentences(await collect(sentences), draft, deps)))
  } else yield* checkSentences(sentences, draft, deps)
}

/** Each as it is read; what says nothing is left out. */
async function* checkSentences(
  sentences: Iterable<string> | AsyncIterable<string>,
  draft: DraftToCheck,
  deps: CheckDeps,
): AsyncGenerator<CheckedSentence> {
  for await (const sentence of sentences) {
    const claim = toScriptOf(draft.language, sentence)
    // A small model that begins to loop does not stop by itself.
    if (draft.written.has(claim)) return
    draft.written.add(claim)
    const checked = await checkSentence(claim, draft, deps)
    if ('statement' in checked || checked.reason !== 'empty') yield checked
  }
}

/** To check a sentence across languages takes the model, which is not to wait for itself. */
const collect = async <T>(items: AsyncIterable<T>): Promise<readonly T[]> => {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

/**
 * Of a draft across languages that mostly fails, what holds is a step to nowhere ("Open the settings."): nothing of it is told. Within a language
 * sentences are told while others are still being written.
 */
const withoutFragments = (checked: readonly CheckedSentence[]): readonly CheckedSentence[] => {
  const held = checked.filter((each) => 'statement' in each)
  return held.length * 2 >= checked.length ? checked : checked.filter((each) => !('statement' in each))
}

const checkSentence = async (
  claim: string,
  { question, query, kind, language, passages }: DraftToCheck,
  deps: CheckDeps,
): Promise<CheckedSentence> => {
  if (claim.length > maxSentenceCharacters)
    return { text: claim.slice(0, maxSentenceCharacters), reason: 'meaning', missing: [] }
  if (isInAnotherLanguage(claim, language)) return { text: claim, reason: 'language', missing: [] }
  const checked = await checkAcross(claim, passages, deps)
  if (!checked.supported) return { text: claim, reason: checked.reason, missing: checked.missing }
  if (speaksOfAnother(question, checked.statement, passages)) return { text: claim, reason: 'subject', missing: [] }
  if (!isRelevant(query, kind, checked.statement, passages)) return { text: claim, reason: 'relevance', missing: [] }
  return { statement: checked.statement }
}

/** Names and codes stay as they are in any language; a whole sentence of Latin letters is no Japanese. */
const minLettersOfSentence = 20
const isInAnotherLanguage = (text: string, wanted: Language): boolean => {
  const hasEastern = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)
  if (familyOf(wanted) === 'en') return hasEastern && familyOf(detectLanguage(text)) !== 'en'
  return !hasEastern && text.replace(/[^A-Za-z]/g, '').length >= minLettersOfSentence
}

/** Whether what the sources do not say is of the model's making: a figure or a word that the question does not name, or its language. */
export const isOwnFault = ({ reason, missing }: FailedSentence, question: string): boolean => {
  if (reason === 'language') return true
  if (missing.length === 0 || (reason !== 'figures' && reason !== 'subject')) return false
  const { measures, codes } = figuresOf(question)
  const asked = [...measures, ...codes].map(({ value }) => value)
  const named = wordGround(question)
  const isAsked = (each: string) =>
    reason === 'figures'
      ? asked.some((value) => each === value || each.startsWith(`${value} `))
      : contentWords(each).some((word) => holdsExactly(word, named))
  return !missing.some(isAsked)
}

/** For the model, to write it better. */
export const describeFailure = ({ text, reason, missing }: FailedSentence): string => {
  const named = missing.slice(0, 4).join(', ')
  const why: Readonly<Record<FailedSentence['reason'], string>> = {
    figures: `not in the sources: ${named}`,
    negation: 'the sources say the opposite, or do not say whether it is allowed',
    comparison: 'limits or order differ from the sources',
    subject:
      named === '' ? 'the sources say it of something else' : `the sources say it of something else, not of ${named}`,
    meaning: 'the sources do not say it',
    language: 'it is in the wrong language',
    relevance: 'it does not answer the question',
    empty: 'it says nothing',
  }
  return `- "${text}" (${why[reason]})`
}
