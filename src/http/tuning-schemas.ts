/** Shapes of tunings on the wire, described for /openapi.json, and the functions that make them from the store's records. */
import { z } from '@hono/zod-openapi'
import {
  questionOrigins,
  questionRejections,
  type TuningRecord,
  type TuningReport,
  tuningOutcomes,
  tuningStages,
  tuningStates,
} from '../store/tuning-records.ts'

const beforeAfter = <Schema extends z.ZodType>(schema: Schema, what: string) =>
  z.object({ before: schema, after: schema }).describe(what)

const counts = <Name extends string>(names: readonly Name[], what: string) =>
  z
    .object(
      Object.fromEntries(names.map((name) => [name, z.number().int().describe('How many.')])) as Record<
        Name,
        z.ZodNumber
      >,
    )
    .partial()
    .describe(what)

const retrievalFigures = z
  .object({
    n: z.number().int().describe('Questions.'),
    hit1: z.number().describe('Share whose answer is in the first passage, 0 to 1.'),
    hit5: z.number().describe('Share whose answer is in the first five.'),
    mrr10: z.number().describe('Mean of the reciprocal rank, ten passages looked at.'),
  })
  .openapi('RetrievalFigures')

const refusalFigures = z
  .object({
    answerable: z.number().int().describe('Questions whose answer is there.'),
    kept: z.number().int().describe('Of these, those that are not refused.'),
    unanswerable: z.number().int().describe('Questions whose answer is not there.'),
    refused: z.number().int().describe('Of these, those that are refused.'),
  })
  .openapi('RefusalFigures')

const difference = z
  .object({
    mean: z.number().describe('After minus before.'),
    low: z.number().describe('5th percentile by paired bootstrap; above 0 it is more than chance.'),
    high: z.number().describe('95th percentile.'),
  })
  .nullable()
  .describe('Difference on the held-out questions; null where nothing was compared.')

const outcome = z
  .enum(tuningOutcomes)
  .describe(
    '`won`: better on the held-out questions and in no language worse; `unchanged`: nothing better than what is there was found; `too_few`: too few questions to tell; `not_calibrated`: the embedding model has no threshold.',
  )

const perClass = 'By language: `en`, `zh`, `ja`, and `cross` where question and passage differ.'

const reportSchema = z
  .object({
    questions: z
      .object({
        tried: z.number().int().describe('Passages that a question was to be made of.'),
        kept: z.number().int().describe('Questions that passed all checks.'),
        fit: z.number().int().describe('Of these, those that were fitted on.'),
        heldOut: z.number().int().describe('Those that were only compared on.'),
        rejected: counts(questionRejections, 'Thrown away, by reason.'),
        origins: counts(questionOrigins, 'Kept, by what they come from.'),
      })
      .describe('What the questions came to.'),
    ranking: z
      .object({
        outcome,
        changed: z
          .record(z.string(), beforeAfter(z.number(), 'Its value.'))
          .describe('Parameters that were fitted otherwise.'),
        adapter: z.boolean().describe('Whether the vectors of questions are moved.'),
        figures: beforeAfter(retrievalFigures, 'On the held-out questions.').nullable(),
        difference,
        classes: z.record(z.string(), beforeAfter(retrievalFigures, 'The same.')).describe(perClass),
      })
      .describe('Of the order of passages.'),
    refusal: z
      .object({
        outcome,
        figures: beforeAfter(refusalFigures, 'On the held-out questions.').nullable(),
        difference,
        classes: z.record(z.string(), beforeAfter(refusalFigures, 'The same.')).describe(perClass),
      })
      .describe('Of refusing.'),
  })
  .openapi('TuningReport')

export const tuningSchema = z
  .object({
    id: z.string().describe('Id of the tuning.'),
    state: z
      .enum(tuningStates)
      .describe(
        '`interrupted`: the process has ended; the questions are kept, and a new tuning with the same seed goes on with them.',
      ),
    stage: z.enum(tuningStages).describe('What it does, or did last.'),
    progress: z
      .object({ done: z.number().int().describe('Steps done.'), total: z.number().int().describe('Of all.') })
      .describe('Of the stage.'),
    remainingSeconds: z.number().int().nullable().describe('Estimated; null where it has ended.'),
    collectionIds: z.array(z.string()).describe('Collections that it is made of.'),
    limit: z.number().int().describe('Passages to make a question of each.'),
    seed: z.number().int().describe('Of sampling, splitting and fitting.'),
    embeddingModel: z.string().describe('The model whose index it belongs to.'),
    generationModel: z.string().nullable().describe('What wrote the questions; null where they are made by rule.'),
    won: z.boolean().describe('Whether it is better than the untuned system: only then it can be switched on.'),
    active: z.boolean().describe('Whether it is switched on.'),
    report: reportSchema.nullable().describe('Before and after; null where it has not come to an end.'),
    error: z
      .object({
        code: z.string().describe('Code, as at /docs/errors.'),
        message: z.string().describe('What happened.'),
      })
      .nullable()
      .describe('Why it failed.'),
    createdAt: z.string().describe('When it began, ISO 8601 UTC.'),
    finishedAt: z.string().nullable().describe('When it ended, ISO 8601 UTC.'),
  })
  .openapi('Tuning')

export const tuningListSchema = z
  .object({
    tunings: z.array(tuningSchema).describe('Newest first.'),
    applied: z
      .string()
      .nullable()
      .describe(
        'The one that questions are answered with now; null where none is, or where it belongs to another index.',
      ),
  })
  .openapi('TuningList')

const presentReport = ({ questions, ranking, refusal }: TuningReport): z.infer<typeof reportSchema> => ({
  questions: { ...questions },
  ranking: { ...ranking },
  refusal: { ...refusal },
})

export const presentTuning = (r: TuningRecord): z.infer<typeof tuningSchema> => ({
  id: r.id,
  state: r.state,
  stage: r.stage,
  progress: { ...r.progress },
  remainingSeconds: r.remainingSeconds,
  collectionIds: [...r.collectionIds],
  limit: r.limit,
  seed: r.seed,
  embeddingModel: r.embeddingModel,
  generationModel: r.generationModel,
  won: r.won,
  active: r.active,
  report: r.report && presentReport(r.report),
  error: r.error,
  createdAt: r.createdAt,
  finishedAt: r.finishedAt,
})
