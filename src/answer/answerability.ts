/**
 * Whether what was found can hold the answer: small models answer from memory rather than refuse. Decided twice: from what was found, before a model is
 * asked, and again together with how near the model was to writing "not found". In: evidence and calibrations. Out: yes or no.
 * A model that was not calibrated is not second-guessed: its questions pass, and are refused only where it says so itself.
 */
import type { EvidenceCalibration, VerdictCalibration } from './calibration.ts'
import type { Evidence, EvidenceFeatures } from './evidence.ts'

const logit = (probability: number): number => {
  // A certainty of 1 would outweigh everything else.
  const bounded = Math.min(Math.max(probability, 0.002), 0.998)
  return Math.log(bounded / (1 - bounded))
}

/** Log-odds that the question is answerable by what was found; undefined where the embedding model has no calibration. */
export const evidenceLogit = (
  { languageClass, features }: Evidence,
  calibration: Pick<EvidenceCalibration, 'classes'> | undefined,
): number | undefined => {
  const weights = calibration?.classes[languageClass]?.weights
  if (weights === undefined) return undefined
  const names = Object.keys(features) as (keyof EvidenceFeatures)[]
  return names.reduce((sum, name) => sum + weights[name] * features[name], weights.bias)
}

export const isAnswerable = (evidence: Evidence, calibration: EvidenceCalibration | undefined): boolean => {
  const found = evidenceLogit(evidence, calibration)
  return calibration === undefined || found === undefined || found >= logit(calibration.threshold)
}

interface VerdictWeights {
  readonly bias: number
  readonly evidence: number
  readonly refusal: number
}

/** Log-odds with the model's verdict. @param refusal how likely the model was to begin with "not found", 0 to 1 */
export const verdictLogit = (found: number, refusal: number, weights: VerdictWeights): number =>
  weights.bias + weights.evidence * found + weights.refusal * logit(refusal)

/**
 * Log-odds that quotes need: where no model reads the sources, what was found decides alone; what a model wrote and code refuted speaks against them, and
 * against a model that says "not found" they stand only where next to no unanswerable question has been found so near (in the curves 0.97 of them lie below).
 * What the question itself names and the sources do not say (`refuted`) speaks louder than what a model made up (`misread`): questions that people wrote to
 * look answerable are mostly drafted so (docs/quality.md).
 */
const quotable = { unread: 0, misread: 2, refuted: 3, refused: 3.5 }

/** @param reading what became of a model's reading of the sources */
export const isAnswerableByQuotes = (found: number | undefined, reading: keyof typeof quotable): boolean =>
  found === undefined ? reading !== 'refused' : found >= quotable[reading]

/** @param found of `evidenceLogit` */
export const isRefused = (
  evidence: Evidence | undefined,
  found: number | undefined,
  refusal: number | undefined,
  calibration: VerdictCalibration | undefined,
): boolean => {
  const fitted = evidence && calibration?.classes[evidence.languageClass]
  if (fitted === undefined || found === undefined || refusal === undefined) return false
  return verdictLogit(found, refusal, fitted.weights) < logit(fitted.threshold)
}
