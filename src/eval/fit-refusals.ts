/**
 * Fits when a question is refused: from the lanes alone, and from the lanes with the generation model's verdict. In: questions whose answerability is known.
 * Out: calibrations as `src/answer` reads them. Their curves are of questions held out of the fit (five folds).
 */
import { evidenceLogit, verdictLogit } from '../answer/answerability.ts'
import type { EvidenceCalibration, VerdictCalibration } from '../answer/calibration.ts'
import { type Evidence, type LanguageClass, languageClasses } from '../answer/evidence.ts'
import { type Example, fitLogistic, logitOf, sigmoid } from './fit-logistic.ts'

export interface Observed {
  /** Name of the question set. */
  readonly set: string
  readonly answerable: boolean
  readonly evidence: Evidence
  /** How likely the generation model was to begin with "not found", 0 to 1. */
  readonly refusal?: number
}

const folds = 5
const ridge = 1
/** Answerable questions that may be refused before a model is asked. */
const lostBeforeModel = 0.02
/** Answerable ones that the verdict is to keep; of the thresholds that do, the one that tells the two kinds apart best is taken. */
const keptByVerdict = 0.8

const labelOf = ({ answerable }: Observed): 0 | 1 => (answerable ? 1 : 0)
const featuresOf = ({ evidence }: Observed): number[] => Object.values(evidence.features)

/** Both labels count alike, however many there are of each. */
const weighed = (observed: readonly Observed[], features: (each: Observed) => number[]): Example[] => {
  const answerable = observed.filter((each) => each.answerable).length
  const shares = { 1: observed.length / (2 * answerable), 0: observed.length / (2 * (observed.length - answerable)) }
  return observed.map((each) => ({ features: features(each), label: labelOf(each), weight: shares[labelOf(each)] }))
}

/** A logit for each example, from a model that was fitted without its fold. */
const heldOut = (observed: readonly Observed[], features: (each: Observed) => number[]): number[] => {
  const models = Array.from({ length: folds }, (_, fold) =>
    fitLogistic(
      weighed(
        observed.filter((__, i) => i % folds !== fold),
        features,
      ),
      ridge,
    ),
  )
  return observed.map((each, i) => logitOf(models[i % folds] ?? { bias: 0, weights: [] }, features(each)))
}

const thresholds = [0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9]
const round = (value: number): number => Number(value.toFixed(4))

const curveOf = (observed: readonly Observed[], logits: readonly number[]) => {
  const share = (label: boolean, test: (p: number) => boolean) => {
    const own = observed.flatMap((each, i) => (each.answerable === label ? [sigmoid(logits[i] ?? 0)] : []))
    return own.length === 0 ? 0 : round(own.filter(test).length / own.length)
  }
  return thresholds.map((threshold) => ({
    threshold,
    unanswerableRefused: share(false, (p) => p < threshold),
    answerableKept: share(true, (p) => p >= threshold),
  }))
}

const countSets = (observed: readonly Observed[]): EvidenceCalibration['sets'] =>
  Object.fromEntries(
    [...new Set(observed.map(({ set }) => set))].map((set) => {
      const own = observed.filter((each) => each.set === set)
      const answerable = own.filter((each) => each.answerable).length
      return [set, { answerable, unanswerable: own.length - answerable }]
    }),
  )

/** Of the classes in which there are both answerable and unanswerable questions. */
export const fitEvidence = (observed: readonly Observed[], model: string, date: string): EvidenceCalibration => {
  const classes: Partial<EvidenceCalibration['classes']> = {}
  let threshold = 1
  for (const languageClass of languageClasses) {
    const own = observed.filter(({ evidence }) => evidence.languageClass === languageClass)
    if (new Set(own.map(labelOf)).size < 2) continue
    const { bias, weights } = fitLogistic(weighed(own, featuresOf), ridge)
    const names = Object.keys(own[0]?.evidence.features ?? {})
    const named = Object.fromEntries(names.map((name, i) => [name, round(weights[i] ?? 0)]))
    const curve = curveOf(own, heldOut(own, featuresOf))
    classes[languageClass] = { weights: { bias: round(bias), ...named } as never, curve }
    const kept = curve.filter(({ answerableKept }) => answerableKept >= 1 - lostBeforeModel)
    threshold = Math.min(threshold, kept.at(-1)?.threshold ?? thresholds[0] ?? 0)
  }
  return { model, date, sets: countSets(observed), threshold, classes: classes as Record<LanguageClass, never> }
}

export const fitVerdict = (
  observed: readonly Observed[],
  evidence: EvidenceCalibration,
  model: string,
  date: string,
): VerdictCalibration => {
  const usable = observed.filter(({ refusal }) => refusal !== undefined)
  const features = (each: Observed): number[] => [
    evidenceLogit(each.evidence, evidence) ?? 0,
    verdictLogit(0, each.refusal ?? 0, { bias: 0, evidence: 0, refusal: 1 }),
  ]
  const classes: VerdictCalibration['classes'] = {}
  for (const languageClass of languageClasses) {
    const own = usable.filter((each) => each.evidence.languageClass === languageClass)
    if (new Set(own.map(labelOf)).size < 2) continue
    const { bias, weights } = fitLogistic(weighed(own, features), ridge)
    const curve = curveOf(own, heldOut(own, features))
    const [best] = curve
      .filter(({ answerableKept }) => answerableKept >= keptByVerdict)
      .toSorted((a, b) => b.unanswerableRefused + b.answerableKept - (a.unanswerableRefused + a.answerableKept))
    const threshold = best?.threshold ?? 0.5
    const named = { bias: round(bias), evidence: round(weights[0] ?? 0), refusal: round(weights[1] ?? 0) }
    classes[languageClass] = { threshold, weights: named, curve }
  }
  return { model, date, sets: countSets(usable), classes }
}
