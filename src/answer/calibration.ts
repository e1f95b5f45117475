/**
 * Fitted models of answerability, one file for each embedding model and each generation model in `calibrations/`, written by `npm run calibrate` with the
 * curve that each threshold gave. In: a model's name. Out: what weighs its evidence; undefined for a model that was not measured.
 */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { KuraError } from '../core/errors.ts'
import { type EvidenceFeatures, languageClasses } from './evidence.ts'

const curvePointSchema = z.strictObject({
  threshold: z.number(),
  /** Share of the unanswerable questions below the threshold. */
  unanswerableRefused: z.number(),
  /** Share of the answerable ones not below it. */
  answerableKept: z.number(),
})

const featureNames = [
  'similarity',
  'sentenceCoverage',
  'passageCoverage',
  'unknown',
  'gap',
] as const satisfies readonly (keyof EvidenceFeatures)[]

const sourceSchema = z.strictObject({
  model: z.string(),
  date: z.iso.date(),
  /** Question sets with the number of answerable and unanswerable questions. */
  sets: z.record(z.string(), z.strictObject({ answerable: z.number(), unanswerable: z.number() })),
})

const weightsSchema = z.strictObject({
  bias: z.number(),
  ...Object.fromEntries(featureNames.map((name) => [name, z.number()])),
} as {
  readonly [Name in 'bias' | (typeof featureNames)[number]]: z.ZodNumber
})

/** Weighs what was found, before a model is asked. */
export const evidenceCalibrationSchema = sourceSchema.extend({
  /** Below this probability a question is refused at once; low, as model and checks refuse after it. */
  threshold: z.number(),
  classes: z.partialRecord(
    z.enum(languageClasses),
    z.strictObject({ weights: weightsSchema, curve: z.array(curvePointSchema) }),
  ),
})
export type EvidenceCalibration = z.infer<typeof evidenceCalibrationSchema>

/** Weighs that together with how likely the generation model was to refuse; it does so in English far sooner than in Chinese. */
export const verdictCalibrationSchema = sourceSchema.extend({
  classes: z.partialRecord(
    z.enum(languageClasses),
    z.strictObject({
      /** Below this probability the question is refused. */
      threshold: z.number(),
      weights: z.strictObject({ bias: z.number(), evidence: z.number(), refusal: z.number() }),
      curve: z.array(curvePointSchema),
    }),
  ),
})
export type VerdictCalibration = z.infer<typeof verdictCalibrationSchema>

const folder = new URL('../../calibrations/', import.meta.url)
export const calibrationFile = (model: string): URL => new URL(`${encodeURIComponent(model)}.json`, folder)

const readCalibration = async <T>(model: string, schema: z.ZodType<T>): Promise<T | undefined> => {
  let text: string
  try {
    text = await readFile(calibrationFile(model), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const parsed = schema.safeParse(JSON.parse(text))
  if (!parsed.success) throw new KuraError('internal', `The calibration of ${model} is not what it should be.`)
  return parsed.data
}

const once = <T>(schema: z.ZodType<T>) => {
  const read = new Map<string, Promise<T | undefined>>()
  return (model: string): Promise<T | undefined> => {
    const found = read.get(model) ?? readCalibration(model, schema)
    read.set(model, found)
    return found
  }
}

/** @param model catalog name of an embedding model */
export const evidenceCalibration = once(evidenceCalibrationSchema)
/** @param model catalog name of a generation model */
export const verdictCalibration = once(verdictCalibrationSchema)
