/**
 * From questions with their candidates to what is worth applying: split, fit, compare on the held-out part, keep only what has won. In: cases. Out: the parts
 * and the report of before and after. Ranking (parameters and adapter) and refusing (threshold) are judged each by itself; a ranking that makes refusals worse
 * has not won. Neighbours: tuning-desk.ts runs it as a job.
 */
import type { EvidenceCalibration } from '../answer/calibration.ts'
import type { Embedder } from '../core/models.ts'
import { defaultRankingParameters, type RankingParameters } from '../retrieval/ranking-parameters.ts'
import type { Retriever, RetrieverDeps } from '../retrieval/retriever.ts'
import type { BeforeAfter, TuningReport } from '../store/tuning-records.ts'
import { compareRanks, compareRefusals, isRefusalHarmed, ranksOf, type SearchScope } from './compare-tunings.ts'
import { pairedDifference } from './figures.ts'
import { findEvidence, type JudgedQuestion } from './find-evidence.ts'
import { fitAdapter } from './fit-adapter.ts'
import { adaptedFeatures, fitRanking, reciprocalRank } from './fit-ranking.ts'
import { fitThreshold } from './fit-threshold.ts'
import { giveWay } from './give-way.ts'
import { adaptVector, type QueryAdapter } from './query-adapter.ts'
import { type SplitCases, splitCases, type TuningCase } from './split-cases.ts'
import type { TunedParts } from './tuned-parts.ts'

/** With fewer questions nothing can be told from chance. */
const minFit = 20
const minHeldOut = 12

export interface FittingDeps extends SearchScope {
  readonly embedder: Embedder
  /** The untuned calibration of the embedding model; undefined where it has none. */
  readonly calibration: EvidenceCalibration | undefined
  /** Searches as questions would be, with these parameters. */
  readonly createRetriever: (
    tuned: Required<Pick<RetrieverDeps, 'parameters' | 'adaptQuery'>>,
  ) => Pick<Retriever, 'search'>
  readonly seed: number
  readonly onStage: (stage: 'fitting' | 'comparing', done: number, total: number) => Promise<void>
}

export interface FittedTuning {
  /** undefined where nothing has won. */
  readonly parts: TunedParts | undefined
  readonly split: SplitCases
  readonly ranking: TuningReport['ranking']
  readonly refusal: TuningReport['refusal']
}

interface FittedRanking {
  readonly parameters: RankingParameters
  readonly adapter: QueryAdapter | undefined
}

const untuned: FittedRanking = { parameters: defaultRankingParameters, adapter: undefined }
const nothingCompared = { figures: null, difference: null, classes: {} } as const

const adaptOf = (adapter: QueryAdapter | undefined) =>
  adapter ? (vector: Float32Array) => adaptVector(adapter, vector) : (vector: Float32Array) => vector

const changedBy = ({ parameters }: FittedRanking): Record<string, BeforeAfter<number>> =>
  Object.fromEntries(
    (Object.keys(defaultRankingParameters) as (keyof RankingParameters)[])
      .filter((name) => parameters[name] !== defaultRankingParameters[name])
      .map((name) => [name, { before: defaultRankingParameters[name], after: parameters[name] }]),
  )

/** @throws what the engine and the index throw; AbortError */
export const fitTuning = async (cases: readonly TuningCase[], deps: FittingDeps): Promise<FittedTuning> => {
  const split = splitCases(cases, deps.seed)
  const { fit, heldOut } = split
  if (fit.length < minFit || heldOut.length < minHeldOut) {
    const outcome = 'too_few'
    return {
      parts: undefined,
      split,
      ranking: { outcome, changed: {}, adapter: false, ...nothingCompared },
      refusal: { outcome, ...nothingCompared },
    }
  }
  await deps.onStage('fitting', 0, 1)
  const fitted = await fitRankingOn(fit, deps)
  await deps.onStage('comparing', 0, 1)
  const ranking = await compareRanking(heldOut, fitted, deps)
  const tuned = ranking.outcome === 'won' ? fitted : untuned
  const { calibration, isHarmed, refusal } = await tuneRefusal(split, tuned, deps)
  const kept = isHarmed ? untuned : tuned
  const isWon = kept !== untuned || calibration !== undefined
  const parameters = kept === untuned ? undefined : kept.parameters
  return {
    parts: isWon ? { parameters, adapter: kept.adapter, calibration } : undefined,
    split,
    ranking: isHarmed ? { ...ranking, outcome: 'worse_in_class' } : ranking,
    refusal,
  }
}

/** Questions are few: now and then an adapter looks good by chance, and hides what the parameters would have to make good. So it must add to these. */
export const fitRankingOn = async (
  fit: readonly TuningCase[],
  { seed, signal }: Pick<FittingDeps, 'seed' | 'signal'>,
): Promise<FittedRanking> => {
  const fitWith = (cases: readonly TuningCase[], adapter: QueryAdapter | undefined) =>
    fitRanking(cases, { adapt: adaptOf(adapter), seed, signal })
  const learnt = await fitAdapter(fit, { seed, signal })
  if (!learnt) return { parameters: await fitWith(fit, undefined), adapter: undefined }
  const { trial } = learnt
  const ranksWith = async (adapter: QueryAdapter | undefined): Promise<number[]> => {
    const parameters = await fitWith(trial.fit, adapter)
    return trial.heldOut.map((each) =>
      reciprocalRank({ features: adaptedFeatures(each, adaptOf(adapter)), right: each.candidates.right }, parameters),
    )
  }
  const [before, after] = [await ranksWith(undefined), await ranksWith(trial.adapter)]
  const pairs = trial.heldOut.map(({ question }, i) => ({
    cluster: question.passageId,
    before: before[i] ?? 0,
    after: after[i] ?? 0,
  }))
  const adapter = pairedDifference(pairs, seed).low > 0 ? learnt.adapter : undefined
  return { parameters: await fitWith(fit, adapter), adapter }
}

const compareRanking = async (
  heldOut: readonly TuningCase[],
  fitted: FittedRanking,
  deps: FittingDeps,
): Promise<TuningReport['ranking']> => {
  const changed = changedBy(fitted)
  const what = { changed, adapter: fitted.adapter !== undefined }
  const searchWith = (ranking: FittedRanking) =>
    ranksOf(
      heldOut,
      deps.createRetriever({ parameters: () => ranking.parameters, adaptQuery: adaptOf(ranking.adapter) }),
      deps,
    )
  const before = await searchWith(untuned)
  const isUnchanged = Object.keys(changed).length === 0 && !what.adapter
  const after = isUnchanged ? before : await searchWith(fitted)
  const verdict = compareRanks(heldOut, { before, after }, deps.seed)
  return { ...verdict, ...what, ...(isUnchanged ? { outcome: 'unchanged' } : {}) }
}

interface TunedRefusal {
  /** undefined where the untuned one stays. */
  readonly calibration: EvidenceCalibration | undefined
  /** The ranking makes refusals worse, and no threshold makes up for it. */
  readonly isHarmed: boolean
  readonly refusal: TuningReport['refusal']
}

const tuneRefusal = async (split: SplitCases, tuned: FittedRanking, deps: FittingDeps): Promise<TunedRefusal> => {
  const { calibration: base, seed } = deps
  if (!base)
    return { calibration: undefined, isHarmed: false, refusal: { outcome: 'not_calibrated', ...nothingCompared } }
  const total = split.fit.length + split.heldOut.length * (tuned === untuned ? 1 : 2)
  let done = 0
  const judge = async (cases: readonly TuningCase[], ranking: FittedRanking): Promise<JudgedQuestion[]> => {
    const judged: JudgedQuestion[] = []
    const options = { ...deps, parameters: ranking.parameters, adapt: adaptOf(ranking.adapter) }
    for (const each of cases) {
      await giveWay(deps.signal)
      await deps.onStage('comparing', done, total)
      judged.push(...(await findEvidence(each, options)))
      done += 1
    }
    return judged
  }
  const fitted = fitThreshold(await judge(split.fit, tuned), base)
  const before = await judge(split.heldOut, untuned)
  const after = tuned === untuned ? before : await judge(split.heldOut, tuned)
  // Which questions have an unanswerable twin depends on the candidates, and these are the same for both.
  const judged = { before, after }
  const refusal = compareRefusals(judged, { before: base, after: fitted }, seed)
  if (refusal.outcome === 'won') return { calibration: fitted, isHarmed: false, refusal }
  const asIs = compareRefusals(judged, { before: base, after: base }, seed)
  const isHarmed = tuned !== untuned && asIs.figures !== null && isRefusalHarmed(asIs.figures)
  return { calibration: undefined, isHarmed, refusal: fitted === base ? { ...refusal, outcome: 'unchanged' } : refusal }
}
