/** Schema of the column `report` of a tuning; json-columns.ts parses with it. */
import { z } from 'zod'
import {
  type BeforeAfter,
  questionOrigins,
  questionRejections,
  type TuningReport,
  tuningOutcomes,
} from './tuning-records.ts'

const beforeAfter = <Figures>(figures: z.ZodType<Figures>): z.ZodType<BeforeAfter<Figures>> =>
  z.object({ before: figures, after: figures })

const retrieval = z.object({ n: z.number(), hit1: z.number(), hit5: z.number(), mrr10: z.number() })
const refusal = z.object({
  answerable: z.number(),
  kept: z.number(),
  unanswerable: z.number(),
  refused: z.number(),
})
const difference = z.object({ mean: z.number(), low: z.number(), high: z.number() })
const outcome = z.enum(tuningOutcomes)

export const tuningReport: z.ZodType<TuningReport> = z.object({
  questions: z.object({
    tried: z.number(),
    kept: z.number(),
    fit: z.number(),
    heldOut: z.number(),
    rejected: z.partialRecord(z.enum(questionRejections), z.number()),
    origins: z.partialRecord(z.enum(questionOrigins), z.number()),
  }),
  ranking: z.object({
    outcome,
    changed: z.record(z.string(), beforeAfter(z.number())),
    adapter: z.boolean(),
    figures: beforeAfter(retrieval).nullable(),
    difference: difference.nullable(),
    classes: z.record(z.string(), beforeAfter(retrieval)),
  }),
  refusal: z.object({
    outcome,
    figures: beforeAfter(refusal).nullable(),
    difference: difference.nullable(),
    classes: z.record(z.string(), beforeAfter(refusal)),
  }),
})
