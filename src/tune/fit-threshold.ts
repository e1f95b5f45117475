/**
 * Fits where refusing begins to a customer's own documents: for each language class one shift of the calibration's log-odds. In: evidence of answerable and
 * unanswerable questions. Out: the calibration with shifted biases; the same where nothing is clearly better. The weights stay as they were fitted on people's
 * questions: generated ones are easier, so the shift is bounded, and pulled to 0. Neighbours: src/answer/answerability.ts decides with it.
 */
import { isAnswerable } from '../answer/answerability.ts'
import type { EvidenceCalibration } from '../answer/calibration.ts'
import type { LanguageClass } from '../answer/evidence.ts'
import { balanceOf, type Refusal, refusalFigures } from './figures.ts'
import type { JudgedQuestion } from './find-evidence.ts'

/** In log-odds. */
const maxShift = 0.75
const shiftStep = 0.05
/** Of the balance, for each unit of log-odds. */
const shiftPull = 0.02
const minGain = 0.01
/** Of each kind, for a class to be shifted. */
const minQuestions = 12
/** An answer that is withheld is worse than one more look at a question without. */
const keptWeight = 2

export const refusalOf = (judged: JudgedQuestion, calibration: EvidenceCalibration): Refusal => ({
  answerable: judged.answerable,
  refused: judged.isNearMiss || judged.evidence === undefined || !isAnswerable(judged.evidence, calibration),
})

const shifted = (calibration: EvidenceCalibration, name: LanguageClass, shift: number): EvidenceCalibration => {
  const found = calibration.classes[name]
  if (!found) return calibration
  const weights = { ...found.weights, bias: found.weights.bias + shift }
  return { ...calibration, classes: { ...calibration.classes, [name]: { ...found, weights } } }
}

const scoreOf = (judged: readonly JudgedQuestion[], calibration: EvidenceCalibration): number => {
  const figures = refusalFigures(judged.map((each) => refusalOf(each, calibration)))
  return ((keptWeight - 1) * figures.kept) / Math.max(1, figures.answerable) + 2 * balanceOf(figures)
}

export const fitThreshold = (
  judged: readonly JudgedQuestion[],
  calibration: EvidenceCalibration,
): EvidenceCalibration =>
  [...new Set(judged.flatMap(({ evidence }) => evidence?.languageClass ?? []))].reduce((fitted, name) => {
    const own = judged.filter(({ evidence, isNearMiss }) => evidence?.languageClass === name && !isNearMiss)
    const answerable = own.filter((each) => each.answerable).length
    if (answerable < minQuestions || own.length - answerable < minQuestions) return fitted
    let best = { shift: 0, score: scoreOf(own, calibration) + minGain }
    for (let shift = -maxShift; shift <= maxShift + shiftStep / 2; shift += shiftStep) {
      const score = scoreOf(own, shifted(calibration, name, shift)) - shiftPull * Math.abs(shift)
      if (score > best.score) best = { shift, score }
    }
    return best.shift === 0 ? fitted : shifted(fitted, name, Number(best.shift.toFixed(2)))
  }, calibration)
