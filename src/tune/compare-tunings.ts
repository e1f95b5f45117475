/**
 * The tuned against the untuned system on the held-out part, and the verdict. In: held-out cases, a way to search with either, evidence of either. Out: figures
 * before and after, and whether it has won: more than chance in all, and no language class worse. Neighbour: fit-tuning.ts acts on it.
 */
import type { EvidenceCalibration } from '../answer/calibration.ts'
import type { LanguageClass } from '../answer/evidence.ts'
import type { CollectionId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import type { Retriever } from '../retrieval/retriever.ts'
import type { BeforeAfter, RefusalFigures, RetrievalFigures, TuningReport } from '../store/tuning-records.ts'
import { holdsAnswer } from './check-question.ts'
import { balanceOf, pairedDifference, reciprocalOf, refusalFigures, retrievalFigures } from './figures.ts'
import type { JudgedQuestion } from './find-evidence.ts'
import { refusalOf } from './fit-threshold.ts'
import { giveWay } from './give-way.ts'
import type { TuningCase } from './split-cases.ts'

const passagesLooked = 10

export interface SearchScope {
  readonly principal: Principal
  readonly collectionIds: readonly CollectionId[]
  readonly signal: AbortSignal
}

/** Of each case the place of the first passage that holds its answer, from 0; -1 where none of ten does. @throws AbortError, index_failed */
export const ranksOf = async (
  cases: readonly TuningCase[],
  retriever: Pick<Retriever, 'search'>,
  { principal, collectionIds, signal }: SearchScope,
): Promise<number[]> => {
  const ranks: number[] = []
  for (const { question } of cases) {
    await giveWay(signal)
    const request = { query: question.question, collectionIds, limit: passagesLooked, signal }
    const { passages } = await retriever.search(principal, request)
    ranks.push(passages.findIndex(({ text }) => holdsAnswer(text, question.answer)))
  }
  return ranks
}

const byClass = <Figures>(
  names: readonly LanguageClass[],
  figuresOf: (isIn: (i: number) => boolean) => BeforeAfter<Figures>,
): Record<string, BeforeAfter<Figures>> =>
  Object.fromEntries([...new Set(names)].sort().map((name) => [name, figuresOf((i) => names[i] === name)]))

type RankingVerdict = Pick<TuningReport['ranking'], 'outcome' | 'figures' | 'difference' | 'classes'>

const isRankingWorse = ({ before, after }: BeforeAfter<RetrievalFigures>): boolean =>
  after.mrr10 < before.mrr10 || after.hit5 < before.hit5

export const compareRanks = (
  cases: readonly TuningCase[],
  ranks: BeforeAfter<readonly number[]>,
  seed: number,
): RankingVerdict => {
  const figuresOf = (isIn: (i: number) => boolean): BeforeAfter<RetrievalFigures> => ({
    before: retrievalFigures(ranks.before.filter((_, i) => isIn(i))),
    after: retrievalFigures(ranks.after.filter((_, i) => isIn(i))),
  })
  const pairs = cases.map(({ question }, i) => ({
    cluster: question.passageId,
    before: reciprocalOf(ranks.before[i] ?? -1),
    after: reciprocalOf(ranks.after[i] ?? -1),
  }))
  const difference = pairedDifference(pairs, seed)
  const classes = byClass(
    cases.map(({ languageClass }) => languageClass),
    figuresOf,
  )
  const outcome =
    difference.low <= 0 ? 'not_better' : Object.values(classes).some(isRankingWorse) ? 'worse_in_class' : 'won'
  return { outcome, figures: figuresOf(() => true), difference, classes }
}

type RefusalVerdict = TuningReport['refusal']

/** Two questions in a hundred more that are withheld or let through wrongly are chance. */
const balanceNoise = 0.02

export const isRefusalHarmed = ({ before, after }: BeforeAfter<RefusalFigures>): boolean =>
  balanceOf(after) < balanceOf(before) - balanceNoise

/** @param judged the same questions, in the same order, by evidence of the untuned and of the tuned ranking */
export const compareRefusals = (
  judged: BeforeAfter<readonly JudgedQuestion[]>,
  calibrations: BeforeAfter<EvidenceCalibration>,
  seed: number,
): RefusalVerdict => {
  const decided = {
    before: judged.before.map((each) => refusalOf(each, calibrations.before)),
    after: judged.after.map((each) => refusalOf(each, calibrations.after)),
  }
  const figuresOf = (isIn: (i: number) => boolean): BeforeAfter<RefusalFigures> => ({
    before: refusalFigures(decided.before.filter((_, i) => isIn(i))),
    after: refusalFigures(decided.after.filter((_, i) => isIn(i))),
  })
  const all = figuresOf(() => true)
  // Each right decision counts so that both kinds weigh the same.
  const { answerable, unanswerable } = all.before
  const weightOf = (isAnswerable: boolean) =>
    judged.before.length / (2 * Math.max(1, isAnswerable ? answerable : unanswerable))
  const worthOf = (each: { answerable: boolean; refused: boolean } | undefined): number =>
    each && each.answerable !== each.refused ? weightOf(each.answerable) : 0
  const difference = pairedDifference(
    judged.before.map(({ cluster }, i) => ({
      cluster,
      before: worthOf(decided.before[i]),
      after: worthOf(decided.after[i]),
    })),
    seed,
  )
  const classes = byClass(
    judged.before.map(({ languageClass }) => languageClass),
    figuresOf,
  )
  const isWorse = (each: BeforeAfter<RefusalFigures>) => balanceOf(each.after) < balanceOf(each.before)
  const outcome = difference.low <= 0 ? 'not_better' : Object.values(classes).some(isWorse) ? 'worse_in_class' : 'won'
  return { outcome, figures: all, difference, classes }
}
