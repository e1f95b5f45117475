/**
 * Stands between a draft and the reader: a drafted sentence leaves only when code has found it supported. In: the sentence and the
 * passages it may rest on. Out: a statement with verbatim citations, or the reason why it is dropped and what was missed.
 *
 * One sentence or table row of one passage must hold the statement (judge-support.ts); a statement of two parts may rest on two, one for each part.
 * Across languages, where words can not be compared, its meaning must be close to the cited sentence (closest-meaning.ts). Closeness of
 * meaning alone is no support: unrelated sentences of one manual are close as well. So check-across.ts has the statement translated, and asks here once more.
 */
import type { Citation, Passage, Statement } from '../core/answer.ts'
import { detectLanguage } from '../core/detect-language.ts'
import type { Embedder } from '../core/models.ts'
import { familyOf } from '../retrieval/language-bias.ts'
import { citationOf } from './cite.ts'
import { isBareCondition } from './clauses.ts'
import { closestMeaning } from './closest-meaning.ts'
import { contentWords } from './content-words.ts'
import { figuresOf } from './figures.ts'
import { type Failure, type Judgement, judgeSupport } from './judge-support.ts'
import { rewriteNumbers } from './number-words.ts'
import { namesOrder } from './order.ts'
import { type Ground, groundsOf } from './passage-grounds.ts'

export type CheckedStatement =
  | { readonly supported: true; readonly statement: Statement }
  | ({ readonly supported: false } & Failure)

/** How far a statement got: what fails last says most about the sentence that was meant. */
const progress: Readonly<Record<Failure['reason'], number>> = {
  empty: 0,
  figures: 1,
  meaning: 2,
  subject: 3,
  comparison: 4,
  negation: 5,
}
/** A failure counts as that of the sentence that was meant when its sentence holds this share of the statement's words. */
const minMeant = 0.5

/** "No, it must not be opened": the word that answers is in no source, and what follows says it as well. */
const answerWord = /^\s*(?:yes|no|是的|不是|不可以|不可|不行|不能|可以|はい|いいえ)\s*[,，、。]\s*(?=\S)/iu
const withoutAnswerWord = (text: string): string => {
  const bare = text.replace(answerWord, '')
  return bare === text ? text : bare.replace(/^[a-z]/, (first) => first.toUpperCase())
}

/** Where a statement may fall into two. */
const joints = /[;；。]|[,，、]\s*|\s(?:and|but)\s|(?:並且|并且|以及|而且|同時|同时|および|及び|また)/gu

interface Found {
  readonly citations: readonly Citation[]
  readonly coverage: number
}

const judgeAll = (text: string, passages: readonly Passage[]): { ground: Ground; judgement: Judgement }[] =>
  passages.flatMap((passage) =>
    groundsOf(passage, passages).map((ground) => ({ ground, judgement: judgeSupport(text, ground) })),
  )

const bestOf = (judged: ReturnType<typeof judgeAll>) => {
  let best: { ground: Ground; coverage: number } | undefined
  for (const { ground, judgement } of judged) {
    if (judgement.supported && judgement.coverage > (best?.coverage ?? -1))
      best = { ground, coverage: judgement.coverage }
  }
  return best
}

const citationsOf = ({ passage, segments }: Ground): Citation[] =>
  segments.map((segment) => citationOf(passage, segment))

/** Two sentences of one passage, each of which holds a part; the second is about nothing that the statement does not name. */
const supportOfTwo = (text: string, passages: readonly Passage[]): Found | undefined => {
  if (namesOrder(rewriteNumbers(text))) return undefined
  for (const joint of text.matchAll(joints)) {
    const parts = [text.slice(0, joint.index), text.slice(joint.index + joint[0].length)]
    const isThin = (words: number, figures: number) => words === 0 || words + figures < 2
    if (parts.some((part) => isThin(contentWords(part).length, figuresOf(part).measures.length))) continue
    // What follows from a condition must be said where the condition stands.
    if (isBareCondition(parts[0] ?? '')) continue
    for (const passage of passages) {
      const found = parts.map((part) =>
        bestOf(groundsOf(passage, passages).map((ground) => ({ ground, judgement: judgeSupport(part, ground, text) }))),
      )
      const [first, second] = found
      // What one sentence holds in both its parts it must hold as a whole.
      if (!first || !second || first.ground.segments.at(-1) === second.ground.segments.at(-1)) continue
      const citations = [...citationsOf(first.ground), ...citationsOf(second.ground)]
      const unique = [...new Map(citations.map((each) => [`${each.page} ${each.quote}`, each])).values()]
      return { citations: unique, coverage: Math.min(first.coverage, second.coverage) }
    }
  }
  return undefined
}

const failureOf = (judged: ReturnType<typeof judgeAll>): Failure => {
  const failures = judged.flatMap(({ judgement }) => (judgement.supported ? [] : [judgement]))
  const meant = failures.filter(({ coverage }) => coverage >= minMeant)
  const [worst] = [...(meant.length > 0 ? meant : failures)].sort(
    (a, b) =>
      progress[b.failure.reason] - progress[a.failure.reason] || a.failure.missing.length - b.failure.missing.length,
  )
  return worst?.failure ?? { reason: 'meaning', missing: [] }
}

/**
 * Citations are made here, never by the model: the sentence is cited from the passage that supports it best.
 * @param passages what the model has read, best first
 * @returns where not supported, `reason` and `missing`: what failed (figures, words, or the words that are opposed), for writing it again
 */
export const checkStatement = async (
  text: string,
  passages: readonly Passage[],
  deps: { readonly embedder: Embedder; readonly signal?: AbortSignal | undefined },
): Promise<CheckedStatement> => {
  const claim = withoutAnswerWord(text)
  const { measures, codes } = figuresOf(claim)
  if (contentWords(claim).length === 0 && measures.length + codes.length === 0)
    return { supported: false, reason: 'empty', missing: [] }
  const supported = (citations: readonly Citation[]): CheckedStatement => ({
    supported: true,
    statement: { text: claim, citations: [...citations].sort((a, b) => a.page - b.page) },
  })
  const judged = judgeAll(claim, passages)
  const best = bestOf(judged)
  if (best) return supported(citationsOf(best.ground))
  const two = supportOfTwo(claim, passages)
  if (two) return supported(two.citations)
  const language = familyOf(detectLanguage(claim))
  const foreign = passages.filter((passage) => familyOf(passage.language) !== language)
  const closest = await closestMeaning(claim, foreign, passages, deps)
  if (closest.supported) return supported(citationsOf(closest.ground))
  const failure = foreign.length === passages.length && closest.failure ? closest.failure : failureOf(judged)
  return { supported: false, ...failure }
}
