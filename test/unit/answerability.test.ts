import { describe, expect, it } from 'vitest'
import { evidenceLogit, isAnswerable, isAnswerableByQuotes, isRefused } from '../../src/answer/answerability.ts'
import type { EvidenceCalibration, VerdictCalibration } from '../../src/answer/calibration.ts'
import type { Evidence } from '../../src/answer/evidence.ts'

const source = { model: 'm', date: '2026-01-01', sets: {} }
const calibration = {
  ...source,
  threshold: 0.2,
  classes: {
    en: {
      weights: { bias: -8, similarity: 8, sentenceCoverage: 4, passageCoverage: 0, unknown: -4, gap: 0 },
      curve: [],
    },
  },
} as unknown as EvidenceCalibration
const verdict: VerdictCalibration = {
  ...source,
  classes: { en: { threshold: 0.5, weights: { bias: 0, evidence: 1, refusal: -1 }, curve: [] } },
}

const evidence = (
  features: Partial<Evidence['features']>,
  languageClass: Evidence['languageClass'] = 'en',
): Evidence => ({
  languageClass,
  features: { similarity: 0.9, sentenceCoverage: 0.5, passageCoverage: 0.5, unknown: 0, gap: 0.04, ...features },
})

describe('answerability', () => {
  it('refuses what is far from every sentence, and lets pass what is near', () => {
    expect(isAnswerable(evidence({}), calibration)).toBe(true)
    expect(isAnswerable(evidence({ similarity: 0.75, sentenceCoverage: 0.1, unknown: 0.6 }), calibration)).toBe(false)
  })

  it('lets pass what was never measured: no calibration, or no class of it', () => {
    const far = evidence({ similarity: 0.1, unknown: 1 })
    expect(isAnswerable(far, undefined)).toBe(true)
    expect(isAnswerable({ ...far, languageClass: 'ja' }, calibration)).toBe(true)
    expect(isRefused(far, -9, 0.9, undefined)).toBe(false)
    expect(isRefused({ ...far, languageClass: 'ja' }, -9, 0.9, verdict)).toBe(false)
    expect(isRefused(far, undefined, 0.9, verdict)).toBe(false)
    expect(isRefused(far, -9, undefined, verdict)).toBe(false)
  })

  it('quotes only where what was found speaks for an answer, or was never measured', () => {
    expect(isAnswerableByQuotes(evidenceLogit(evidence({}), calibration), 'unread')).toBe(true)
    expect(isAnswerableByQuotes(evidenceLogit(evidence({ sentenceCoverage: 0.1 }), calibration), 'unread')).toBe(false)
    expect(isAnswerableByQuotes(3.2, 'refuted')).toBe(true)
    expect(isAnswerableByQuotes(2.5, 'refuted')).toBe(false)
    expect(isAnswerableByQuotes(2.5, 'misread')).toBe(true)
    expect(isAnswerableByQuotes(undefined, 'refuted')).toBe(true)
  })

  it('quotes against a model that says "not found" only what all but proves itself', () => {
    expect(isAnswerableByQuotes(2, 'refused')).toBe(false)
    expect(isAnswerableByQuotes(4, 'refused')).toBe(true)
    expect(isAnswerableByQuotes(undefined, 'refused')).toBe(false)
  })

  it('weighs what was found against how near the model was to refusing', () => {
    const near = evidence({})
    const found = evidenceLogit(near, calibration)
    expect(isRefused(near, found, 0.05, verdict)).toBe(false)
    expect(isRefused(near, found, 0.97, verdict)).toBe(true)
    expect(isRefused(near, -3, 0.2, verdict)).toBe(true)
    expect(isRefused(near, 4, 0.9, verdict)).toBe(false)
  })
})
