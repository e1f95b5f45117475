import { describe, expect, it } from 'vitest'
import type { EvidenceCalibration } from '../../src/answer/calibration.ts'
import { seededRandom } from '../../src/core/seeded-random.ts'
import { rankCandidates } from '../../src/retrieval/rank-candidates.ts'
import { defaultRankingParameters } from '../../src/retrieval/ranking-parameters.ts'
import { pairedDifference, reciprocalOf, retrievalFigures } from '../../src/tune/figures.ts'
import { type JudgedQuestion, withAnotherCode } from '../../src/tune/find-evidence.ts'
import { fitAdapter, type LearntAdapter } from '../../src/tune/fit-adapter.ts'
import { adaptedFeatures, fitRanking } from '../../src/tune/fit-ranking.ts'
import { fitThreshold, refusalOf } from '../../src/tune/fit-threshold.ts'
import { fitRankingOn } from '../../src/tune/fit-tuning.ts'
import { adaptVector, type QueryAdapter } from '../../src/tune/query-adapter.ts'
import { splitCases, type TuningCase } from '../../src/tune/split-cases.ts'
import { parseStoredParts, toStoredParts } from '../../src/tune/tuned-parts.ts'
import { cosineOf, makeCases, randomUnit } from './tuning-cases.ts'

const signal = new AbortController().signal
const options = { seed: 7, signal }
const asIs = (vector: Float32Array): Float32Array => vector

const meanRank = (
  cases: readonly TuningCase[],
  adapt: (vector: Float32Array) => Float32Array,
  parameters = defaultRankingParameters,
): number =>
  cases.reduce((sum, each) => {
    const { ranked } = rankCandidates(adaptedFeatures(each, adapt), parameters)
    return sum + reciprocalOf(ranked.findIndex(({ features }) => each.candidates.right.has(features.id)))
  }, 0) / cases.length

/** Questions point away from their passages along one direction: something that a map of low rank can put right. */
const bent = (right: Float32Array, random: () => number): Float32Array => {
  const along = Float32Array.from(right, (_, i) => (i === 0 ? 9 : i === 1 ? -9 : 0))
  return right.map((value, i) => value + (along[i] ?? 0) * ((right[2] ?? 0) + (right[3] ?? 0) + 0.3) + 0.05 * random())
}
const noise = (_right: Float32Array, random: () => number): Float32Array => randomUnit(random)

describe('the adapter', () => {
  it('learns a direction that questions are off by, and helps on questions that it has not seen', async () => {
    const learnt = await fitAdapter(makeCases(80, bent), options)
    expect(learnt).toBeDefined()
    const { adapter } = learnt as LearntAdapter
    const unseen = makeCases(60, bent, { right: 0, others: 0 }, 99)
    const before = meanRank(unseen, asIs)
    const after = meanRank(unseen, (vector) => adaptVector(adapter, vector))
    expect(after).toBeGreaterThan(before + 0.05)
  })

  it('is left out where the questions have nothing to do with their passages, and where they are right already', async () => {
    let kept = 0
    for (const seed of [1, 2, 3, 4]) {
      const cases = makeCases(60, noise, { right: 0, others: 0 }, seed)
      if (await fitAdapter(cases, { seed, signal })) kept += 1
    }
    // One time in twenty chance looks like more; what is held out tells then.
    expect(kept).toBeLessThanOrEqual(1)
    expect(
      await fitAdapter(
        makeCases(60, (right) => right),
        options,
      ),
    ).toBeUndefined()
  })

  it('gives the same for the same seed', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => fitAdapter(makeCases(60, bent), options)))
    expect(one).toEqual(two)
  })

  it('keeps length and norm, changes nothing while it moves along no direction, and passes other lengths by', () => {
    const random = seededRandom(3)
    const of = (scale: number): QueryAdapter => ({
      dimensions: 32,
      rank: 2,
      inward: Float32Array.from({ length: 64 }, () => random() - 0.5),
      outward: Float32Array.from({ length: 64 }, () => scale * (random() - 0.5)),
    })
    const vector = randomUnit(random)
    const moved = adaptVector(of(2), vector)
    expect(moved).toHaveLength(32)
    expect(Math.hypot(...moved)).toBeCloseTo(1, 5)
    expect(cosineOf(moved, vector)).toBeLessThan(0.999)
    expect(cosineOf(adaptVector(of(0), vector), vector)).toBeCloseTo(1, 6)
    const short = new Float32Array([1, 0])
    expect(adaptVector(of(2), short)).toBe(short)
  })
})

describe('an adapter and the parameters', () => {
  it('go together only where the adapter adds to what they give: by chance it would hide what is to be fitted', async () => {
    let learnt = 0
    for (let seed = 1; seed <= 60 && learnt < 2; seed += 1) {
      const cases = makeCases(60, noise, { right: 3, others: 1 }, seed)
      if (!(await fitAdapter(cases, { seed, signal }))) continue
      learnt += 1
      const { adapter, parameters } = await fitRankingOn(cases, { seed, signal })
      expect(adapter).toBeUndefined()
      expect(parameters.vectorWeight).toBeLessThan(defaultRankingParameters.vectorWeight)
    }
    expect(learnt).toBe(2)
    const bentCases = makeCases(80, bent)
    expect((await fitRankingOn(bentCases, options)).adapter).toBeDefined()
  })
})

describe('the parameters', () => {
  it('follow the lane that is right on these documents', async () => {
    const cases = makeCases(60, noise, { right: 3, others: 1 })
    const parameters = await fitRanking(cases, { ...options, adapt: asIs })
    expect(parameters.vectorWeight).toBeLessThan(defaultRankingParameters.vectorWeight)
    const unseen = makeCases(60, noise, { right: 3, others: 1 }, 99)
    expect(meanRank(unseen, asIs, parameters)).toBeGreaterThan(meanRank(unseen, asIs) + 0.2)
  })

  it('stay the defaults where these are right already, and never touch the weight of codes', async () => {
    const right = makeCases(60, (vector) => vector, { right: 3, others: 1 })
    expect(await fitRanking(right, { ...options, adapt: asIs })).toEqual(defaultRankingParameters)
    const wrong = await fitRanking(makeCases(60, noise, { right: 3, others: 1 }), { ...options, adapt: asIs })
    expect(wrong.identifierWeight).toBe(defaultRankingParameters.identifierWeight)
  })

  it('stop at the signal', async () => {
    await expect(
      fitRanking(makeCases(30, noise), { ...options, adapt: asIs, signal: AbortSignal.abort() }),
    ).rejects.toThrow()
  })
})

describe('the split', () => {
  it('puts no document into both parts, and is the same for the same seed', () => {
    const cases = makeCases(60, noise)
    const { fit, heldOut } = splitCases(cases, 5)
    const groups = new Set(fit.map(({ group }) => group))
    expect(heldOut.some(({ group }) => groups.has(group))).toBe(false)
    expect(heldOut.length).toBeGreaterThanOrEqual(24)
    expect(fit.length).toBeGreaterThan(24)
    expect(splitCases(cases, 5)).toEqual({ fit, heldOut })
    expect(splitCases(cases, 6)).not.toEqual({ fit, heldOut })
  })
})

describe('the difference', () => {
  const pairs = (gain: (i: number) => number) =>
    Array.from({ length: 60 }, (_, i) => ({ cluster: `${i >> 1}`, before: 0.5, after: 0.5 + gain(i) }))

  it('is above chance for a gain that most questions have, and not for one that two have', () => {
    expect(
      pairedDifference(
        pairs((i) => (i % 3 === 0 ? 0 : 0.2)),
        1,
      ).low,
    ).toBeGreaterThan(0)
    expect(
      pairedDifference(
        pairs((i) => (i < 2 ? 0.5 : 0)),
        1,
      ).low,
    ).toBeLessThanOrEqual(0)
    expect(
      pairedDifference(
        pairs((i) => (i % 2 === 0 ? 0.3 : -0.3)),
        1,
      ).low,
    ).toBeLessThanOrEqual(0)
  })

  it('is told with hits and reciprocal ranks', () => {
    expect(retrievalFigures([0, 1, 4, 9, -1])).toEqual({ n: 5, hit1: 0.2, hit5: 0.6, mrr10: 0.36 })
  })
})

const calibration = (bias: number): EvidenceCalibration => {
  const weights = { bias, similarity: 10, sentenceCoverage: 0, passageCoverage: 0, unknown: 0, gap: 0 }
  const language = { weights, curve: [] }
  return {
    model: 'fake',
    date: '2026-01-01',
    sets: {},
    threshold: 0.5,
    classes: { en: language, zh: language, ja: language, cross: language },
  }
}

const judged = (answerable: boolean, similarity: number): JudgedQuestion => ({
  answerable,
  languageClass: 'en',
  cluster: String(similarity),
  isNearMiss: false,
  evidence: {
    languageClass: 'en',
    features: { similarity, sentenceCoverage: 0, passageCoverage: 0, unknown: 0, gap: 0 },
  },
})

describe('the threshold', () => {
  // Cosines of these documents lie lower than those that it was calibrated on.
  const questions = Array.from({ length: 30 }, (_, i) => [
    judged(true, 0.78 + i * 0.002),
    judged(false, 0.6 + i * 0.002),
  ]).flat()

  it('moves to where it parts the questions of these documents', () => {
    const before = calibration(-8)
    const fitted = fitThreshold(questions, before)
    const right = (with_: EvidenceCalibration) =>
      questions.filter((each) => refusalOf(each, with_).refused !== each.answerable).length
    expect(right(before)).toBeLessThan(55)
    expect(right(fitted)).toBe(60)
    expect(Math.abs((fitted.classes.en?.weights.bias ?? 0) + 8)).toBeLessThanOrEqual(0.75)
    expect(fitted.classes.ja).toEqual(before.classes.ja)
  })

  it('stays where it parts them already, and where there are too few of them', () => {
    expect(fitThreshold(questions, calibration(-7.2))).toEqual(calibration(-7.2))
    expect(fitThreshold(questions.slice(0, 10), calibration(-8))).toEqual(calibration(-8))
  })

  it('always refuses codes that the documents do not hold', () => {
    expect(refusalOf({ ...judged(false, 0.9), isNearMiss: true }, calibration(0)).refused).toBe(true)
  })
})

describe('a near miss', () => {
  it('asks for a code of the same form that no candidate holds', () => {
    const texts = ['Press PK-100 runs at 40 bar.', 'Press PK-101 runs at 50 bar.']
    const changed = withAnotherCode('What is the pressure of PK-100?', texts)
    expect(changed).toMatch(/^What is the pressure of PK-10[2-9]\?$/)
    expect(withAnotherCode('What is the pressure?', texts)).toBeUndefined()
  })
})

describe('what has won', () => {
  it('is read back as it was kept, and not at all where it is damaged', async () => {
    const learnt = await fitAdapter(makeCases(60, bent), options)
    const parts = {
      adapter: learnt?.adapter,
      parameters: { ...defaultRankingParameters, headingWeight: 0.2 },
      calibration: calibration(1),
    }
    const stored = toStoredParts(parts)
    expect(parseStoredParts(stored)).toEqual(parts)
    expect(parseStoredParts(stored.slice(0, -2))).toBeUndefined()
    expect(parseStoredParts(stored.replace('headingWeight', 'otherWeight'))).toBeUndefined()
    expect(parseStoredParts(stored.replace('"rank":8', '"rank":9'))).toBeUndefined()
  })
})
